#include "os/process_status.h"

#include "base/text.h"

namespace sampan {

namespace {

std::optional<uint32_t> number_at(const std::vector<std::string_view>& words, size_t index) {
    return index < words.size() ? parse_number<uint32_t>(words[index]) : std::nullopt;
}

}  // namespace

ProcessStatus parse_process_status(std::string_view text) {
    ProcessStatus status;
    for (const std::string_view line : split(text, '\n')) {
        const size_t colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const std::string_view name = line.substr(0, colon);
        const std::vector<std::string_view> words = split_words(line.substr(colon + 1));
        const auto bits = [&words] {
            return words.empty() ? std::nullopt : parse_number<uint64_t>(words[0], 16);
        };
        constexpr size_t effective_column = 1;
        if (name == "Uid") status.uid = number_at(words, effective_column);
        if (name == "Gid") status.gid = number_at(words, effective_column);
        if (name == "Groups")
            for (size_t i = 0; i < words.size(); ++i)
                if (const auto group = number_at(words, i)) status.groups.push_back(*group);
        if (name == "Umask" && !words.empty()) status.umask = parse_number<uint32_t>(words[0], 8);
        if (name == "CapInh") status.inheritable = bits();
        if (name == "CapPrm") status.permitted = bits();
        if (name == "CapEff") status.effective = bits();
        if (name == "CapBnd") status.bounding = bits();
        if (name == "CapAmb") status.ambient = bits();
        if (name == "NoNewPrivs" && !words.empty()) status.no_new_privileges = words[0] != "0";
        if (name == "Seccomp") status.seccomp_mode = number_at(words, 0);
        if (name == "Seccomp_filters") status.seccomp_filters = number_at(words, 0);
    }
    return status;
}

}  // namespace sampan
