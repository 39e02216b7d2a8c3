// Follows the system calls of a command and of the processes that it makes, and makes one of them
// fail.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <set>

namespace faults {

// Processes are counted in the order in which they are made, starting with 1 for the command. The
// calls of each process are counted from 1 too, if they can fail. A process that executes anything
// but the stub (a hook, a tool, the user's program) is not followed any further.
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
    bool fails_now = false;     // in the call that it is making now
    bool makes_spaces = false;  // the same, a clone(2) with new namespaces
};

class Tracer {
  public:
    // Writes lines to `report`. Without a point: every call that may fail, as "PROCESS CALL ROLE
    // NAME". Otherwise the call that has failed, as "ROLE NAME WORDS", with the words for the
    // error. If the time is up: "hung", and where each process was, as "  ROLE NAME".
    Tracer(Point point, std::FILE* report) : point_(point), report_(report) {}
    // Runs the command to its end; what it leaves behind goes on by itself. Returns the exit code
    // in the form of a shell, or 124 if the command does not end within `seconds`: then all
    // processes are killed.
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
    std::set<pid_t> unknown_;  // stopped before we know who made them
    pid_t command_ = 0;
    bool executed_ = false;  // calls before the command is executed do not count
    int made_ = 0;
};

}  // namespace faults
