// Reads JSON text into structs, by field tables. All problems of a text are reported at once.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "spec/fields.h"

namespace sampan::spec {

// Reads into `object`, which must be new and of that type. Unknown properties are added to
// `warnings`. The error has the problems with their places, and the text; `name` is the file that
// it shows.
Status read_object(std::string_view text,
                   std::string_view name,
                   const ObjectType& type,
                   void* object,
                   std::vector<Problem>& warnings);

}  // namespace sampan::spec

namespace sampan {

// The struct T, which has a field table, from a JSON text. null counts as absent.
template <class T>
Result<T> read_json(std::string_view text, std::string_view name, std::vector<Problem>& warnings) {
    T value{};
    TRY(spec::read_object(text, name, spec::object_type<T>(), &value, warnings));
    return value;
}
template <class T>
Result<T> read_json(std::string_view text, std::string_view name) {
    std::vector<Problem> warnings;
    return read_json<T>(text, name, warnings);
}

}  // namespace sampan
