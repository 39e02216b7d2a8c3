#include "mounts/devices.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "base/text.h"
#include "host/host.h"
#include "linux/id_map.h"
#include "linux/kept_mounts.h"
#include "mounts/idmap_plan.h"
#include "mounts/mount_options.h"
#include "mounts/propagation.h"
#include "mounts/rootfs.h"
#include "os/file.h"
#include "os/path.h"
#include "spec/check.h"

namespace sampan {

namespace {

struct DefaultDevice {
    const char* path;
    unsigned major;
    unsigned minor;
};
constexpr std::array default_devices{
    DefaultDevice{"/dev/null", 1, 3},    DefaultDevice{"/dev/zero", 1, 5},
    DefaultDevice{"/dev/full", 1, 7},    DefaultDevice{"/dev/random", 1, 8},
    DefaultDevice{"/dev/urandom", 1, 9}, DefaultDevice{"/dev/tty", 5, 0},
};

struct DefaultLink {
    const char* path;
    const char* target;
    TakenName taken;
    const char* only_if;
};
constexpr std::array default_links{
    DefaultLink{"/dev/fd", "/proc/self/fd", TakenName::error, ""},
    DefaultLink{"/dev/stdin", "/proc/self/fd/0", TakenName::error, ""},
    DefaultLink{"/dev/stdout", "/proc/self/fd/1", TakenName::error, ""},
    DefaultLink{"/dev/stderr", "/proc/self/fd/2", TakenName::error, ""},
    // No specification asks for it.
    DefaultLink{"/dev/core", "/proc/kcore", TakenName::keep, "kcore"},
    // It must be in the container's own devpts, whatever was copied into its /dev.
    DefaultLink{"/dev/ptmx", "pts/ptmx", TakenName::replace, ""},
};

// Whether config.json puts a folder of the host on /dev: then we must not change what is in it.
bool binds_dev(const Spec& spec) {
    return std::ranges::any_of(spec.mounts, [](const spec::Mount& mount) {
        return clean_path(mount.destination) == "/dev" &&
               parse_mount_options(mount.options).bind != Binding::none;
    });
}

// Whether /dev is a new file system of the container. A devtmpfs is not: there is only one.
bool has_own_dev(const Spec& spec) {
    bool own = false;
    for (const spec::Mount& mount : spec.mounts)
        if (clean_path(mount.destination) == "/dev")
            own = mount.type != "devtmpfs" &&
                  parse_mount_options(mount.options).bind == Binding::none;
    return own;
}

mode_t type_of(spec::DeviceType type) {
    switch (type) {
        case spec::DeviceType::b:
            return S_IFBLK;
        case spec::DeviceType::p:
            return S_IFIFO;
        case spec::DeviceType::c:
        case spec::DeviceType::u:
            break;
    }
    return S_IFCHR;
}

MakeDevice plan_device(const spec::Device& device, const std::string& origin, DeviceSupply supply) {
    MakeDevice step{.origin = origin,
                    .path = clean_path(device.path),
                    .type = type_of(device.type),
                    .supply = supply,
                    // Engines write the mode of stat(2), which includes the type.
                    .mode = device.file_mode.value_or(0666) & 07777U,
                    .uid = device.uid.value_or(0),
                    .gid = device.gid.value_or(0),
                    .asks_mode = device.file_mode.has_value(),
                    .asks_uid = device.uid.has_value(),
                    .asks_gid = device.gid.has_value()};
    if (step.type == S_IFIFO) {
        // A fifo is not a device: anybody may make one.
        if (supply == DeviceSupply::bind) step.supply = DeviceSupply::node;
        return step;
    }
    step.major = static_cast<unsigned>(device.major.value_or(0));
    step.minor = static_cast<unsigned>(device.minor.value_or(0));
    return step;
}

// An existing name is only replaced in a /dev of the container's own. Otherwise the folder belongs
// to root.path, which may be the host's and be used by others. Nothing is lost: opening the node
// 5:2 leads to the devpts on pts/ beside it, which is the container's own (devpts_mntget() of the
// kernel).
void add_defaults(const Spec& spec, std::vector<DeviceStep>& steps, DeviceSupply supply) {
    const bool own_dev = has_own_dev(spec);
    const auto mounted = [&spec](std::string_view path) {
        return std::ranges::any_of(spec.mounts, [path](const spec::Mount& mount) {
            return clean_path(mount.destination) == path;
        });
    };
    const auto listed = [&steps](std::string_view path) {
        return std::ranges::any_of(steps, [path](const DeviceStep& step) {
            return std::get<MakeDevice>(step).path == path;
        });
    };
    std::vector<DeviceStep> defaults;
    for (const DefaultDevice& device : default_devices)
        if (!listed(device.path))
            defaults.emplace_back(MakeDevice{.path = device.path,
                                             .type = S_IFCHR,
                                             .major = device.major,
                                             .minor = device.minor,
                                             .supply = supply});
    for (const DefaultLink& link : default_links)
        if (!listed(link.path) && !mounted(link.path))
            defaults.emplace_back(MakeLink{.path = link.path,
                                           .target = link.target,
                                           .taken = link.taken == TakenName::replace && !own_dev
                                                        ? TakenName::error
                                                        : link.taken,
                                           .only_if = link.only_if});
    steps.insert(steps.begin(), std::make_move_iterator(defaults.begin()),
                 std::make_move_iterator(defaults.end()));
}

std::string kind_of(const struct stat& facts) {
    if (S_ISCHR(facts.st_mode) || S_ISBLK(facts.st_mode))
        return format("the {} device {}:{}", S_ISCHR(facts.st_mode) ? "character" : "block",
                      major(facts.st_rdev), minor(facts.st_rdev));
    if (S_ISREG(facts.st_mode)) return "a regular file";
    if (S_ISDIR(facts.st_mode)) return "a directory";
    if (S_ISLNK(facts.st_mode)) return "a symbolic link";
    return S_ISFIFO(facts.st_mode) ? "a fifo" : "a socket";
}

bool is_same(const struct stat& facts, const MakeDevice& step) {
    if ((facts.st_mode & S_IFMT) != step.type) return false;
    return step.type == S_IFIFO || facts.st_rdev == makedev(step.major, step.minor);
}

Status check_same(int fd, const MakeDevice& step, std::string_view where) {
    const struct stat facts = TRY(stat_of(fd));
    if (is_same(facts, step)) return {};
    return failf("{} {} is {} already", step.path, where, kind_of(facts));
}

// Through /proc, because fchmodat(2) takes no O_PATH descriptor before Linux 6.6. The file behind
// the descriptor has been checked, so no name is looked up again.
Status set_mode_and_owner(int fd, const MakeDevice& step, const Context& context) {
    if (::fchownat(fd, "", step.uid, step.gid, AT_EMPTY_PATH) < 0)
        return fail_errno("giving {} to {}:{}", step.path, step.uid, step.gid);
    const std::string path = format("self/fd/{}", fd);
    if (::fchmodat(context.proc.get(), path.c_str(), step.mode, 0) < 0)
        return fail_errno("setting the mode of {}", step.path);
    return {};
}

Status make_node(const MakeDevice& step, const ParentAndName& place, const Context& context) {
    const dev_t numbers = makedev(step.major, step.minor);
    const int code = TRY(make_at(place, MadeKind::node, [&] {
        const mode_t umask_before = ::umask(0);
        const int made =
            ::mknodat(place.parent.get(), place.name.c_str(), step.type | step.mode, numbers);
        (void)::umask(umask_before);  // which leaves errno alone
        return made;
    }));
    if (code != 0 && code != EEXIST) return fail(format("making {}", step.path), code);
    // A new node belongs to root, and has its mode.
    if (code == 0 && step.uid == 0 && step.gid == 0) return {};
    const Fd node = TRY(open_at(place.parent.get(), place.name, O_PATH | O_NOFOLLOW));
    TRY(check_same(node.get(), step, "in the root"));
    if (code != 0 && !step.adjusts()) return {};
    return set_mode_and_owner(node.get(), step, context);
}

// As we see the host's node, because an engine in the same user namespace has seen it so.
Status check_facts(const struct stat& facts, const MakeDevice& step) {
    const auto refuse = [&](std::string_view what, unsigned found, unsigned asked) {
        return failf(
                   "{} {} of the host's node is {:o}, and has to be {:o}: a user namespace "
                   "can neither change it nor make one",
                   what, step.path, found, asked)
            .hint("leave fileMode, uid and gid out, and the node is as on the host");
    };
    if (step.asks_mode && (facts.st_mode & 07777U) != step.mode)
        return refuse("the mode of", facts.st_mode & 07777U, step.mode);
    if (step.asks_uid && facts.st_uid != step.uid)
        return refuse("the owner of", facts.st_uid, step.uid);
    if (step.asks_gid && facts.st_gid != step.gid)
        return refuse("the group of", facts.st_gid, step.gid);
    return {};
}

Result<Fd> open_node(const MakeDevice& step, Context& context) {
    if (step.source_slot >= 0) return take_slot(step.path, step.source_slot, context);
    const Fd source = TRY(open_at(cwd, step.path, O_PATH | O_NOFOLLOW).in("on the host"));
    TRY(check_same(source.get(), step, "on the host"));
    TRY(check_facts(TRY(stat_of(source.get())), step));
    Fd copy = TRY(clone_tree(source.get(), "", AT_EMPTY_PATH));
    TRY(change_propagation(copy.get(), no_propagation));
    return harden_node(std::move(copy));
}

Status bind_node(const MakeDevice& step, const ParentAndName& place, Context& context) {
    const Fd copy = TRY(open_node(step, context));
    const Fd target = TRY(open_or_make_file(place, 0644));
    const struct stat facts = TRY(stat_of(target.get()));
    if (is_same(facts, step) && !step.adjusts()) return {};
    // An empty file was left by another start, which has bound a node on it.
    if (!is_same(facts, step) && (!S_ISREG(facts.st_mode) || facts.st_size != 0))
        return failf("{} in the root is {} already", step.path, kind_of(facts));
    return attach_mount(copy.get(), target.get());
}

// Images have these links in several spellings. The node 5:2 leads to the devpts beside it.
Result<bool> means_the_same(const MakeLink& step, const ParentAndName& place) {
    const Result<std::string> existing = read_link(place.parent.get(), place.name);
    if (!existing) {
        const auto facts = TRY(stat_at(place.parent.get(), place.name, AT_SYMLINK_NOFOLLOW));
        return step.path == "/dev/ptmx" && step.taken != TakenName::replace && facts &&
               S_ISCHR(facts->st_mode) && facts->st_rdev == makedev(5, 2);
    }
    constexpr std::string_view descriptors = "/proc/self/fd";
    const auto absolute = [](std::string_view target) {
        return clean_path(target.starts_with('/') ? std::string(target)
                                                  : format("/dev/{}", target));
    };
    std::string found = absolute(*existing);
    if (found.starts_with("/dev/fd/")) found.replace(0, 7, descriptors);
    return found == absolute(step.target);
}

Status refuse_taken(const MakeLink& step, const ParentAndName& place) {
    const auto facts = TRY(stat_at(place.parent.get(), place.name, AT_SYMLINK_NOFOLLOW));
    return failf("{} in the root is {} already, and has to be a link to {}", step.path,
                 facts ? kind_of(*facts) : "gone", step.target)
        .hint("remove it, or mount a tmpfs on /dev");
}

struct PlannedNode {
    DeviceNode node;
    std::string_view lacking;  // in the device: the id that the maps do not contain
};

// With the owner as the host sees it, if the maps are known and contain it.
PlannedNode plan_node(const MakeDevice& step, const std::optional<IdMaps>& maps) {
    DeviceNode node{.type = step.type,
                    .major = step.major,
                    .minor = step.minor,
                    .mode = step.mode,
                    .uid = step.uid,
                    .gid = step.gid,
                    .joined = std::nullopt,
                    .path = step.path,
                    .source = step.adjusts() ? NodeSource::made : NodeSource::host_or_made};
    if (!maps) return {std::move(node), ""};
    const auto uid = host_id(maps->uids, step.uid);
    const auto gid = host_id(maps->gids, step.gid);
    if (uid && gid) {
        node.uid = *uid;
        node.gid = *gid;
    } else if (step.adjusts()) {
        node.source = NodeSource::host;
        return {std::move(node), uid ? "/gid" : "/uid"};
    }
    return {std::move(node), ""};
}

}  // namespace

std::vector<DeviceStep> plan_devices(const Spec& spec, const Host& host) {
    const bool limited =
        host.in_user_namespace || spec::find_namespace(spec, spec::NamespaceType::user) != nullptr;
    const DeviceSupply supply = limited ? DeviceSupply::bind : DeviceSupply::node;
    // A user namespace can neither make nor bind nodes in the host's mount namespace.
    const bool powerless = limited && !has_mount_namespace(spec);
    const bool foreign_dev = binds_dev(spec);
    const bool makes_defaults = !foreign_dev && !powerless;
    std::vector<DeviceStep> steps;
    if (spec.linux_) {
        const std::vector<spec::Device>& devices = spec.linux_->devices;
        for (size_t i = 0; i < devices.size(); ++i) {
            const std::string origin = format("/linux/devices/{}", i);
            const std::string path = clean_path(devices[i].path);
            // Our link leads to the devpts of the container; a node would do so only beside it.
            if (makes_defaults && path == "/dev/ptmx") continue;
            const bool in_dev = path.starts_with("/dev/");
            steps.emplace_back(
                plan_device(devices[i], origin,
                            powerless || (foreign_dev && in_dev) ? DeviceSupply::find : supply));
        }
    }
    if (makes_defaults) add_defaults(spec, steps, supply);
    return steps;
}

Result<std::vector<OpenSource>> plan_device_nodes(std::vector<DeviceStep>& steps,
                                                  const Spec& spec,
                                                  const Host& host,
                                                  size_t slot) {
    constexpr uint64_t needed = (uint64_t{1} << CAP_MKNOD) | (uint64_t{1} << CAP_SYS_ADMIN);
    std::vector<OpenSource> sources;
    const auto joined = joined_user_namespace(spec);
    const auto maps = plan_id_maps(spec);
    if ((!maps && !joined) || host.in_user_namespace || (host.capabilities & needed) != needed)
        return sources;
    for (DeviceStep& any : steps) {
        MakeDevice* const step = std::get_if<MakeDevice>(&any);
        if (step == nullptr || step->supply != DeviceSupply::bind || step->origin.empty()) continue;
        PlannedNode planned = plan_node(*step, maps);
        planned.node.joined = joined;
        step->source_slot = static_cast<int>(slot);
        sources.push_back({.origin = format("{}{}", step->origin, planned.lacking),
                           .source = step->path,
                           .destination = step->path,
                           .device = std::move(planned.node),
                           .propagation = no_propagation,
                           .slot = slot++});
    }
    return sources;
}

std::string describe(const MakeDevice& step) {
    const std::string_view verb = step.supply == DeviceSupply::node   ? "make"
                                  : step.source_slot >= 0             ? "bind"
                                  : step.supply == DeviceSupply::bind ? "bind the host's"
                                                                      : "expect";
    if (step.type == S_IFIFO) return format("{} the fifo {}", verb, step.path);
    return format("{} {} ({} {}:{})", verb, step.path, step.type == S_IFBLK ? "block" : "character",
                  step.major, step.minor);
}

std::string describe(const MakeLink& step) {
    return format("link {} to {}", step.path, step.target);
}

Status apply(const MakeDevice& step, Context& context) {
    if (step.supply == DeviceSupply::find) {
        const Fd node = TRY(find_in_container(context, step.path, 0));
        return check_same(node.get(), step, "in the root");
    }
    const ParentAndName place = TRY(make_parent_in_container(context, step.path));
    return step.supply == DeviceSupply::node ? make_node(step, place, context)
                                             : bind_node(step, place, context);
}

Status apply(const MakeLink& step, Context& context) {
    if (!step.only_if.empty() && !TRY(stat_at(context.proc.get(), step.only_if))) return {};
    const ParentAndName place = TRY(make_parent_in_container(context, step.path));
    const int parent = place.parent.get();
    const char* const name = place.name.c_str();
    const auto make = [&] { return ::symlinkat(step.target.c_str(), parent, name); };
    const int code = TRY(make_at(place, MadeKind::link, make));
    if (code == 0) return {};
    if (code != EEXIST) return fail(format("making the link {}", step.path), code);
    if (step.taken == TakenName::keep || TRY(means_the_same(step, place))) return {};
    if (step.taken == TakenName::error) return refuse_taken(step, place);
    if (::unlinkat(parent, name, 0) < 0) {
        // There is a mount on it: config.json itself has put something there.
        if (errno == EBUSY) return {};
        return fail_errno("replacing {}", step.path);
    }
    const int again = TRY(make_at(place, MadeKind::link, make));
    if (again != 0) return fail(format("making the link {}", step.path), again);
    return {};
}

}  // namespace sampan
