#include "spec/leaves.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "spec/json.h"
#include "spec/writer.h"

namespace sampan {

namespace {

using spec::Kind;

bool is_leaf(const spec::Type& type) {
    if (type.kind == Kind::array) return is_leaf(*type.element);
    return type.kind != Kind::object && type.kind != Kind::map;
}

std::string json_of(const spec::Type& type, const void* value) {
    JsonWriter writer(JsonStyle::compact);
    write_value(writer, type, value);
    return std::move(writer).take();
}

class LeafWalk {
  public:
    void visit_object(const spec::ObjectType& type, const void* object, const std::string& pointer);
    void visit(const spec::Type& type, const void* value, const std::string& pointer);
    std::vector<Leaf> take() { return std::move(leaves_); }

  private:
    std::vector<Leaf> leaves_;
};

// The texts of an array's elements.
class ElementTexts : public spec::ElementVisitor {
  public:
    explicit ElementTexts(const spec::Type& type) : type_(type) {}
    void visit(const std::string*, const void* element) override {
        texts.push_back(json_of(type_, element));
    }
    std::vector<std::string> texts;

  private:
    const spec::Type& type_;
};

class ElementLeaves : public spec::ElementVisitor {
  public:
    ElementLeaves(LeafWalk& walk, const spec::Type& type, std::string pointer)
        : walk_(walk), type_(type), pointer_(std::move(pointer)) {}
    void visit(const std::string* key, const void* element) override {
        std::string place = pointer_;
        if (key == nullptr)
            append_index(place, index_++);
        else
            place += pointer_part(*key);
        walk_.visit(type_, element, place);
    }

  private:
    LeafWalk& walk_;
    const spec::Type& type_;
    std::string pointer_;
    size_t index_ = 0;
};

void LeafWalk::visit(const spec::Type& type, const void* value, const std::string& pointer) {
    if (type.kind == Kind::object) return visit_object(type.object(), value, pointer);
    if (type.kind == Kind::array && is_leaf(type)) {
        ElementTexts elements(*type.element);
        type.each(value, elements);
        std::ranges::sort(elements.texts);
        leaves_.push_back({pointer, "[" + join(elements.texts, ",") + "]"});
    } else if (type.kind == Kind::array || type.kind == Kind::map) {
        ElementLeaves elements(*this, *type.element, pointer);
        type.each(value, elements);
    } else {
        leaves_.push_back({pointer, json_of(type, value)});
    }
}

void LeafWalk::visit_object(const spec::ObjectType& type,
                            const void* object,
                            const std::string& pointer) {
    for (const spec::Field& field : type.fields) {
        if (field.type == nullptr) continue;
        const bool always_meant = !field.is_optional && (field.type->kind == Kind::boolean ||
                                                         field.type->kind == Kind::array);
        // Neither changes the object: what is not optional is there already.
        const spec::Access access = always_meant ? spec::Access::engage : spec::Access::look;
        const void* member = field.access(const_cast<void*>(object), access);
        if (member != nullptr) visit(*field.type, member, pointer + pointer_part(field.name));
    }
}

}  // namespace

std::vector<Leaf> leaves(const spec::ObjectType& type, const void* object) {
    LeafWalk walk;
    walk.visit_object(type, object, "");
    return walk.take();
}

std::vector<Difference> compare_leaves(const std::vector<Leaf>& config,
                                       const std::vector<Leaf>& kernel) {
    std::map<std::string_view, std::string_view> found;
    for (const Leaf& leaf : kernel)
        found.emplace(leaf.pointer, leaf.text);
    std::vector<Difference> differences;
    for (const Leaf& leaf : config) {
        const auto other = found.find(leaf.pointer);
        if (other != found.end() && other->second != leaf.text)
            differences.push_back({leaf.pointer, leaf.text, std::string(other->second)});
    }
    return differences;
}

}  // namespace sampan
