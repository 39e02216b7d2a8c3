// A person who presses Ctrl-C again and again because the program does not end.
#pragma once

#include <chrono>
#include <optional>

namespace sampan {

class Impatience {
  public:
    using Time = std::chrono::steady_clock::time_point;
    enum class Wish { none, warning, end };

    // To be called each time. The second time within two seconds a warning is due, once; the third
    // time the program is to be ended.
    Wish press(Time now);

  private:
    std::optional<Time> before_;
    std::optional<Time> last_;
    bool warned_ = false;
};

}  // namespace sampan
