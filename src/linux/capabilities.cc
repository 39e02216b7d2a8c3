#include "linux/capabilities.h"

#include <linux/capability.h>

#include <algorithm>

#include "base/text.h"

namespace sampan {

namespace {

constexpr uint64_t bit(unsigned number) {
    return uint64_t{1} << number;
}

// In the order of their numbers: 41 of Linux 5.9 to 6.18.
constexpr std::array<std::string_view, 41> names = {
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
static_assert(names[CAP_SYS_ADMIN] == "CAP_SYS_ADMIN");
static_assert(names[CAP_CHECKPOINT_RESTORE] == "CAP_CHECKPOINT_RESTORE");

struct NamedSet {
    std::string_view name;  // of the list in config.json
    const std::vector<std::string>& words;
    uint64_t& set;
};

// One warning a word, however many lists it stands in: engines give the same list five times.
void warn_once(std::vector<Problem>& warnings, Problem warning) {
    const bool known = std::ranges::any_of(
        warnings, [&](const Problem& other) { return other.what == warning.what; });
    if (!known) warnings.push_back(std::move(warning));
}

void read_words(const NamedSet& list,
                const CapabilityLimits& limits,
                std::string_view pointer,
                std::vector<Problem>& warnings) {
    for (size_t i = 0; i < list.words.size(); ++i) {
        const std::string& word = list.words[i];
        const std::optional<unsigned> number = capability_number(word);
        std::string problem;
        if (!number) {
            problem = format("the capability {} is unknown and left out", word);
        } else if (*number > limits.last) {
            problem = format("the kernel has no capability {}: it is left out", word);
        } else if ((limits.grantable & bit(*number)) == 0) {
            problem = format("we do not have the capability {} ourselves: it is left out", word);
        } else {
            list.set |= bit(*number);
            continue;
        }
        warn_once(warnings,
                  {format("{}/capabilities/{}/{}", pointer, list.name, i), std::move(problem), {}});
    }
}

// Takes from a list what the kernel would refuse, since one such capability fails the whole call.
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

}  // namespace

CapabilityPlan plan_capabilities(const spec::Process& process,
                                 const CapabilityLimits& limits,
                                 std::string_view pointer) {
    CapabilityPlan plan;
    if (!process.capabilities) return plan;
    const spec::Capabilities& asked = *process.capabilities;
    CapabilitySets& sets = plan.sets;
    const NamedSet bounding{"bounding", asked.bounding, sets.bounding};
    const NamedSet effective{"effective", asked.effective, sets.effective};
    const NamedSet permitted{"permitted", asked.permitted, sets.permitted};
    const NamedSet inheritable{"inheritable", asked.inheritable, sets.inheritable};
    const NamedSet ambient{"ambient", asked.ambient, sets.ambient};
    for (const NamedSet* list : {&bounding, &effective, &permitted, &inheritable, &ambient})
        read_words(*list, limits, pointer, plan.warnings);
    limit_to(effective, sets.permitted, "it is not permitted", pointer, plan.warnings);
    limit_to(inheritable, sets.bounding, "it is not in the bounding set", pointer, plan.warnings);
    limit_to(ambient, sets.permitted & sets.inheritable, "it is not both permitted and inheritable",
             pointer, plan.warnings);
    return plan;
}

std::optional<unsigned> capability_number(std::string_view name) {
    const auto same_letter = [](char given, char known) {
        return given == known || (given >= 'a' && given <= 'z' && given - 'a' + 'A' == known);
    };
    const auto found = std::ranges::find_if(names, [&](std::string_view known) {
        return std::ranges::equal(name, known, same_letter);
    });
    if (found == names.end()) return std::nullopt;
    return static_cast<unsigned>(found - names.begin());
}

std::string capability_name(unsigned number) {
    return number < names.size() ? std::string(names[number]) : format("CAP_{}", number);
}

std::vector<std::string> capability_names() {
    return {names.begin(), names.end()};
}

std::vector<unsigned> capability_numbers(uint64_t set) {
    std::vector<unsigned> numbers;
    for (unsigned number = 0; number < 64; ++number)
        if ((set & bit(number)) != 0) numbers.push_back(number);
    return numbers;
}

std::string describe_capabilities(uint64_t set) {
    if (set == 0) return "none";
    std::vector<std::string> words;
    for (const unsigned number : capability_numbers(set))
        words.push_back(capability_name(number));
    return join(words, " ");
}

std::string describe(const CapabilitySets& sets) {
    return format(
        "capabilities: bounding {}; effective {}; permitted {}; inheritable {}; ambient {}",
        describe_capabilities(sets.bounding), describe_capabilities(sets.effective),
        describe_capabilities(sets.permitted), describe_capabilities(sets.inheritable),
        describe_capabilities(sets.ambient));
}

std::array<uint32_t, 6> capset_words(const CapabilitySets& sets) {
    const auto low = [](uint64_t set) { return static_cast<uint32_t>(set); };
    const auto high = [](uint64_t set) { return static_cast<uint32_t>(set >> 32); };
    return {low(sets.effective),  low(sets.permitted),  low(sets.inheritable),
            high(sets.effective), high(sets.permitted), high(sets.inheritable)};
}

}  // namespace sampan
