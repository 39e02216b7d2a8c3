#include "spec/schema_check.h"

// g++ sees a null pointer in schema.h that its callers rule out, system header or not.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnull-dereference"
#include <rapidjson/document.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>
#pragma GCC diagnostic pop

#include "base/text.h"
#include "spec/json.h"
#include "spec/locate.h"

namespace sampan {

namespace {

std::string text_of(const rapidjson::Pointer& pointer) {
    rapidjson::StringBuffer buffer;
    pointer.Stringify(buffer);
    return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace

Result<std::optional<Problem>> check_schema(std::string_view schema, std::string_view text) {
    // Both are held to our own rules first: the validator relies on a bound of depth.
    TRY(JsonDocument::parse(schema, "schema"));
    TRY(JsonDocument::parse(text, "text"));
    rapidjson::Document tree;
    tree.Parse(schema.data(), schema.size());
    // Without a provider of remote schemas: RapidJSON lets errors pass where a $ref to another file
    // is not resolved, so our schemas refer to themselves only.
    const rapidjson::SchemaDocument rules(tree);
    rapidjson::SchemaValidator validator(rules);
    rapidjson::Reader reader;
    rapidjson::MemoryStream stream(text.data(), text.size());
    reader.Parse<rapidjson::kParseIterativeFlag>(stream, validator);
    if (validator.IsValid()) return std::nullopt;
    Problem problem;
    problem.pointer = text_of(validator.GetInvalidDocumentPointer());
    problem.what =
        format("the schema's \"{}\" at {} does not hold", validator.GetInvalidSchemaKeyword(),
               text_of(validator.GetInvalidSchemaPointer()));
    problem.offset = find_offset(text, problem.pointer, PlaceOf::value);
    return problem;
}

}  // namespace sampan
