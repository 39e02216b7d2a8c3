#include "schema_check.h"

// g++ warns of a null pointer in <rapidjson/schema.h>, although its callers rule it out and it is a
// system header.
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

struct Schema::Rules {
    explicit Rules(const rapidjson::Document& tree) : document(tree) {}
    // Without a provider of remote schemas: if a $ref to another file is not resolved, RapidJSON
    // lets errors pass. So our schemas only refer to themselves.
    rapidjson::SchemaDocument document;
};

Schema::Schema(std::unique_ptr<Rules> rules) : rules_(std::move(rules)) {}
Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;
Schema::~Schema() = default;

Result<Schema> Schema::parse(std::string_view text) {
    TRY(JsonDocument::parse(text, "schema"));
    rapidjson::Document tree;
    tree.Parse(text.data(), text.size());
    return Schema(std::make_unique<Rules>(tree));
}

Result<std::optional<Problem>> Schema::check(std::string_view text) const {
    // First checked by our own rules, because the validator relies on a limit of depth.
    TRY(JsonDocument::parse(text, "text"));
    rapidjson::SchemaValidator validator(rules_->document);
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
