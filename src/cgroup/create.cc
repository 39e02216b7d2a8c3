#include "cgroup/create.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "cgroup/delegate.h"
#include "cgroup/devices_v2.h"
#include "cgroup/files.h"
#include "cgroup/make.h"
#include "cgroup/owner.h"
#include "cgroup/remove.h"
#include "cgroup/systemd/properties.h"
#include "cgroup/values.h"
#include "os/file.h"

namespace sampan {

namespace {

// How long we wait, when a cgroup is undone, for the process that was killed in it.
constexpr int undo_timeout_ms = 1000;

bool is_refusal(int code) {
    return code == EACCES || code == EPERM || code == EROFS;
}

bool was_made_by_us(const CgroupPlace& place) {
    const std::optional<CgroupOwner> owner = read_owner(directory_of(place));
    return owner && owner->made;
}

// An ID may be the name of a cgroup of somebody else's, such as "docker": what comes to be below it
// would be frozen and killed with the container. One that we may not use at all is passed over
// where the container can do without.
Status check_not_foreign(const CgroupDirectory& directory, const CgroupPlace& place) {
    if (!directory.is_default || was_made_by_us(place)) return {};
    const std::string path = directory_of(place);
    const int code = ::access(path.c_str(), W_OK) == 0 ? 0 : errno;
    return fail(format("the cgroup {} exists, and sampan has not made it", path), code)
        .hint(other_place_hint);
}

// Takes over an existing, unused cgroup. One that a stopped container of ours has left is made
// anew. Otherwise it would have the old limits; and if anything was ever written to its
// cgroup.kill, it would kill a process that clone3(2) makes in it (Linux 6.18).
Status take_over(const CgroupDirectory& directory, CgroupPlace& place) {
    TRY(check_unused(place));
    TRY(check_not_foreign(directory, place));
    if (!was_made_by_us(place)) return {};
    place.made = 1;
    TRY(remove_place(place, deadline_in(0)));
    place.made = 0;
    TRY(make_path(place));
    return place.made == 0 ? check_unused(place) : Status();
}

// Writes the note of `owner`, who is not known yet to have made it.
Status prepare(const CgroupDirectory& directory, CgroupPlace& place, CgroupOwner owner) {
    TRY(check_may_move(directory));
    TRY(make_path(place));
    if (place.made == 0) TRY(take_over(directory, place));
    TRY(check_not_frozen(place));
    owner.made = place.made > 0;
    write_owner(directory_of(place), owner);
    place.inode = inode_of(place);
    if (place.unified) return enable_controllers(directory);
    if (has_controller(place, "cpuset")) TRY(fill_cpuset(place));
    return {};
}

Status open_place(const CgroupPlace& place, CgroupJoin& join) {
    const std::string path = directory_of(place);
    if (place.unified)
        join.unified = TRY(open_at(cwd, path, O_PATH | O_DIRECTORY));
    else
        join.tasks.push_back(TRY(open_at(cwd, path + "/tasks", O_WRONLY)));
    return {};
}

}  // namespace

Cgroup::Cgroup(Cgroup&& other) noexcept
    : plan_(other.plan_),
      description_(std::move(other.description_)),
      origin_(std::move(other.origin_)),
      record_(std::move(other.record_)),
      join_(std::move(other.join_)),
      unit_(std::move(other.unit_)),
      moved_by_systemd_(other.moved_by_systemd_),
      owned_(std::exchange(other.owned_, false)) {}

Cgroup& Cgroup::operator=(Cgroup&& other) noexcept {
    if (this != &other) {
        (void)remove();
        plan_ = other.plan_;
        description_ = std::move(other.description_);
        origin_ = std::move(other.origin_);
        record_ = std::move(other.record_);
        join_ = std::move(other.join_);
        unit_ = std::move(other.unit_);
        moved_by_systemd_ = other.moved_by_systemd_;
        owned_ = std::exchange(other.owned_, false);
    }
    return *this;
}

Cgroup::~Cgroup() {
    // Nobody can be told: the error that led here is already on its way to the user.
    (void)remove();
}

Status Cgroup::remove() {
    if (!std::exchange(owned_, false)) return {};
    join_ = {};
    Status removed = remove_places(record_, deadline_in(undo_timeout_ms));
    if (!record_.unit) return removed;
    (void)unit_.leave();
    Status stopped = stop_unit(*record_.unit);
    return removed ? stopped : removed;
}

Status Cgroup::take_in(pid_t init) {
    if (!record_.unit) return {};
    if (moved_by_systemd_) TRY(unit_.attach(init).in("joining the container's cgroup"));
    return unit_.leave();
}

void Cgroup::end_joining() {
    join_ = {};
}

void Cgroup::release() {
    owned_ = false;
    end_joining();
}

const CgroupPlace* Cgroup::find_place(size_t directory) const {
    const std::string& wanted = plan_->directories.at(directory).place.mount_point;
    const auto found = std::ranges::find(record_.places, wanted, &CgroupPlace::mount_point);
    return found == record_.places.end() ? nullptr : &*found;
}

Status Cgroup::apply(const StartUnit&) {
    const auto start = [this]() -> Status {
        unit_ = TRY(start_unit(*plan_->unit, description_));
        record_ = TRY(foresee_cgroup(*plan_, description_));
        record_.places.clear();
        return {};
    };
    return start().in("creating the container's cgroup").at("/linux/cgroupsPath");
}

// If the kernel does not let us move a process to what systemd has made, systemd does it.
Status Cgroup::open_unit(const CgroupDirectory& directory, const CgroupPlace& place) {
    TRY(check_not_frozen(place));
    if (!place.unified) {
        if (has_controller(place, "cpuset")) TRY(fill_cpuset(place));
        return open_place(place, join_);
    }
    const SystemdUnit& unit = *plan_->unit;
    if (!unit.only_v2 && !unit.user && !unit.subgroup.empty() && !place.controllers.empty())
        TRY(unit_.move_helper(directory_of(place)));
    CgroupDirectory there = directory;
    there.place.path = place.path;
    TRY(enable_controllers(there));
    moved_by_systemd_ = !check_may_move(there);
    return moved_by_systemd_ ? Status() : open_place(place, join_);
}

Status Cgroup::enter_unit(const CgroupDirectory& directory, bool required) {
    CgroupPlace place = directory.place;
    place.path = unit_.path() + place.path.substr(end_of_unit(place.path, plan_->unit->name));
    Status done = make_path(place);
    if (done) {
        write_owner(directory_of(place), {description_, place.made > 0, origin_});
        place.inode = inode_of(place);
        done = open_unit(directory, place);
    }
    if (!done && !required && is_refusal(done.error().code())) {
        (void)remove_place(place, deadline_in(0));
        return {};
    }
    record_.places.push_back(std::move(place));
    return done;
}

Status Cgroup::make(const CgroupDirectory& directory, bool required) {
    record_.owner = description_;
    CgroupPlace place = directory.place;
    Status done = prepare(directory, place, {description_, false, origin_});
    if (done) done = open_place(place, join_);
    if (!done && !required && is_refusal(done.error().code())) {
        (void)remove_place(place, deadline_in(0));  // as if it had not been tried
        return {};
    }
    record_.places.push_back(std::move(place));
    return done;
}

Status Cgroup::apply(const StepAside& step) {
    const CgroupDirectory& directory = plan_->directories.at(step.directory);
    step_aside(directory.place.mount_point + *directory.unit, step.place);
    return {};
}

Status Cgroup::apply(const MakeCgroup& step) {
    const CgroupDirectory& directory = plan_->directories.at(step.directory);
    Status done =
        plan_->unit ? enter_unit(directory, step.required) : make(directory, step.required);
    if (done) return {};
    // Without waiting: a cgroup that was refused because it is in use holds processes of others.
    (void)remove();
    record_ = {};
    done = std::move(done).in("creating the container's cgroup");
    if (plan_->directories.at(step.directory).is_default) return done;
    return std::move(done).at("/linux/cgroupsPath");
}

Status Cgroup::apply(const CheckMemoryInUse& step) {
    const CgroupPlace* const place = find_place(step.directory);
    if (place == nullptr) return {};
    return check_usage(*place, *plan_->directories[step.directory].usage_check);
}

Status Cgroup::apply(const LimitCgroup& step) {
    const CgroupPlace* const place = find_place(step.directory);
    return place == nullptr ? Status() : write_each(directory_of(*place), step.writes);
}

Status Cgroup::apply(const MakeInnerCgroup& step) {
    const CgroupPlace* const place = find_place(step.directory);
    if (place == nullptr) return {};
    std::string path = directory_of(*place);
    for (const std::string_view part : split(plan_->directories[step.directory].inner, '/')) {
        path += format("/{}", part);
        const Status made = make_directory(cwd, path, 0755);
        if (!made && made.error().code() != EEXIST) return made;
    }
    join_.inner = TRY(open_at(cwd, path + "/cgroup.procs", O_WRONLY));
    return {};
}

Status Cgroup::apply(const DelegateInnerCgroup& step) {
    const CgroupPlace* const place = find_place(step.directory);
    if (place == nullptr) return {};
    const std::string& inner = plan_->directories[step.directory].inner;
    CgroupDirectory below = plan_->directories[step.directory];
    below.unit = place->path;  // above it everything is enabled
    below.place.path = format("{}/{}", place->path, inner);
    TRY(enable_controllers(below));
    if (!step.owner) return {};
    return give_cgroup_to(format("{}/{}", directory_of(*place), inner), *step.owner);
}

Status Cgroup::apply(const DelegateCgroup& step) {
    const CgroupPlace* const place = find_place(step.directory);
    return place == nullptr ? Status() : give_cgroup_to(directory_of(*place), step.owner);
}

namespace {

// What systemd could not be told when the unit was started: values of files that exist only now,
// and a limit that left no room for the helper, which is gone now.
Result<std::vector<UnitProperty>> untold_properties(const CgroupPlan& plan,
                                                    const CgroupRecord& record) {
    std::vector<CgroupWrite> writes;
    for (const CgroupDirectory& directory : plan.directories) {
        const auto place = std::ranges::find(record.places, directory.place.mount_point,
                                             &CgroupPlace::mount_point);
        if (place == record.places.end()) continue;
        for (const std::vector<CgroupWrite>* some : {&directory.writes, &directory.late_writes})
            for (CgroupWrite& write : TRY(existing_files(directory_of(*place), *some)))
                writes.push_back(std::move(write));
    }
    std::vector<UnitProperty> properties = unit_properties(writes, UnitMoment::running);
    std::erase_if(properties, [&plan](const UnitProperty& property) {
        return std::ranges::find(plan.unit->properties, property) != plan.unit->properties.end();
    });
    return properties;
}

}  // namespace

Status Cgroup::apply(const AttachDeviceProgram& step) {
    const CgroupPlace* const place = find_place(step.directory);
    if (place == nullptr) return {};
    return attach_device_program(directory_of(*place),
                                 plan_->directories[step.directory].device_rules)
        .at(step.origin);
}

Status Cgroup::apply(const TellUnit&) {
    if (!record_.unit) return {};
    return tell_unit(record_, TRY(untold_properties(*plan_, record_)));
}

Result<CgroupRecord> foresee_cgroup(const CgroupPlan& plan, const std::string& description) {
    CgroupRecord record;
    record.owner = description;
    // systemd makes and removes the directories in its own tree, and knows where a user's are.
    if (plan.unit) record.unit = UnitRecord{plan.unit->name, description, plan.unit->user};
    if (plan.unit && (plan.unit->only_v2 || plan.unit->user)) return record;
    for (const CgroupDirectory& directory : plan.directories) {
        CgroupPlace place = directory.place;
        std::string path = place.path;
        // Counts only the missing ones, because what is counted here is removed later.
        while (!path.empty() && !TRY(stat_at(cwd, place.mount_point + path))) {
            ++place.made;
            path.resize(path.rfind('/'));
        }
        // A cgroup that is taken over is made anew. While it still belongs to another container, it
        // is not removed for us.
        if (place.made == 0 && was_made_by_us(place)) place.made = 1;
        record.places.push_back(std::move(place));
    }
    return record;
}

}  // namespace sampan
