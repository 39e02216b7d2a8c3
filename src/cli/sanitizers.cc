// What the sanitizers are asked for, in a build with them (-Db_sanitize): by the environment they
// would be told what the tests compare, and hooks lose it.

extern "C" {

// Leaks would be looked for at exit, by a process that init never is: it leaves by _exit(2) or by
// executing the stub. A report ends the process by SIGABRT, which no test takes for an error that
// it expects.
const char* __asan_default_options();
const char* __asan_default_options() {
    return "detect_leaks=0:abort_on_error=1";
}

const char* __ubsan_default_options();
const char* __ubsan_default_options() {
    return "halt_on_error=1:abort_on_error=1:print_stacktrace=1";
}
}
