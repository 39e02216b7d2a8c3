// A second opinion on a JSON text: RapidJSON's validator with one of our schemas (schema/).
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace sampan {

// One JSON Schema (draft-04), ready to check texts.
class Schema {
  public:
    // An error if `text` is not JSON. JSON that is not a schema allows everything.
    static Result<Schema> parse(std::string_view text);
    Schema(Schema&&) noexcept;
    Schema& operator=(Schema&&) noexcept;
    Schema(const Schema&) = delete;
    Schema& operator=(const Schema&) = delete;
    ~Schema();

    // The first thing in `text` that the schema forbids, with its pointer and place; nothing if it
    // forbids nothing. An error if `text` is not JSON.
    [[nodiscard]] Result<std::optional<Problem>> check(std::string_view text) const;

  private:
    struct Rules;
    explicit Schema(std::unique_ptr<Rules> rules);
    std::unique_ptr<Rules> rules_;
};

}  // namespace sampan
