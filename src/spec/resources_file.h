// A JSON text with the object that /linux/resources is in config.json: what `update` is given.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "spec/check.h"
#include "spec/resources.h"

namespace sampan {

// Where the object stands in config.json: pointers of checks and planners begin with it.
inline constexpr std::string_view resources_pointer = "/linux/resources";

struct ResourcesFile {
    spec::Resources resources;
    std::string path;
    std::string text;               // for the places of later problems
    std::vector<Problem> warnings;  // unknown properties
};

// Reads and checks. An error has all problems, with places, and the text; `path` is the name that
// it shows.
Result<ResourcesFile> read_resources(std::string text, const std::string& path);

// The first rule that the values break together, with its pointer.
Status check_together(const spec::Resources& resources);

}  // namespace sampan
