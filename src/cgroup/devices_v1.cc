#include "cgroup/devices_v1.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"
#include "cgroup/device_rules.h"

namespace sampan {

namespace {

struct DeviceSet {
    char type = 'c';  // or b
    int64_t major = any_number;
    int64_t minor = any_number;
    bool operator==(const DeviceSet&) const = default;

    [[nodiscard]] bool covers(const DeviceSet& other) const {
        return type == other.type && (major == any_number || major == other.major) &&
               (minor == any_number || minor == other.minor);
    }
    [[nodiscard]] bool meets(const DeviceSet& other) const {
        return type == other.type &&
               (major == any_number || other.major == any_number || major == other.major) &&
               (minor == any_number || other.minor == any_number || minor == other.minor);
    }
    [[nodiscard]] std::string text() const {
        const auto number = [](int64_t n) {
            return n == any_number ? std::string("*") : format("{}", n);
        };
        return format("{} {}:{}", type, number(major), number(minor));
    }
};

struct Exception {
    DeviceSet set;
    unsigned access = 0;
    std::string origin;
};

// What the kernel will have: everything is allowed (or denied), with exceptions.
class DeviceList {
  public:
    Status apply(const spec::DeviceRule& rule, const std::string& origin) {
        const unsigned access = device_access(rule);
        const DeviceSet set{.major = rule.major.value_or(any_number),
                            .minor = rule.minor.value_or(any_number)};
        const auto type = rule.type.value_or(spec::DeviceRuleType::a);
        const bool everything = type == spec::DeviceRuleType::a && set.major == any_number &&
                                set.minor == any_number && device_access_text(access) == "rwm";
        if (everything) {
            allowed_ = rule.allow;
            origin_ = origin;
            exceptions_.clear();
            return {};
        }
        if (type != spec::DeviceRuleType::b)
            TRY(apply_to({'c', set.major, set.minor}, access, rule.allow, origin));
        if (type != spec::DeviceRuleType::c)
            TRY(apply_to({'b', set.major, set.minor}, access, rule.allow, origin));
        return {};
    }

    [[nodiscard]] std::vector<CgroupWrite> writes() const {
        std::vector<CgroupWrite> all;
        add(all, allowed_ ? "devices.allow" : "devices.deny", "a", origin_);
        for (const Exception& one : exceptions_)
            add(all, allowed_ ? "devices.deny" : "devices.allow",
                format("{} {}", one.set.text(), device_access_text(one.access)), one.origin);
        return all;
    }

  private:
    static void add(std::vector<CgroupWrite>& all,
                    const char* file,
                    std::string value,
                    const std::string& origin) {
        all.push_back(
            {.controller = "devices", .file = file, .value = std::move(value), .origin = origin});
    }

    Status apply_to(const DeviceSet& set, unsigned access, bool allow, const std::string& origin) {
        if (allow != allowed_) {
            include(set, access, origin);
            return {};
        }
        return exclude(set, access).at(origin);
    }

    void include(const DeviceSet& set, unsigned access, const std::string& origin) {
        for (Exception& one : exceptions_) {
            if (!(one.set == set)) continue;
            one.access |= access;
            return;
        }
        exceptions_.push_back({set, access, origin});
    }

    // Docker denies all devices, and then single ones by rules that deny all access. The standard
    // rule allows to make any node; a node that nobody can open does no harm.
    static bool is_enough(const Exception& wider, unsigned access) {
        return wider.origin == standard_device_rules && (wider.access & access) == device_mknod &&
               access != device_mknod;
    }

    Status exclude(const DeviceSet& set, unsigned access) {
        for (Exception& one : exceptions_) {
            if (set.covers(one.set))
                one.access &= ~access;
            else if (set.meets(one.set) && (one.access & access) != 0 && !is_enough(one, access))
                return failf("cgroup v1 cannot except {} from the earlier rule for {}", set.text(),
                             one.set.text());
        }
        std::erase_if(exceptions_, [](const Exception& one) { return one.access == 0; });
        return {};
    }

    bool allowed_ = false;
    std::string origin_ = "/linux/resources/devices";
    std::vector<Exception> exceptions_;
};

}  // namespace

Result<std::vector<CgroupWrite>> plan_devices_v1(const std::vector<spec::DeviceRule>& configured) {
    DeviceList list;
    for (const auto& [rule, origin] : all_device_rules(configured))
        TRY(list.apply(rule, origin));
    return list.writes();
}

}  // namespace sampan
