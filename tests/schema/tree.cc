#include "tree.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "os/file.h"

namespace sampan::test {

namespace {

Tree from_json(Json json) {
    Tree tree{.kind = json.kind()};
    if (tree.kind == JsonKind::boolean) tree.boolean = json.boolean();
    if (tree.kind == JsonKind::string) tree.text = json.string();
    if (tree.kind == JsonKind::number) {
        const auto natural = json.as_unsigned();
        const auto integer = json.as_signed();
        tree.text = natural   ? format("{}", *natural)
                    : integer ? format("{}", *integer)
                              : format("{}", json.number());
    }
    if (tree.kind == JsonKind::array) {
        for (size_t i = 0; i < json.size(); ++i) {
            tree.children.emplace_back("", from_json(json.element(i)));
        }
    }
    if (tree.kind == JsonKind::object) {
        for (size_t i = 0; i < json.size(); ++i) {
            tree.children.emplace_back(json.key(i), from_json(json.member(i)));
        }
    }
    return tree;
}

std::string quoted(const std::string& text) {
    JsonWriter writer(JsonStyle::compact);
    writer.string(text);
    return std::move(writer).take();
}

std::string write_children(const Tree& tree) {
    std::string out;
    for (const auto& [key, child] : tree.children) {
        if (!out.empty()) out += ',';
        if (tree.kind == JsonKind::object) out += quoted(key) + ':';
        out += write_tree(child);
    }
    return out;
}

}  // namespace

const Tree* Tree::find(std::string_view key) const {
    for (const auto& [name, child] : children) {
        if (name == key) return &child;
    }
    return nullptr;
}

std::string Tree::text_of(std::string_view key) const {
    const Tree* child = find(key);
    return child == nullptr ? std::string() : child->text;
}

Tree string_tree(std::string text) {
    return {.kind = JsonKind::string, .boolean = false, .text = std::move(text), .children = {}};
}

Tree number_tree(std::string text) {
    return {.kind = JsonKind::number, .boolean = false, .text = std::move(text), .children = {}};
}

Tree parse_tree(std::string_view text) {
    const auto document = JsonDocument::parse(text, "text");
    REQUIRE(document);
    return from_json(document->root());
}

std::string write_tree(const Tree& tree) {
    switch (tree.kind) {
        case JsonKind::null:
            return "null";
        case JsonKind::boolean:
            return tree.boolean ? "true" : "false";
        case JsonKind::number:
            return tree.text;
        case JsonKind::string:
            return quoted(tree.text);
        case JsonKind::array:
            return "[" + write_children(tree) + "]";
        case JsonKind::object:
            return "{" + write_children(tree) + "}";
    }
    return {};
}

std::string content_of(const std::string& path) {
    auto text = read_file(cwd, path);
    REQUIRE_MESSAGE(text, path);
    return *text;
}

}  // namespace sampan::test
