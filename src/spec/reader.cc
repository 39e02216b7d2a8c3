#include "spec/reader.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/text.h"
#include "spec/expected.h"
#include "spec/homes.h"
#include "spec/json.h"
#include "spec/locate.h"
#include "spec/suggest.h"

namespace sampan::spec {

namespace {

// Of several words for a value, the first is the specification's. The others are accepted but not
// listed.
bool is_synonym(const Words& words, const Word& word) {
    return word_text(words, word.value) != word.text;
}

// All words, if they fit into a line.
std::string list_words(const Words& words) {
    std::string text;
    for (const Word& word : words.words) {
        if (is_synonym(words, word)) continue;
        if (text.size() > 150) return text + ", ...";
        if (!text.empty()) text += ", ";
        text += word.text;
    }
    return text;
}

std::vector<std::string_view> texts_of(const Words& words) {
    std::vector<std::string_view> texts;
    for (const Word& word : words.words)
        if (!is_synonym(words, word)) texts.emplace_back(word.text);
    return texts;
}

void store_integer(const Type& type, void* target, uint64_t value) {
    // By the width of the type, so that it is right for little and big endian.
    const auto store = [&]<class T>(T narrow) { std::memcpy(target, &narrow, sizeof narrow); };
    switch (type.size) {
        case 1:
            return store(static_cast<uint8_t>(value));
        case 2:
            return store(static_cast<uint16_t>(value));
        case 4:
            return store(static_cast<uint32_t>(value));
        default:
            return store(value);
    }
}

class Reader {
  public:
    Reader(std::string_view text, const ObjectType& root, std::vector<Problem>& warnings)
        : text_(text), root_(root), warnings_(warnings) {}

    void read_root(Json json, void* object);
    [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }
    std::vector<Problem> take_problems() && { return std::move(problems_); }

  private:
    void read_value(const Type& type, const Check* check, Json json, void* target);
    void read_integer(const Type& type, const Check* check, Json json, void* target);
    void read_string(const Check* check, std::string_view text, std::string& target);
    void read_word(const Type& type, std::string_view text, void* target);
    void read_members(const ObjectType& object, Json json, void* target);
    void read_member(const Field& field, Json json, void* target);
    void read_array(const Type& type, const Check* check, Json json, void* target);
    void read_map(const Type& type, const Check* check, Json json, void* target);
    void report_unknown(const ObjectType& type, std::string_view key);
    void report_missing(const Field& field, const ObjectType& type, Json json);

    [[nodiscard]] bool full() const { return problems_.size() >= max_problems; }
    void add(std::string what, std::string hint = {}) {
        if (!full()) problems_.push_back({pointer_, std::move(what), std::move(hint), {}});
    }
    void warn(std::string what, std::string hint = {}) {
        if (warnings_.size() < max_problems)
            warnings_.push_back({pointer_, std::move(what), std::move(hint), {}});
    }
    void add_type_problem(const Type& type, const Check* check, Json json) {
        add(format("expected {}, found {}", expected(type, check), found_instead(type, json)),
            hint_for_type(type, check, json));
    }

    std::string_view text_;  // to find the places of keys
    const ObjectType& root_;
    std::string pointer_;
    std::vector<Problem> problems_;
    std::vector<Problem>& warnings_;
};

bool is_true(Json object, std::string_view key) {
    for (size_t i = 0; i < object.size(); ++i)
        if (object.key(i) == key)
            return object.member(i).kind() == JsonKind::boolean && object.member(i).boolean();
    return false;
}

JsonKind json_kind(Kind kind) {
    switch (kind) {
        case Kind::boolean:
            return JsonKind::boolean;
        case Kind::integer:
            return JsonKind::number;
        case Kind::string:
        case Kind::word:
            return JsonKind::string;
        case Kind::array:
            return JsonKind::array;
        case Kind::object:
        case Kind::map:
            break;
    }
    return JsonKind::object;
}

void Reader::read_root(Json json, void* object) {
    if (json.kind() == JsonKind::object) return read_members(root_, json, object);
    add(format("expected an object, found {}", describe(json)));
}

void Reader::read_value(const Type& type, const Check* check, Json json, void* target) {
    if (json.kind() != json_kind(type.kind)) return add_type_problem(type, check, json);
    switch (type.kind) {
        case Kind::boolean:
            *static_cast<bool*>(target) = json.boolean();
            return;
        case Kind::integer:
            return read_integer(type, check, json, target);
        case Kind::string:
            return read_string(check, json.string(), *static_cast<std::string*>(target));
        case Kind::word:
            return read_word(type, json.string(), target);
        case Kind::object:
            return read_members(type.object(), json, target);
        case Kind::array:
            return read_array(type, check, json, target);
        case Kind::map:
            return read_map(type, check, json, target);
    }
}

void Reader::read_integer(const Type& type, const Check* check, Json json, void* target) {
    const IntegerRange range = range_of(type, check);
    if (const auto value = json.as_unsigned()) {
        const bool above_low = range.low <= 0 || *value >= static_cast<uint64_t>(range.low);
        if (above_low && *value <= range.high) return store_integer(type, target, *value);
    } else if (const auto negative = json.as_signed()) {
        if (*negative >= range.low) {
            return store_integer(type, target, static_cast<uint64_t>(*negative));
        }
    }
    add_type_problem(type, check, json);
}

void Reader::read_string(const Check* check, std::string_view text, std::string& target) {
    if (check != nullptr && check->holds != nullptr && !check->holds(text)) {
        return add(format("expected {}, found {}", check->sentence, quoted(text)));
    }
    target = text;
}

void Reader::read_word(const Type& type, std::string_view text, void* target) {
    const Words& words = type.words();
    if (const auto value = word_value(words, text)) {
        std::memcpy(target, &*value, sizeof *value);
        return;
    }
    add(format("expected one of {}, found {}", list_words(words), quoted(text)),
        did_you_mean(text, texts_of(words)));
}

void Reader::read_members(const ObjectType& object, Json json, void* target) {
    uint64_t seen = 0;  // no struct has more than 64 fields
    const size_t length = pointer_.size();
    for (size_t i = 0; i < json.size() && !full(); ++i) {
        const std::string_view key = json.key(i);
        const auto field = std::find_if(object.fields.begin(), object.fields.end(),
                                        [&](const Field& known) { return key == known.name; });
        if (field == object.fields.end()) {
            report_unknown(object, key);
            continue;
        }
        const Json value = json.member(i);
        if (value.kind() == JsonKind::null) continue;
        seen |= uint64_t{1} << (field - object.fields.begin());
        if (field->presence == Presence::ignored) continue;
        pointer_ += '/';
        pointer_ += field->name;  // names in tables need no escapes
        if (field->presence == Presence::foreign) {
            warn("ignored: only Windows has it");
        } else if (field->only_with != nullptr && !is_true(json, field->only_with)) {
            warn(format("ignored, because \"{}\" is not true", field->only_with));
        } else {
            read_member(*field, value, target);
        }
        pointer_.resize(length);
    }
    for (size_t i = 0; i < object.fields.size(); ++i) {
        const Field& field = object.fields[i];
        if ((seen >> i & 1) != 0) continue;
        if (field.presence == Presence::required) report_missing(field, object, json);
        if (field.presence == Presence::assumed)
            warn(format("the required property \"{}\" is missing: it is taken for 0", field.name));
    }
}

void Reader::read_member(const Field& field, Json json, void* target) {
    // Engines, and the specification's own structs, cannot tell an empty string from an absent one.
    const bool empty = json.kind() == JsonKind::string && json.string().empty();
    const bool is_text = field.type->kind == Kind::string || field.type->kind == Kind::word;
    if (field.is_optional && empty && is_text) return;
    read_value(*field.type, field.check, json, field.access(target, Access::engage));
}

void Reader::read_array(const Type& type, const Check* check, Json json, void* target) {
    if (check != nullptr && json.size() < check->min_items) {
        return add(format("expected {}, found {}", check->sentence,
                          json.size() == 0 ? "an empty array" : "fewer"));
    }
    const size_t length = pointer_.size();
    for (size_t i = 0; i < json.size() && !full(); ++i) {
        append_index(pointer_, i);
        read_value(*type.element, check, json.element(i), type.append(target));
        pointer_.resize(length);
    }
}

void Reader::read_map(const Type& type, const Check* check, Json json, void* target) {
    const size_t length = pointer_.size();
    for (size_t i = 0; i < json.size() && !full(); ++i) {
        if (json.member(i).kind() == JsonKind::null) continue;
        pointer_ += pointer_part(json.key(i));
        read_value(*type.element, check, json.member(i), type.insert(target, json.key(i)));
        pointer_.resize(length);
    }
}

void Reader::report_unknown(const ObjectType& type, std::string_view key) {
    std::vector<std::string_view> names;
    for (const Field& field : type.fields)
        names.emplace_back(field.name);
    std::string hint = hint_for_home(root_, key);
    if (hint.empty()) hint = did_you_mean(key, names);
    const std::string pointer = pointer_ + pointer_part(key);
    if (type.unknown_is_error) {
        std::string known;
        for (const std::string_view name : names) {
            known += format("{}{}", known.empty() ? "" : ", ", name);
        }
        if (full()) return;
        problems_.push_back({pointer,
                             format("expected one of {} as key, found {}", known, quoted(key)),
                             std::move(hint), find_offset(text_, pointer, PlaceOf::key)});
    } else if (warnings_.size() < max_problems) {
        warnings_.push_back(
            {pointer, format("unknown property {} is ignored", quoted(key)), std::move(hint), {}});
    }
}

void Reader::report_missing(const Field& field, const ObjectType& type, Json json) {
    std::vector<std::string_view> unknown;
    for (size_t i = 0; i < json.size(); ++i) {
        const std::string_view key = json.key(i);
        const bool known = std::any_of(type.fields.begin(), type.fields.end(),
                                       [&](const Field& other) { return key == other.name; });
        if (!known) unknown.push_back(key);
    }
    const auto near = suggest(field.name, unknown);
    add(format("the required property \"{}\" is missing", field.name),
        near ? format("is {} meant to be it?", quoted(*near)) : std::string());
}

// The place of the key, if the problem is about the key itself.
void set_offsets(std::vector<Problem>& problems, std::string_view text, PlaceOf place) {
    for (Problem& problem : problems) {
        if (!problem.offset) problem.offset = find_offset(text, problem.pointer, place);
    }
}

}  // namespace

Status read_object(std::string_view text,
                   std::string_view name,
                   const ObjectType& type,
                   void* object,
                   std::vector<Problem>& warnings) {
    const JsonDocument document = TRY(JsonDocument::parse(text, name));
    Reader reader(text, type, warnings);
    reader.read_root(document.root(), object);
    set_offsets(warnings, text, PlaceOf::key);
    if (reader.problems().empty()) return {};
    std::vector<Problem> problems = std::move(reader).take_problems();
    set_offsets(problems, text, PlaceOf::value);
    return invalid_file(name, text, std::move(problems));
}

}  // namespace sampan::spec
