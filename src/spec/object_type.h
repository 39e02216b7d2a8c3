// That a struct has a field table, for headers which promise one; fields.h says what it is.
#pragma once

namespace sampan::spec {

struct ObjectType;

// Specialised for each struct that has a table; there is no general one.
template <class S>
const ObjectType& object_type();

}  // namespace sampan::spec
