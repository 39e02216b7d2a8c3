// One line instead of a bundle (`sampan run -ti /bin/bash`), and the options that change what a
// config.json says.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/command.h"
#include "cli/options.h"
#include "spec/spec.h"

namespace sampan {

// -t, -i or --rootfs: the arguments are a program, and not the name of a bundle or container.
[[nodiscard]] bool asks_for_line(const Parsed& parsed);
// The same, or another option of a line, or one that changes a config.json, and no bundle is named:
// what else could be meant by `run -m 64m sh`?
[[nodiscard]] bool is_line(const Parsed& parsed);
// The same, or a bundle with a program after it. `leading`: the options before the first argument.
[[nodiscard]] bool program_follows_in_a_line(const Parsed& leading);
// An error if the options of a line that a config.json would have to say are given with a bundle.
Status check_is_for_bundle(const Parsed& parsed);
// Whether an option, or a program after the bundle, asks for another config.json than the bundle's.
[[nodiscard]] bool changes_spec(const Parsed& parsed);

// The ID of the line's container: --name, or one that is made up of the program's name.
Result<std::string> name_line(const Parsed& parsed);

// The config.json for the line; the container's hostname is `id`.
Result<Spec> make_line(const Parsed& parsed, const std::string& id);

// Carries out the options that change a config.json, and puts the program in its place. `program`
// is empty if that of the config.json stays. `root` is where its root is, for names of users.
Status edit_spec(const Parsed& parsed,
                 Spec& spec,
                 const std::vector<std::string>& program,
                 const std::string& root);

// The spec as a text, checked like that of a file: a wrong value is an error with its place. `path`
// is the name that errors show.
Result<SpecFile> check_text_of(const Spec& spec, const std::string& path);

// Writes the text to a new file. An error of the kind already_exists if there is one.
Status write_new_file(const std::string& path, const std::string& text);
// --save: the text as config.json in the folder, which is made if it is missing.
Status save_bundle(const SpecFile& file, const std::string& folder);

}  // namespace sampan
