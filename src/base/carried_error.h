// Sends an Error from one process of ours to another, as the bytes of one message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sampan {

// At most `room` bytes (1,000 or more). Kind, errno, pointer, hint and step come first, so that
// only the end of the text can be cut off. The problems of a file are not sent.
std::string pack_error(const Error& error, size_t room);

// Any bytes make an error: bytes of another form become its text. The kind `hung_up` becomes
// `failed`: somebody hung up on the process that sent the error, not on us. Pure.
Error unpack_error(std::string_view bytes);

}  // namespace sampan
