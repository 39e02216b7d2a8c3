// The values of a struct one by one, each with its JSON pointer, and where two structs of the same
// type differ. By the field tables; pure.
#pragma once

#include <string>
#include <vector>

#include "spec/fields.h"

namespace sampan {

// A value without parts, or an array of such values: their order means nothing where we compare
// them, so the text has them sorted.
struct Leaf {
    std::string pointer;
    std::string text;  // JSON, in one line
};

// A value that is asked for, and the one that was found. Both are JSON in one line.
struct Difference {
    std::string pointer;
    std::string config;
    std::string kernel;
    bool operator==(const Difference&) const = default;
};

// Absent values are left out; but a plain bool that is false, and an array of values that is empty,
// are not absent: no other value is meant by leaving them out.
std::vector<Leaf> leaves(const spec::ObjectType& type, const void* object);

// For each leaf that both have.
std::vector<Difference> compare_leaves(const std::vector<Leaf>& config,
                                       const std::vector<Leaf>& kernel);

template <class T>
std::vector<Leaf> leaves(const T& value) {
    return leaves(spec::object_type<T>(), &value);
}

}  // namespace sampan
