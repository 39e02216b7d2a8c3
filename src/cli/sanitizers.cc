// Options of the sanitizers, in a build with them (-Db_sanitize). They are set here, not in the
// environment, because tests compare the environment, and hooks do not get ours.

extern "C" {

// Leaks would be looked for at exit, which init never reaches: it ends by _exit(2), or executes the
// stub. A report ends the process by SIGABRT, which no test mistakes for an error that it expects.
const char* __asan_default_options();
const char* __asan_default_options() {
    return "detect_leaks=0:abort_on_error=1";
}

const char* __ubsan_default_options();
const char* __ubsan_default_options() {
    return "halt_on_error=1:abort_on_error=1:print_stacktrace=1";
}
}
