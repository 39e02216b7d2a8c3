// The field tables and the schemas of schema/ agree: names, types, what is required, words, ranges,
// patterns. Compared both ways, so that nothing can be forgotten in either.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "spec/tables.h"

#include "tree.h"

using namespace sampan;
using namespace sampan::spec;
using test::Tree;

namespace {

class Comparison {
  public:
    explicit Comparison(const Tree& schema) : schema_(schema) {}

    void compare_object(const ObjectType& type, const Tree& node, const std::string& path);
    [[nodiscard]] const std::vector<std::string>& differences() const { return differences_; }
    [[nodiscard]] size_t properties() const { return properties_; }

  private:
    const Tree& follow(const Tree& node);
    void compare_value(const Type& type,
                       const Field* field,
                       const Tree& node,
                       const std::string& path);
    void compare_fields(const ObjectType& type, const Tree& properties, const std::string& path);
    void compare_required(const ObjectType& type, const Tree& node, const std::string& path);
    void compare_words(const Words& words,
                       const Field* field,
                       const Tree& node,
                       const std::string& path);
    void compare_string(const Field* field, const Tree& node, const std::string& path);
    void expect(const std::string& path,
                std::string_view what,
                const std::string& ours,
                const std::string& schema) {
        if (ours != schema) {
            differences_.push_back(
                format("{}: {} is {} in the table, {} in the schema", path, what, ours, schema));
        }
    }

    const Tree& schema_;
    std::vector<std::string> differences_;
    size_t properties_ = 0;
};

const Tree& Comparison::follow(const Tree& node) {
    const std::string target = node.text_of("$ref");
    if (target.empty()) return node;
    constexpr std::string_view prefix = "#/definitions/";
    REQUIRE(target.starts_with(prefix));
    const Tree* found = schema_.find("definitions")->find(target.substr(prefix.size()));
    REQUIRE_MESSAGE(found != nullptr, target);
    return *found;
}

std::vector<std::string> sorted_texts(const Tree* array) {
    std::vector<std::string> texts;
    if (array != nullptr) {
        for (const auto& [key, child] : array->children)
            texts.push_back(child.text);
    }
    std::sort(texts.begin(), texts.end());
    return texts;
}

void Comparison::compare_words(const Words& words,
                               const Field* field,
                               const Tree& node,
                               const std::string& path) {
    std::vector<std::string> ours;
    // Counts as absent.
    if (field != nullptr && field->is_optional && field->type->kind == Kind::word)
        ours.emplace_back();
    for (const Word& word : words.words)
        ours.emplace_back(word.text);
    std::sort(ours.begin(), ours.end());
    expect(path, "enum", join(ours, " "), join(sorted_texts(node.find("enum")), " "));
}

void Comparison::compare_string(const Field* field, const Tree& node, const std::string& path) {
    const Check* check = field == nullptr ? nullptr : field->check;
    std::string pattern;
    if (check != nullptr && check->pattern != nullptr) pattern = check->pattern;
    if (check != nullptr && check->pattern_or_empty != nullptr && field->is_optional &&
        field->type->kind == Kind::string) {
        pattern = check->pattern_or_empty;
    }
    expect(path, "pattern", pattern, node.text_of("pattern"));
    CHECK(node.find("enum") == nullptr);
}

void Comparison::compare_value(const Type& type,
                               const Field* field,
                               const Tree& unresolved,
                               const std::string& path) {
    const Tree& node = follow(unresolved);
    const Check* check = field == nullptr ? nullptr : field->check;
    const auto expect_type = [&](const char* name) {
        expect(path, "type", name, node.text_of("type"));
    };
    switch (type.kind) {
        case Kind::boolean:
            return expect_type("boolean");
        case Kind::integer: {
            const IntegerRange range = range_of(type, check);
            expect_type("integer");
            expect(path, "minimum", format("{}", range.low), node.text_of("minimum"));
            return expect(path, "maximum", format("{}", range.high), node.text_of("maximum"));
        }
        case Kind::string:
            expect_type("string");
            return compare_string(field, node, path);
        case Kind::word:
            expect_type("string");
            return compare_words(type.words(), field, node, path);
        case Kind::array: {
            expect_type("array");
            const bool least = check != nullptr && check->min_items > 0;
            expect(path, "minItems", least ? format("{}", check->min_items) : "",
                   node.text_of("minItems"));
            REQUIRE(node.find("items") != nullptr);
            return compare_value(*type.element, field, *node.find("items"), path + "[]");
        }
        case Kind::map:
            expect_type("object");
            CHECK(node.find("properties") == nullptr);
            REQUIRE_MESSAGE(node.find("additionalProperties") != nullptr, path);
            return compare_value(*type.element, field, *node.find("additionalProperties"),
                                 path + "{}");
        case Kind::object:
            return compare_object(type.object(), node, path);
    }
}

void Comparison::compare_required(const ObjectType& type,
                                  const Tree& node,
                                  const std::string& path) {
    std::vector<std::string> ours;
    for (const Field& field : type.fields) {
        if (field.presence == Presence::required) ours.emplace_back(field.name);
    }
    std::sort(ours.begin(), ours.end());
    expect(path, "required", join(ours, " "), join(sorted_texts(node.find("required")), " "));
}

void Comparison::compare_fields(const ObjectType& type,
                                const Tree& properties,
                                const std::string& path) {
    for (const Field& field : type.fields) {
        const Tree* property = properties.find(field.name);
        if (property == nullptr) {
            differences_.push_back(format("{}/{}: not in the schema", path, field.name));
        } else if (field.type == nullptr) {
            expect(path + "/" + field.name, "type", "", property->text_of("type"));
        } else {
            ++properties_;
            compare_value(*field.type, &field, *property, path + "/" + field.name);
        }
    }
    for (const auto& [name, property] : properties.children) {
        const bool known = std::any_of(type.fields.begin(), type.fields.end(),
                                       [&](const Field& field) { return name == field.name; });
        if (!known) differences_.push_back(format("{}/{}: not in the table", path, name));
    }
}

void Comparison::compare_object(const ObjectType& type, const Tree& node, const std::string& path) {
    expect(path, "type", "object", node.text_of("type"));
    const Tree* others = node.find("additionalProperties");
    const bool closed = others != nullptr && others->kind == JsonKind::boolean && !others->boolean;
    expect(path, "closed", type.unknown_is_error ? "true" : "false", closed ? "true" : "false");
    compare_required(type, node, path);
    REQUIRE_MESSAGE(node.find("properties") != nullptr, path);
    compare_fields(type, *node.find("properties"), path);
}

template <class T>
size_t compare_with(const char* file) {
    const Tree schema = test::parse_tree(test::content_of(std::string(SCHEMA_DIR "/") + file));
    CHECK(schema.text_of("$schema") == "http://json-schema.org/draft-04/schema#");
    Comparison comparison(schema);
    comparison.compare_object(object_type<T>(), schema, "");
    CHECK(join(comparison.differences(), "\n") == "");
    return comparison.properties();
}

}  // namespace

TEST_CASE("schema: config.json has the shape of the field tables") {
    CHECK(compare_with<Config>("config-schema.json") > 180);
}

TEST_CASE("schema: the state has the shape of the field tables") {
    CHECK(compare_with<State>("state-schema.json") == 6);
}

TEST_CASE("schema: the features have the shape of the field tables") {
    CHECK(compare_with<Features>("features-schema.json") > 30);
}

TEST_CASE("schema: no struct has more fields than the reader can keep track of") {
    CHECK(object_type<Config>().fields.size() <= 64);
    CHECK(object_type<Linux>().fields.size() <= 64);
    CHECK(object_type<Process>().fields.size() <= 64);
}
