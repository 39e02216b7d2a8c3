// The encoding of protocol buffers, as far as the messages of CRIU need it: numbers, text, and
// messages in messages. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sampan {

// One message; fields come in the order in which they are added.
class MessageWriter {
  public:
    // For the types uint32, uint64, bool and enum; and, since a negative number takes ten bytes as
    // the encoding demands, for int32 and int64 too.
    void add_number(uint32_t field, int64_t value);
    // For the types string and bytes, and for a message that has been written.
    void add_bytes(uint32_t field, std::string_view bytes);
    std::string take() { return std::move(text_); }

  private:
    void add_varint(uint64_t value);
    std::string text_;
};

struct MessageField {
    uint32_t number = 0;
    uint64_t value = 0;      // of a number
    std::string_view bytes;  // of everything else; part of the text that was parsed
    bool operator==(const MessageField&) const = default;
};

// All fields, those that nobody knows too. Text that is not a whole message is an error.
Result<std::vector<MessageField>> parse_fields(std::string_view text);

}  // namespace sampan
