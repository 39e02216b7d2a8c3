// Field tables, with a line for each JSON property. The reader, the writer, the suggestions and the
// schema tests all use them.
//
// The table of a struct is a specialisation of object_type<S>(), that of an enum is one of
// words_of<E>(). They are in the .cc file beside the struct (tables.h declares those of
// config.json):
//
//    template <> const ObjectType& object_type<Root>() {
//        static constexpr Field table[] = {
//            required<&Root::path>("path", not_empty),
//            optional<&Root::readonly>("readonly"),
//        };
//        static constexpr ObjectType type{table};
//        return type;
//    }
//
// Properties are written in the order of the table. The templates here only make descriptions
// (Type, Field); the code that walks over them (reader.cc, writer.cc) is plain, and compiled once.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "spec/checks.h"
#include "spec/object_type.h"

namespace sampan::spec {

struct Word {
    const char* text;
    int value;
};
struct Words {
    std::span<const Word> words;
};
template <class E>
constexpr Word word(const char* text, E value) {
    return {text, static_cast<int>(value)};
}

struct Field;
struct ObjectType {
    std::span<const Field> fields;
    // Unknown properties are a warning (config.md#extensibility), unless the keys themselves are
    // values, like the clocks of timeOffsets.
    bool unknown_is_error = false;
};

// Specialised for each enum that has a table; there is no general definition.
template <class E>
const Words& words_of();

enum class Kind : uint8_t { boolean, integer, string, word, object, array, map };

// Called with each element of an array (key null) or map.
class ElementVisitor {
  public:
    ElementVisitor() = default;
    ElementVisitor(const ElementVisitor&) = delete;
    ElementVisitor(ElementVisitor&&) = delete;
    ElementVisitor& operator=(const ElementVisitor&) = delete;
    ElementVisitor& operator=(ElementVisitor&&) = delete;
    virtual void visit(const std::string* key, const void* element) = 0;

  protected:
    ~ElementVisitor() = default;
};

// How a C++ type corresponds to JSON. Its functions reach elements by address.
struct Type {
    Kind kind;
    bool is_signed = false;  // integers
    uint8_t size = 0;        // integers, in bytes
    const ObjectType& (*object)() = nullptr;
    const Words& (*words)() = nullptr;
    const Type* element = nullptr;  // arrays and maps
    void* (*append)(void* array) = nullptr;
    void* (*insert)(void* map, std::string_view key) = nullptr;
    void (*each)(const void* container, ElementVisitor& visitor) = nullptr;
};

enum class Access {
    engage,  // the member's value; if absent, it is made first
    look,    // the member's value, or null if it is absent
};

enum class Presence : uint8_t {
    optional,
    required,
    // Required by the text of the specification, not by its schema: the structs of runc and crun
    // cannot tell an absent number from 0, so that there are files without it. 0, with a warning.
    assumed,
    kept,     // may be absent, but is always written
    ignored,  // belongs to another platform, is not kept: no warning
    foreign,  // belongs to Windows, beside properties of Linux: not kept, with a warning
};

struct Field {
    const char* name;
    const Type* type;
    void* (*access)(void* object, Access access);
    const Check* check;  // may be null; on arrays and maps of strings it applies to each element
    Presence presence;
    bool is_optional;  // the member is std::optional
    // A boolean property of the same object: unless it is true, this one is ignored.
    const char* only_with = nullptr;
};

namespace detail {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {
    using Value = T;
};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsMap : std::false_type {};
template <class T>
struct IsMap<std::map<std::string, T>> : std::true_type {};

template <class T>
void* append(void* array) {
    return &static_cast<std::vector<T>*>(array)->emplace_back();
}
template <class T>
void each_of_vector(const void* array, ElementVisitor& visitor) {
    for (const T& element : *static_cast<const std::vector<T>*>(array)) {
        visitor.visit(nullptr, &element);
    }
}
template <class T>
void* insert(void* map, std::string_view key) {
    return &(*static_cast<std::map<std::string, T>*>(map))[std::string(key)];
}
template <class T>
void each_of_map(const void* map, ElementVisitor& visitor) {
    for (const auto& [key, element] : *static_cast<const std::map<std::string, T>*>(map)) {
        visitor.visit(&key, &element);
    }
}

template <class T>
constexpr Type make_type();
template <class T>
inline constexpr Type type_v = make_type<T>();

template <class T>
constexpr Type make_type() {
    if constexpr (std::same_as<T, bool>) {
        return {.kind = Kind::boolean};
    } else if constexpr (std::integral<T>) {
        return {.kind = Kind::integer, .is_signed = std::is_signed_v<T>, .size = sizeof(T)};
    } else if constexpr (std::same_as<T, std::string>) {
        return {.kind = Kind::string};
    } else if constexpr (std::is_enum_v<T>) {
        static_assert(sizeof(T) == sizeof(int));
        return {.kind = Kind::word, .words = &words_of<T>};
    } else if constexpr (IsVector<T>::value) {
        using Element = typename T::value_type;
        return {.kind = Kind::array,
                .element = &type_v<Element>,
                .append = &append<Element>,
                .each = &each_of_vector<Element>};
    } else if constexpr (IsMap<T>::value) {
        using Element = typename T::mapped_type;
        return {.kind = Kind::map,
                .element = &type_v<Element>,
                .insert = &insert<Element>,
                .each = &each_of_map<Element>};
    } else {
        return {.kind = Kind::object, .object = &object_type<T>};
    }
}

template <class T>
struct MemberOf;
template <class S, class T>
struct MemberOf<T S::*> {
    using Struct = S;
    using Member = T;
};

template <auto Pointer, bool AlwaysThere>
void* access(void* object, Access access) {
    using Struct = typename MemberOf<decltype(Pointer)>::Struct;
    auto& member = static_cast<Struct*>(object)->*Pointer;
    using Member = std::remove_reference_t<decltype(member)>;
    if constexpr (IsOptional<Member>::value) {
        if (access == Access::engage && !member) member.emplace();
        return member ? &*member : nullptr;
    } else {
        if constexpr (!AlwaysThere) {
            if (access == Access::look && member == Member{}) return nullptr;
        }
        return &member;
    }
}

template <auto Pointer, Presence presence>
constexpr Field make_field(const char* name, const Check* check) {
    using Member = typename MemberOf<decltype(Pointer)>::Member;
    constexpr bool always = presence == Presence::required || presence == Presence::assumed ||
                            presence == Presence::kept;
    if constexpr (IsOptional<Member>::value) {
        return {name,
                &type_v<typename IsOptional<Member>::Value>,
                &access<Pointer, always>,
                check,
                presence,
                true};
    } else {
        return {name, &type_v<Member>, &access<Pointer, always>, check, presence, false};
    }
}

}  // namespace detail

// The lines of a table. An optional member that is not std::optional is absent if it is false,
// empty, or equal to a default-constructed one.
template <auto Pointer>
constexpr Field optional(const char* name) {
    return detail::make_field<Pointer, Presence::optional>(name, nullptr);
}
template <auto Pointer>
constexpr Field optional(const char* name, const Check& check) {
    return detail::make_field<Pointer, Presence::optional>(name, &check);
}
template <auto Pointer>
constexpr Field assumed(const char* name) {
    return detail::make_field<Pointer, Presence::assumed>(name, nullptr);
}
template <auto Pointer>
constexpr Field required(const char* name) {
    return detail::make_field<Pointer, Presence::required>(name, nullptr);
}
template <auto Pointer>
constexpr Field required(const char* name, const Check& check) {
    return detail::make_field<Pointer, Presence::required>(name, &check);
}
template <auto Pointer>
constexpr Field kept(const char* name, const Check& check) {
    return detail::make_field<Pointer, Presence::kept>(name, &check);
}
template <auto Pointer>
constexpr Field kept(const char* name) {
    return detail::make_field<Pointer, Presence::kept>(name, nullptr);
}
constexpr Field ignored(const char* name) {
    return {name, nullptr, nullptr, nullptr, Presence::ignored, false};
}
constexpr Field foreign(const char* name) {
    return {name, nullptr, nullptr, nullptr, Presence::foreign, false};
}
constexpr Field only_with(const char* condition, Field field) {
    field.only_with = condition;
    return field;
}

// Integers by width, as two's complement.
struct IntegerRange {
    int64_t low;
    uint64_t high;
};
[[nodiscard]] IntegerRange range_of(const Type& type, const Check* check);

// "pid" for NamespaceType::pid, and back. `word_text` of a value without a word is "".
[[nodiscard]] std::string_view word_text(const Words& words, int value);
[[nodiscard]] std::optional<int> word_value(const Words& words, std::string_view text);

template <class E>
[[nodiscard]] std::string_view name_of(E value) {
    return word_text(words_of<E>(), static_cast<int>(value));
}
template <class E>
[[nodiscard]] std::optional<E> from_name(std::string_view text) {
    const std::optional<int> value = word_value(words_of<E>(), text);
    return value ? std::optional(static_cast<E>(*value)) : std::nullopt;
}

}  // namespace sampan::spec
