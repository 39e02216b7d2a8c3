#include "launch/impatience.h"

#include <utility>

namespace sampan {

Impatience::Wish Impatience::press(Time now) {
    static constexpr std::chrono::seconds patience{2};
    const auto is_recent = [now](const std::optional<Time>& time) {
        return time && now - *time <= patience;
    };
    const bool second = is_recent(last_);
    const bool third = is_recent(before_);
    before_ = std::exchange(last_, now);
    if (third) return Wish::end;
    return second && !std::exchange(warned_, true) ? Wish::warning : Wish::none;
}

}  // namespace sampan
