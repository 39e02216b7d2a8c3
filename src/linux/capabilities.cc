#include "linux/capabilities.h"

#include <linux/capability.h>

#include <algorithm>

#include "base/text.h"
#include "spec/locate.h"
#include "spec/suggest.h"

namespace sampan {

namespace {

constexpr uint64_t bit(unsigned number) {
    return uint64_t{1} << number;
}

// In the order of their numbers: 41 of Linux 5.9 to 6.18.
constexpr std::array<std::string_view, 41> names_by_number = {
    "CAP_CHOWN",            // 0
    "CAP_DAC_OVERRIDE",     // 1
    "CAP_DAC_READ_SEARCH",  // 2
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",  // 8
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_ADMIN",
    "CAP_NET_RAW",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",  // 16
    "CAP_SYS_RAWIO",
    "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",  // 24
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_MKNOD",
    "CAP_LEASE",
    "CAP_AUDIT_WRITE",
    "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE",  // 32
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_PERFMON",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",  // 40
};
static_assert(names_by_number[CAP_SYS_ADMIN] == "CAP_SYS_ADMIN");
static_assert(names_by_number[CAP_CHECKPOINT_RESTORE] == "CAP_CHECKPOINT_RESTORE");

struct NamedSet {
    std::string_view name;  // of the list in config.json
    const std::vector<std::string>& words;
    uint64_t& set;
};

// Names that cannot be granted, and why. Each is reported once, in however many lists it is:
// engines give the same list five times, and ask for all capabilities that exist.
struct Refusals {
    std::string_view reason;
    std::string pointer;  // in the first list
    std::vector<std::string> words;
};

struct AllRefusals {
    Refusals unknown{"unknown and left out", {}, {}};
    Refusals missing{"left out: the kernel has none of that name", {}, {}};
    Refusals ungrantable{"left out: we do not have it ourselves", {}, {}};
};

void refuse(Refusals& refusals, const std::string& word, std::string pointer) {
    if (std::ranges::find(refusals.words, word) != refusals.words.end()) return;
    if (refusals.words.empty()) refusals.pointer = std::move(pointer);
    refusals.words.push_back(word);
}

void read_words(const NamedSet& list,
                const CapabilityLimits& limits,
                std::string_view pointer,
                AllRefusals& refusals) {
    for (size_t i = 0; i < list.words.size(); ++i) {
        const std::string& word = list.words[i];
        const std::optional<unsigned> number = capability_number(word);
        Refusals* why = nullptr;
        if (!number) {
            why = &refusals.unknown;
        } else if (*number > limits.last) {
            why = &refusals.missing;
        } else if ((limits.grantable & bit(*number)) == 0) {
            why = &refusals.ungrantable;
        } else {
            list.set |= bit(*number);
            continue;
        }
        refuse(*why, word, format("{}/capabilities/{}/{}", pointer, list.name, i));
    }
}

// "did you mean" for the unknown names that are near to known ones.
std::string hint_for(const Refusals& refusals) {
    std::vector<std::string> names;
    for (const std::string& word : refusals.words) {
        if (capability_number(word)) continue;
        const std::optional<std::string_view> near = suggest(word, names_by_number);
        if (!near) continue;
        std::string name = format("\"{}\"", *near);
        if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
    }
    return names.empty() ? "" : format("did you mean {}?", join(names, ", "));
}

void warn(const Refusals& refusals, std::vector<Problem>& warnings) {
    if (refusals.words.empty()) return;
    warnings.push_back({refusals.pointer,
                        format("{}: {}", join(refusals.words, ", "), refusals.reason),
                        hint_for(refusals)});
}

// Removes from a list what the kernel would refuse, because one such capability makes the whole
// call fail.
void limit_to(const NamedSet& list,
              uint64_t allowed,
              std::string_view needs,
              std::string_view pointer,
              std::vector<Problem>& warnings) {
    const uint64_t refused = list.set & ~allowed;
    if (refused == 0) return;
    list.set &= allowed;
    warnings.push_back(
        {format("{}/capabilities/{}", pointer, list.name),
         format("{} cannot be {}: {}", describe_capabilities(refused), list.name, needs),
         {}});
}

// Ambient capabilities are raised one by one, and runc warns about each that cannot be. Where none
// is inheritable there is no warning: before CVE-2022-24769 engines made capabilities inheritable
// that they now only list as ambient.
void limit_ambient(const NamedSet& list,
                   uint64_t permitted,
                   uint64_t inheritable,
                   std::string_view pointer,
                   std::vector<Problem>& warnings) {
    const uint64_t warned = inheritable == 0 ? 0 : list.set & ~(permitted & inheritable);
    for (const unsigned number : capability_numbers(warned))
        warnings.push_back({format("{}/capabilities/{}", pointer, list.name),
                            format("can't raise ambient capability {}: it is not both permitted "
                                   "and inheritable",
                                   capability_name(number)),
                            {}});
    list.set &= permitted & inheritable;
}

}  // namespace

CapabilityPlan plan_capabilities(const spec::Process& process,
                                 const CapabilityLimits& limits,
                                 std::string_view pointer) {
    CapabilityPlan plan;
    if (!process.capabilities) return plan;
    const spec::Capabilities& asked = *process.capabilities;
    CapabilitySets& sets = plan.sets;
    AllRefusals refusals;
    const NamedSet bounding{"bounding", asked.bounding, sets.bounding};
    const NamedSet effective{"effective", asked.effective, sets.effective};
    const NamedSet permitted{"permitted", asked.permitted, sets.permitted};
    const NamedSet inheritable{"inheritable", asked.inheritable, sets.inheritable};
    const NamedSet ambient{"ambient", asked.ambient, sets.ambient};
    for (const NamedSet* list : {&bounding, &effective, &permitted, &inheritable, &ambient})
        read_words(*list, limits, pointer, refusals);
    for (const Refusals* some : {&refusals.unknown, &refusals.missing, &refusals.ungrantable})
        warn(*some, plan.warnings);
    limit_to(effective, sets.permitted, "it is not permitted", pointer, plan.warnings);
    limit_to(inheritable, sets.bounding, "it is not in the bounding set", pointer, plan.warnings);
    limit_ambient(ambient, sets.permitted, sets.inheritable, pointer, plan.warnings);
    return plan;
}

std::optional<unsigned> capability_number(std::string_view name) {
    const auto same_letter = [](char given, char known) {
        return given == known || (given >= 'a' && given <= 'z' && given - 'a' + 'A' == known);
    };
    const auto found = std::ranges::find_if(names_by_number, [&](std::string_view known) {
        return std::ranges::equal(name, known, same_letter);
    });
    if (found == names_by_number.end()) return std::nullopt;
    return static_cast<unsigned>(found - names_by_number.begin());
}

std::string capability_name(unsigned number) {
    return number < names_by_number.size() ? std::string(names_by_number[number])
                                           : format("CAP_{}", number);
}

std::vector<std::string> capability_names() {
    return {names_by_number.begin(), names_by_number.end()};
}

std::vector<unsigned> capability_numbers(uint64_t set) {
    std::vector<unsigned> numbers;
    for (unsigned number = 0; number < 64; ++number)
        if ((set & bit(number)) != 0) numbers.push_back(number);
    return numbers;
}

CapabilitySets after_execve(const CapabilitySets& sets, bool is_root, bool no_new_privileges) {
    CapabilitySets after = sets;
    after.permitted = is_root ? sets.inheritable | sets.bounding : sets.ambient;
    if (no_new_privileges) after.permitted &= sets.permitted;
    after.effective = after.permitted;
    return after;
}

spec::Capabilities to_names(const CapabilitySets& sets) {
    const auto names = [](uint64_t set) {
        std::vector<std::string> words;
        for (const unsigned number : capability_numbers(set))
            words.push_back(capability_name(number));
        return words;
    };
    return {.bounding = names(sets.bounding),
            .effective = names(sets.effective),
            .inheritable = names(sets.inheritable),
            .permitted = names(sets.permitted),
            .ambient = names(sets.ambient)};
}

std::string describe_capabilities(uint64_t set) {
    if (set == 0) return "none";
    std::vector<std::string> words;
    for (const unsigned number : capability_numbers(set))
        words.push_back(capability_name(number));
    return join(words, " ");
}

// Sets that are equal share their list, and empty ones are left out.
std::string describe(const CapabilitySets& sets) {
    const std::array<std::pair<const char*, uint64_t>, 5> all{{{"bounding", sets.bounding},
                                                               {"effective", sets.effective},
                                                               {"permitted", sets.permitted},
                                                               {"inheritable", sets.inheritable},
                                                               {"ambient", sets.ambient}}};
    std::vector<uint64_t> told = {0};
    std::string text;
    for (const auto& [name, set] : all) {
        if (std::ranges::find(told, set) != told.end()) continue;
        told.push_back(set);
        std::vector<std::string> names;
        for (const auto& [other, same] : all)
            if (same == set) names.emplace_back(other);
        text += format("{} {} {}", text.empty() ? "" : ";", join(names, ", "),
                       describe_capabilities(set));
    }
    return "capabilities:" + (text.empty() ? " none" : text);
}

std::array<uint32_t, 6> capset_words(const CapabilitySets& sets) {
    const auto low = [](uint64_t set) { return static_cast<uint32_t>(set); };
    const auto high = [](uint64_t set) { return static_cast<uint32_t>(set >> 32); };
    return {low(sets.effective),  low(sets.permitted),  low(sets.inheritable),
            high(sets.effective), high(sets.permitted), high(sets.inheritable)};
}

}  // namespace sampan
