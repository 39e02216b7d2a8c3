// The entrance to this room: config.json, read and checked.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "spec/check.h"
#include "spec/config.h"
#include "spec/locate.h"
#include "spec/reader.h"
#include "spec/tables.h"
#include "spec/writer.h"

namespace sampan {

struct SpecFile {
    Spec spec;
    std::string path;
    std::string text;               // to find the places of later problems
    std::vector<Problem> warnings;  // unknown properties, deprecated forms
};

// Larger files are refused without being read.
inline constexpr size_t max_spec_size = size_t{16} << 20;

// Reads and checks the config.json at `path`. Anything but a regular file is refused, without
// waiting for it. An error about the content has the problems with their places, and the text.
Result<SpecFile> read_spec(const std::string& path);
// The same for a text that was already read; `path` is the name that errors show.
Result<SpecFile> read_spec_text(std::string text, const std::string& path);
// A process object in a text of its own, for `exec --process`: read and checked like the one of
// config.json. Pointers start at it.
struct ProcessFile {
    spec::Process process;
    std::string path;
    std::string text;
    std::vector<Problem> warnings;
};
Result<ProcessFile> read_process(std::string text, const std::string& path);

// The content of the file; other kinds of files are refused, see above.
Result<std::string> read_spec_file(const std::string& path);

// A JSON text from the caller. `path` may also be a FIFO, whose writer we wait for, or standard
// input, as "-" or by one of its names.
struct GivenText {
    std::string text;
    std::string name;  // for errors
};
Result<GivenText> read_given_text(const std::string& path);

// For a file that has only the part of config.json at `pointer` ("/linux/resources"): an error
// about a value in that part gets the place in the file.
Error locate_in_part(Error error,
                     std::string_view pointer,
                     const std::string& path,
                     const std::string& text);

}  // namespace sampan
