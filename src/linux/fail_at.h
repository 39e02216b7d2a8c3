// An error at a place of config.json, as the planners give it.
#pragma once

#include <string>
#include <utility>

#include "base/result.h"

namespace sampan {

[[nodiscard]] inline std::unexpected<Error> fail_at(std::string pointer,
                                                    std::string what,
                                                    std::string hint = {}) {
    Error error(std::move(what));
    error.set_pointer(std::move(pointer)).set_hint(std::move(hint));
    return std::unexpected(std::move(error));
}

}  // namespace sampan
