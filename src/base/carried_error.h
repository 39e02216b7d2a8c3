// An Error on its way from one process of ours to another, as bytes of one message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sampan {

// At most `room` bytes (1,000 or more). Kind, errno, pointer and hint come first, so that what has
// to be cut off is the end of the text. The problems of a file are not carried.
std::string pack_error(const Error& error, size_t room);

// Any bytes make an error: what is not as above is its text. That somebody hung up on
// the process that sent it does not say so of the conversation in which it came: it is of the kind
// `failed` here. Pure.
Error unpack_error(std::string_view bytes);

}  // namespace sampan
