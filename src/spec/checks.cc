#include "spec/checks.h"

namespace sampan::spec::check {

namespace {

constexpr std::string_view digits = "0123456789";

bool only(std::string_view text, std::string_view characters) {
    return text.find_first_not_of(characters) == std::string_view::npos;
}

}  // namespace

bool is_absolute(std::string_view text) {
    return text.starts_with('/');
}

bool is_not_empty(std::string_view text) {
    return !text.empty();
}

bool is_page_size(std::string_view text) {
    if (text.size() < 3 || !text.ends_with('B')) return false;
    const char unit = text[text.size() - 2];
    const std::string_view number = text.substr(0, text.size() - 2);
    return (unit == 'K' || unit == 'M' || unit == 'G') && number.front() != '0' &&
           only(number, digits);
}

bool is_id_list(std::string_view text) {
    return only(text, "0123456789, -");
}

bool is_bandwidth(std::string_view text) {
    return text.starts_with("MB:") && is_one_line(text);
}

bool is_one_line(std::string_view text) {
    return text.find('\n') == std::string_view::npos;
}

bool is_device_access(std::string_view text) {
    return only(text, "rwm");
}

bool is_capability(std::string_view text) {
    return text.starts_with("CAP_") && text.size() > 4 &&
           only(text.substr(4), "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
}

}  // namespace sampan::spec::check
