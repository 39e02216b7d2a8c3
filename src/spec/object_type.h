// The promise that a struct has a field table, for headers; see fields.h.
#pragma once

namespace sampan::spec {

struct ObjectType;

// Specialised for each struct that has a table; there is no general definition.
template <class S>
const ObjectType& object_type();

}  // namespace sampan::spec
