// Loads a filter with SCMP_ACT_NOTIFY. Its descriptor must reach `start` before the program runs,
// but the filter may stop any system call that could send it.
#pragma once

namespace sampan::stub {

// Loads the filter (seccomp(2) with SECCOMP_FILTER_FLAG_NEW_LISTENER), and sends its descriptor as
// a Report `listening` through the socket `connection`. Returns a negative errno if loading has
// failed; does not return if the descriptor could not be sent.
//
// A second thread sends it, to which the filter does not apply. Other ways do not work. A process
// instead of a thread would stay as a zombie child of the container's program. The descriptor
// cannot be sent before the filter is loaded, and afterwards the profile would have to allow the
// call (bypass4netns, for one, is notified of sendmsg). The threads cannot wake each other, because
// the first one must make no system call once the filter is loaded. So the second looks for the
// result every 50 microseconds, and the first waits actively for the time of one sendmsg.
long load_with_listener(unsigned flags, const void* program, int connection);

}  // namespace sampan::stub
