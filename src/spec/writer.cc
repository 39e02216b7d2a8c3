#include "spec/writer.h"

#include <cstring>

namespace sampan::spec {

namespace {

template <class T>
T load(const void* source) {
    T value{};
    std::memcpy(&value, source, sizeof value);
    return value;
}

void write_integer(JsonWriter& writer, const Type& type, const void* source) {
    switch (type.size) {
        case 1:
            return type.is_signed ? writer.integer(load<int8_t>(source))
                                  : writer.unsigned_integer(load<uint8_t>(source));
        case 2:
            return type.is_signed ? writer.integer(load<int16_t>(source))
                                  : writer.unsigned_integer(load<uint16_t>(source));
        case 4:
            return type.is_signed ? writer.integer(load<int32_t>(source))
                                  : writer.unsigned_integer(load<uint32_t>(source));
        default:
            return type.is_signed ? writer.integer(load<int64_t>(source))
                                  : writer.unsigned_integer(load<uint64_t>(source));
    }
}

class ElementWriter : public ElementVisitor {
  public:
    ElementWriter(JsonWriter& writer, const Type& type) : writer_(writer), type_(type) {}
    void visit(const std::string* key, const void* element) override {
        if (key != nullptr) writer_.key(*key);
        write_value(writer_, type_, element);
    }

  private:
    JsonWriter& writer_;
    const Type& type_;
};

}  // namespace

void write_value(JsonWriter& writer, const Type& type, const void* value) {
    switch (type.kind) {
        case Kind::boolean:
            return writer.boolean(load<bool>(value));
        case Kind::integer:
            return write_integer(writer, type, value);
        case Kind::string:
            return writer.string(*static_cast<const std::string*>(value));
        case Kind::word:
            return writer.string(word_text(type.words(), load<int>(value)));
        case Kind::object:
            return write_object(writer, type.object(), value);
        case Kind::array: {
            ElementWriter elements(writer, *type.element);
            writer.begin_array();
            type.each(value, elements);
            return writer.end_array();
        }
        case Kind::map: {
            ElementWriter elements(writer, *type.element);
            writer.begin_object();
            type.each(value, elements);
            return writer.end_object();
        }
    }
}

void write_object(JsonWriter& writer, const ObjectType& type, const void* object) {
    writer.begin_object();
    for (const Field& field : type.fields) {
        if (field.type == nullptr) continue;  // not kept
        // `look` changes nothing; the cast is needed because the reader uses the same accessor.
        const void* member = field.access(const_cast<void*>(object), Access::look);
        if (member == nullptr) continue;
        writer.key(field.name);
        write_value(writer, *field.type, member);
    }
    writer.end_object();
}

}  // namespace sampan::spec
