// Structs to JSON text, by field tables.
#pragma once

#include <string>

#include "spec/fields.h"
#include "spec/json.h"

namespace sampan::spec {

// Writes an object of that type as the next value.
void write_object(JsonWriter& writer, const ObjectType& type, const void* object);
// The same for any kind of value.
void write_value(JsonWriter& writer, const Type& type, const void* value);

}  // namespace sampan::spec

namespace sampan {

template <class T>
void write_json(JsonWriter& writer, const T& value) {
    spec::write_object(writer, spec::object_type<T>(), &value);
}
// The struct T, which has a field table, as a text. Absent members are left out.
template <class T>
[[nodiscard]] std::string write_json(const T& value, JsonStyle style) {
    JsonWriter writer(style);
    write_json(writer, value);
    return std::move(writer).take();
}

}  // namespace sampan
