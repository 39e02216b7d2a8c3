#include "cgroup/steps.h"

#include <span>
#include <string_view>

#include "base/text.h"
#include "cgroup/files.h"

namespace sampan {

namespace {

// Like systemd's ".control", it is not the name of a unit.
constexpr std::string_view aside_name = "/.supervisor";

std::string place_for_people(const CgroupDirectory& directory) {
    return directory_of(directory.place);
}

std::string inner_place(const CgroupDirectory& directory) {
    return format("{}/{}", directory_of(directory.place), directory.inner);
}

void add_writes(std::vector<CgroupStep>& steps,
                size_t directory,
                const std::string& place,
                const std::vector<CgroupWrite>& writes) {
    for (const CgroupWrite& write : writes) {
        auto* last = steps.empty() ? nullptr : std::get_if<LimitCgroup>(&steps.back());
        if (last != nullptr && last->directory == directory &&
            last->writes.back().file == write.file && last->origin == write.origin)
            last->writes.push_back(write);
        else
            steps.emplace_back(LimitCgroup{directory, place, {write}, write.origin});
    }
}

}  // namespace

std::string describe(const StartUnit& step) {
    std::string text = format("start the {}unit {} of systemd in {}", step.user ? "user's " : "",
                              step.name, step.slice);
    if (!step.properties.empty()) text += format(" ({})", join(step.properties, ", "));
    return text;
}

std::string describe(const StepAside& step) {
    return format("move ourselves to {}, if we are alone in our cgroup", step.place);
}

std::string describe(const MakeCgroup& step) {
    return format("make the cgroup {}{}", step.place, step.required ? "" : ", if that is allowed");
}

std::string describe(const CheckMemoryInUse& step) {
    return format("refuse limits below the memory in use in {}", step.place);
}

std::string describe(const LimitCgroup& step) {
    std::string text = describe(step.writes.front());
    for (const CgroupWrite& write : std::span(step.writes).subspan(1))
        text += format(", {}", write.value);
    return format("{} in {}", text, step.place);
}

std::string describe(const DelegateCgroup& step) {
    return format("delegate {} to uid {}", step.place, step.owner);
}

std::string describe(const MakeInnerCgroup& step) {
    return format("make the cgroup {} below the container's", step.place);
}

std::string describe(const DelegateInnerCgroup& step) {
    return step.owner
               ? format("delegate {} to uid {}, with all controllers", step.place, *step.owner)
               : format("give {} all controllers", step.place);
}

std::string describe(const AttachDeviceProgram& step) {
    return format("attach a device program of {} rules to {}", step.rules, step.place);
}

std::string describe(const LeaveUnit& step) {
    return format("see that init is in the unit {}", step.name);
}

std::string describe(const TellUnit& step) {
    return format("tell systemd the rest of the limits of {}", step.name);
}

std::vector<CgroupStep> steps_to_make(const CgroupPlan& plan) {
    std::vector<CgroupStep> steps;
    if (plan.unit) {
        StartUnit start{plan.unit->name, plan.unit->slice, plan.unit->user, {}};
        for (const UnitProperty& property : plan.unit->properties)
            start.properties.push_back(describe(property));
        steps.emplace_back(std::move(start));
    }
    for (size_t i = 0; i < plan.directories.size(); ++i) {
        const CgroupDirectory& directory = plan.directories[i];
        if (directory.in_unit && !directory.place.controllers.empty())
            steps.emplace_back(StepAside{
                i, format("{}{}{}", directory.place.mount_point, *directory.unit, aside_name)});
        steps.emplace_back(MakeCgroup{i, place_for_people(directory), directory.required});
    }
    return steps;
}

std::vector<CgroupStep> steps_to_limit(const CgroupPlan& plan) {
    std::vector<CgroupStep> steps;
    for (size_t i = 0; i < plan.directories.size(); ++i) {
        const CgroupDirectory& directory = plan.directories[i];
        const std::string place = place_for_people(directory);
        if (directory.usage_check) steps.emplace_back(CheckMemoryInUse{i, place});
        add_writes(steps, i, place, directory.writes);
        if (!directory.inner.empty())
            steps.emplace_back(MakeInnerCgroup{i, inner_place(directory)});
        else if (directory.owner)
            steps.emplace_back(DelegateCgroup{i, place, *directory.owner});
    }
    return steps;
}

std::vector<CgroupStep> steps_for_devices(const CgroupPlan& plan) {
    std::vector<CgroupStep> steps;
    for (size_t i = 0; i < plan.directories.size(); ++i) {
        const CgroupDirectory& directory = plan.directories[i];
        const std::string place = place_for_people(directory);
        add_writes(steps, i, place, directory.late_writes);
        if (!directory.inner.empty())
            steps.emplace_back(DelegateInnerCgroup{i, inner_place(directory), directory.owner});
        if (!directory.device_rules.empty())
            steps.emplace_back(AttachDeviceProgram{i, place, directory.device_rules.size(),
                                                   "/linux/resources/devices"});
    }
    if (plan.unit) steps.emplace_back(TellUnit{plan.unit->name});
    return steps;
}

}  // namespace sampan
