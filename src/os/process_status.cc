#include "os/process_status.h"

#include "base/text.h"

namespace sampan {

namespace {

using StatusWords = std::vector<std::string_view>;

// What follows "name:" on its line.
StatusWords words_after(std::string_view text, std::string_view name) {
    for (const std::string_view line : split(text, '\n'))
        if (line.starts_with(name) && line.substr(name.size()).starts_with(':'))
            return split_words(line.substr(name.size() + 1));
    return {};
}

std::optional<uint32_t> number_at(const StatusWords& words, size_t index, int base = 10) {
    return index < words.size() ? parse_number<uint32_t>(words[index], base) : std::nullopt;
}

}  // namespace

ProcessStatus parse_process_status(std::string_view text) {
    const auto bits = [text](std::string_view name) {
        const StatusWords words = words_after(text, name);
        return words.empty() ? std::nullopt : parse_number<uint64_t>(words[0], 16);
    };
    constexpr size_t effective_column = 1;
    constexpr int octal = 8;
    ProcessStatus status{.uid = number_at(words_after(text, "Uid"), effective_column),
                         .gid = number_at(words_after(text, "Gid"), effective_column),
                         .groups = {},
                         .umask = number_at(words_after(text, "Umask"), 0, octal),
                         .inheritable = bits("CapInh"),
                         .permitted = bits("CapPrm"),
                         .effective = bits("CapEff"),
                         .bounding = bits("CapBnd"),
                         .ambient = bits("CapAmb"),
                         .no_new_privileges = std::nullopt,
                         .seccomp_mode = number_at(words_after(text, "Seccomp"), 0),
                         .seccomp_filters = number_at(words_after(text, "Seccomp_filters"), 0)};
    for (const std::string_view group : words_after(text, "Groups"))
        status.groups.push_back(parse_number<uint32_t>(group).value_or(0));
    if (const auto flag = number_at(words_after(text, "NoNewPrivs"), 0))
        status.no_new_privileges = *flag != 0;
    return status;
}

}  // namespace sampan
