// Follows a command and the processes that it makes through their system calls, and makes one of
// them fail.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <set>

namespace faults {

// The processes are counted in the order in which they come to be, from 1 on, the command; the
// calls of each from 1 on, too, as far as they can fail. A process that executes anything but the
// stub (a hook, a tool, the user's program) is not followed any further.
struct Point {
    int process = 0;  // 0: none fails
    int call = 0;
    int code = 0;                    // the errno
    static constexpr int kill = -1;  // in place of one: the process is killed
};

enum class Role { runtime, init, helper, stub };
const char* name_of(Role role);

struct Followed {
    int number = 0;
    Role role = Role::helper;
    int calls = 0;
    bool fails_now = false;     // its call that is under way
    bool makes_spaces = false;  // the same, a clone(2) with new namespaces
};

class Tracer {
  public:
    // Writes to `report`, a line each: without a point every call that may fail, as
    // "PROCESS CALL ROLE NAME", else the one that failed, as "ROLE NAME WORDS" with the words for
    // the error. When the time is up, "hung", and where each process was: "  ROLE NAME".
    Tracer(Point point, std::FILE* report) : point_(point), report_(report) {}
    // Runs the command to its end; what it leaves behind goes on alone. Its exit code, as a shell
    // tells it. 124 when it does not end within `seconds`: then all are killed.
    int run(char** command, unsigned seconds);

  private:
    void follow(pid_t pid, Role role);
    void handle_stop(pid_t pid, int status);
    void handle_call(pid_t pid, Followed& process);
    void enter_call(pid_t pid, Followed& process, uint64_t number, const uint64_t* arguments);
    void handle_clone(pid_t pid);
    void handle_exec(pid_t pid, Followed& process);
    void let_others_go();
    int give_up();

    Point point_;
    std::FILE* report_;
    std::map<pid_t, Followed> followed_;
    std::set<pid_t> unknown_;  // stopped already, while who made them has not told so yet
    pid_t command_ = 0;
    bool executed_ = false;  // what is called before the command is executed does not count
    int made_ = 0;
};

}  // namespace faults
