// Loading a filter with SCMP_ACT_NOTIFY: its descriptor must reach `start` before the program runs,
// and the filter may stop any system call that could do that.
#pragma once

namespace sampan::stub {

// Loads the filter (seccomp(2) with SECCOMP_FILTER_FLAG_NEW_LISTENER), and sends its descriptor as
// a Report `listening` through the socket `connection`. Returns a negative errno if loading failed;
// does not return when the descriptor could not be sent.
//
// A second thread, which the filter does not concern, sends. (A process instead would be left as a
// zombie of the container's program; sending before loading is impossible, and after it the profile
// would have to allow the call: bypass4netns, for one, is notified of sendmsg.) Neither thread can
// wake the other, since the first must make no system call once the filter is there: the second
// looks for the result every 50 microseconds, and the first waits without sleeping for the time of
// one sendmsg.
long load_with_listener(unsigned flags, const void* program, int connection);

}  // namespace sampan::stub
