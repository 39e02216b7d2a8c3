// Whether what a bundle names is there: its root, its program and what interprets it, sources of
// binds, hooks, namespaces to join. `validate` and `plan` ask; create does not, since it finds out
// by doing it.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.h"
#include "plan/request.h"
#include "spec/check.h"
#include "spec/config.h"

namespace sampan {

// Changes nothing and executes nothing. Of files only the first bytes of regular ones are read, and
// nobody leads us out of the root (mounts/foreseen_files.h). What cannot be known before the
// container exists is left out. Each finding has its place in config.json.
spec::Findings find_absent(const Spec& spec, const Plan& plan);

// All that is found wrong with a bundle without making a container: by reading config.json, by its
// rules, by planning it for `host`, and by looking for what it names.
struct Verdict {
    std::string path;  // of config.json
    std::string text;  // its content, to find the places
    std::vector<Problem> problems;
    std::vector<Problem> warnings;
};
Verdict judge(const std::string& config_path, const Host& host, const Request& request);

}  // namespace sampan
