#include "os/protobuf.h"

#include <optional>

#include "base/text.h"

namespace sampan {

namespace {

// How a field is stored; the lowest three bits of its key.
enum class WireType : uint8_t { varint = 0, eight_bytes = 1, counted = 2, four_bytes = 5 };

constexpr unsigned bits_of_byte = 7;  // those that carry the number
constexpr uint64_t more = 0x80;       // another byte follows

// Takes the parts of a message off its front.
class MessageReader {
  public:
    explicit MessageReader(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool at_end() const { return rest_.empty(); }

    std::optional<uint64_t> take_varint() {
        uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += bits_of_byte) {
            const std::optional<std::string_view> byte = take(1);
            if (!byte) return std::nullopt;
            const uint64_t bits = static_cast<unsigned char>(byte->front());
            value |= (bits & (more - 1)) << shift;
            if ((bits & more) == 0) return value;
        }
        return std::nullopt;
    }

    std::optional<std::string_view> take(uint64_t size) {
        if (size > rest_.size()) return std::nullopt;
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    std::optional<MessageField> take_field() {
        const std::optional<uint64_t> key = take_varint();
        if (!key || *key >> 3 == 0 || *key >> 32 != 0) return std::nullopt;
        MessageField field{.number = static_cast<uint32_t>(*key >> 3), .value = 0, .bytes = {}};
        const auto type = static_cast<WireType>(*key & 7);
        if (type == WireType::varint) {
            const std::optional<uint64_t> value = take_varint();
            if (!value) return std::nullopt;
            field.value = *value;
            return field;
        }
        const std::optional<std::string_view> bytes = take_bytes(type);
        if (!bytes) return std::nullopt;
        field.bytes = *bytes;
        return field;
    }

  private:
    std::optional<std::string_view> take_bytes(WireType type) {
        if (type == WireType::eight_bytes) return take(8);
        if (type == WireType::four_bytes) return take(4);
        if (type != WireType::counted) return std::nullopt;
        const std::optional<uint64_t> size = take_varint();
        return size ? take(*size) : std::nullopt;
    }

    std::string_view rest_;
};

}  // namespace

void MessageWriter::add_varint(uint64_t value) {
    for (; value >= more; value >>= bits_of_byte)
        text_.push_back(static_cast<char>((value & (more - 1)) | more));
    text_.push_back(static_cast<char>(value));
}

void MessageWriter::add_number(uint32_t field, int64_t value) {
    add_varint(uint64_t{field} << 3 | static_cast<uint64_t>(WireType::varint));
    add_varint(static_cast<uint64_t>(value));
}

void MessageWriter::add_bytes(uint32_t field, std::string_view bytes) {
    add_varint(uint64_t{field} << 3 | static_cast<uint64_t>(WireType::counted));
    add_varint(bytes.size());
    text_.append(bytes);
}

Result<std::vector<MessageField>> parse_fields(std::string_view text) {
    std::vector<MessageField> fields;
    MessageReader reader(text);
    while (!reader.at_end()) {
        const std::optional<MessageField> field = reader.take_field();
        if (!field) return failf("a message of {} bytes is damaged", text.size());
        fields.push_back(*field);
    }
    return fields;
}

}  // namespace sampan
