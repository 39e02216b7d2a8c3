// A second opinion on a JSON text: RapidJSON's validator with one of our schemas (schema/).
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace sampan {

// One JSON Schema (draft-04), ready to judge texts.
class Schema {
  public:
    // An error when `text` is not JSON. What is JSON but no schema allows everything.
    static Result<Schema> parse(std::string_view text);
    Schema(Schema&&) noexcept;
    Schema& operator=(Schema&&) noexcept;
    Schema(const Schema&) = delete;
    Schema& operator=(const Schema&) = delete;
    ~Schema();

    // The first thing in `text` that the schema forbids, with its pointer and place; nothing when
    // all is well. An error when `text` is not JSON.
    [[nodiscard]] Result<std::optional<Problem>> check(std::string_view text) const;

  private:
    struct Rules;
    explicit Schema(std::unique_ptr<Rules> rules);
    std::unique_ptr<Rules> rules_;
};

}  // namespace sampan
