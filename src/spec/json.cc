#include "spec/json.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include "base/text.h"
#include "spec/locate.h"
#include "spec/syntax.h"

namespace sampan {

namespace {

// Far more than config.json needs (8), and far less than the stack of the walkers allows.
constexpr size_t max_depth = 64;

using Value = rapidjson::Value;

const Value& as_value(const void* value) {
    return *static_cast<const Value*>(value);
}

// Passes on to the document what the parser finds, and stops it at the limit of depth.
class DepthLimit {
  public:
    explicit DepthLimit(rapidjson::Document& document) : document_(document) {}
    [[nodiscard]] bool exceeded() const { return depth_ > max_depth; }

    // NOLINTBEGIN(readability-identifier-naming): RapidJSON calls them so
    bool Null() { return document_.Null(); }
    bool Bool(bool value) { return document_.Bool(value); }
    bool Int(int value) { return document_.Int(value); }
    bool Uint(unsigned value) { return document_.Uint(value); }
    bool Int64(int64_t value) { return document_.Int64(value); }
    bool Uint64(uint64_t value) { return document_.Uint64(value); }
    bool Double(double value) { return document_.Double(value); }
    bool RawNumber(const char* text, unsigned length, bool copy) {
        return document_.RawNumber(text, length, copy);
    }
    bool String(const char* text, unsigned length, bool copy) {
        return document_.String(text, length, copy);
    }
    bool Key(const char* text, unsigned length, bool copy) {
        return document_.Key(text, length, copy);
    }
    bool StartObject() { return ++depth_ <= max_depth && document_.StartObject(); }
    bool StartArray() { return ++depth_ <= max_depth && document_.StartArray(); }
    bool EndObject(unsigned count) {
        --depth_;
        return document_.EndObject(count);
    }
    bool EndArray(unsigned count) {
        --depth_;
        return document_.EndArray(count);
    }
    // NOLINTEND(readability-identifier-naming)

  private:
    rapidjson::Document& document_;
    size_t depth_ = 0;
};

// Finds what RapidJSON accepts but we do not: keys given twice (it takes the first, Go the last),
// and NULs in strings (where system calls would cut them).
class Inspector {
  public:
    explicit Inspector(std::string_view text) : text_(text) {}
    // Recursion is bounded by max_depth.
    void inspect(const Value& value);
    std::vector<Problem> take() && { return std::move(problems_); }

  private:
    void inspect_object(const Value& value);
    void inspect_keys(const Value& value);
    void add(std::string what, PlaceOf place, std::string hint = {});

    std::string_view text_;
    std::string pointer_;
    std::vector<Problem> problems_;
};

void Inspector::add(std::string what, PlaceOf place, std::string hint) {
    Problem problem{
        .pointer = pointer_, .what = std::move(what), .hint = std::move(hint), .offset = {}};
    problem.offset = find_offset(text_, pointer_, place);
    problems_.push_back(std::move(problem));
}

bool has_nul(std::string_view text) {
    return text.find('\0') != std::string_view::npos;
}

std::string_view text_of(const Value& value) {
    return {value.GetString(), value.GetStringLength()};
}

void Inspector::inspect(const Value& value) {
    if (problems_.size() >= max_problems) return;
    if (value.IsString()) {
        if (has_nul(text_of(value))) {
            add("a NUL character cannot be part of a string", PlaceOf::value);
        }
    } else if (value.IsObject()) {
        inspect_object(value);
    } else if (value.IsArray()) {
        const size_t length = pointer_.size();
        for (unsigned i = 0; i < value.Size(); ++i) {
            if (!value[i].IsObject() && !value[i].IsArray() && !value[i].IsString()) continue;
            append_index(pointer_, i);
            inspect(value[i]);
            pointer_.resize(length);
        }
    }
}

void Inspector::inspect_object(const Value& value) {
    inspect_keys(value);
    const size_t length = pointer_.size();
    for (const auto& member : value.GetObject()) {
        pointer_ += pointer_part(text_of(member.name));
        if (has_nul(text_of(member.name))) {
            add("a NUL character cannot be part of a key", PlaceOf::key);
        }
        inspect(member.value);
        pointer_.resize(length);
    }
}

void Inspector::inspect_keys(const Value& value) {
    std::vector<std::string_view> keys;
    keys.reserve(value.MemberCount());
    for (const auto& member : value.GetObject())
        keys.push_back(text_of(member.name));
    std::sort(keys.begin(), keys.end());
    for (auto twice = std::adjacent_find(keys.begin(), keys.end()); twice != keys.end();
         twice = std::adjacent_find(twice, keys.end())) {
        if (problems_.size() >= max_problems) return;
        const std::string_view key = *twice;
        const size_t length = pointer_.size();
        pointer_ += pointer_part(key);
        add(format("the key \"{}\" is given twice", key), PlaceOf::key,
            "remove one of them, with the comma before or after it");
        pointer_.resize(length);
        twice = std::upper_bound(twice, keys.end(), key);
    }
}

// What runc calls it, of which others look for the first line only.
std::string_view peers_words(const std::vector<Problem>& problems) {
    constexpr std::string_view policy = "/linux/memoryPolicy";
    if (problems.size() != 1 || !problems[0].pointer.starts_with(policy)) return "";
    const std::string_view where = std::string_view(problems[0].pointer).substr(policy.size());
    if (where.starts_with("/flags")) return ": invalid memory policy flags";
    if (where.starts_with("/nodes")) return ": invalid memory policy nodes";
    return ": invalid memory policy mode";
}

}  // namespace

Failure invalid_file(std::string_view name, std::string_view text, std::vector<Problem> problems) {
    Error error(ErrorKind::config, format("{} is not valid{}", name, peers_words(problems)));
    error.set_problems(std::string(name), std::move(problems), std::string(text));
    return Failure(std::move(error));
}

struct JsonDocument::Tree {
    rapidjson::Document document;
};

JsonDocument::JsonDocument(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

Result<JsonDocument> JsonDocument::parse(std::string_view text, std::string_view name) {
    // RapidJSON takes a NUL for the end of the text, and ignores what follows.
    if (const size_t nul = text.find('\0'); nul != std::string_view::npos) {
        return invalid_file(name, text, {explain_nul(text, nul)});
    }
    auto tree = std::make_unique<Tree>();
    rapidjson::Reader reader;
    rapidjson::MemoryStream stream(text.data(), text.size());
    bool too_deep = false;
    auto generate = [&](rapidjson::Document& document) {
        constexpr unsigned flags =
            rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
        DepthLimit limit(document);
        const bool good = !reader.Parse<flags>(stream, limit).IsError();
        too_deep = limit.exceeded();
        return good;
    };
    tree->document.Populate(generate);
    if (reader.HasParseError()) {
        const size_t offset = std::min(reader.GetErrorOffset(), text.size());
        Problem problem =
            too_deep ? Problem{.what = format("arrays and objects are nested more than {} deep",
                                              max_depth),
                               .offset = offset}
                     : explain_syntax(text, offset,
                                      rapidjson::GetParseError_En(reader.GetParseErrorCode()));
        return invalid_file(name, text, {std::move(problem)});
    }
    Inspector inspector(text);
    inspector.inspect(tree->document);
    std::vector<Problem> problems = std::move(inspector).take();
    if (!problems.empty()) return invalid_file(name, text, std::move(problems));
    return JsonDocument(std::move(tree));
}

Json JsonDocument::root() const {
    const Value& root = tree_->document;
    return Json(&root);
}

JsonKind Json::kind() const {
    const Value& value = as_value(value_);
    if (value.IsNull()) return JsonKind::null;
    if (value.IsBool()) return JsonKind::boolean;
    if (value.IsNumber()) return JsonKind::number;
    if (value.IsString()) return JsonKind::string;
    return value.IsArray() ? JsonKind::array : JsonKind::object;
}

bool Json::boolean() const {
    return as_value(value_).GetBool();
}

std::string_view Json::string() const {
    return text_of(as_value(value_));
}

std::optional<int64_t> Json::as_signed() const {
    const Value& value = as_value(value_);
    return value.IsInt64() ? std::optional(value.GetInt64()) : std::nullopt;
}

std::optional<uint64_t> Json::as_unsigned() const {
    const Value& value = as_value(value_);
    return value.IsUint64() ? std::optional(value.GetUint64()) : std::nullopt;
}

double Json::number() const {
    return as_value(value_).GetDouble();
}

size_t Json::size() const {
    const Value& value = as_value(value_);
    return value.IsArray() ? value.Size() : value.MemberCount();
}

Json Json::element(size_t index) const {
    return Json(&as_value(value_)[static_cast<rapidjson::SizeType>(index)]);
}

std::string_view Json::key(size_t index) const {
    return text_of((as_value(value_).MemberBegin() + static_cast<ptrdiff_t>(index))->name);
}

Json Json::member(size_t index) const {
    return Json(&(as_value(value_).MemberBegin() + static_cast<ptrdiff_t>(index))->value);
}

void append_index(std::string& pointer, size_t index) {
    std::array<char, 24> digits{};
    const auto [end, code] = std::to_chars(digits.begin(), digits.end(), index);
    pointer += '/';
    pointer.append(digits.begin(), end);
}

std::string pointer_part(std::string_view token) {
    std::string part = "/";
    for (const char c : token) {
        if (c == '~') {
            part += "~0";
        } else if (c == '/') {
            part += "~1";
        } else {
            part += c;
        }
    }
    return part;
}

}  // namespace sampan
