// A JSON text with an object like /linux/resources in config.json: what `update` gets.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "spec/check.h"
#include "spec/resources.h"

namespace sampan {

// The place of the object in config.json: pointers of checks and planners begin with it.
inline constexpr std::string_view resources_pointer = "/linux/resources";

struct ResourcesFile {
    spec::Resources resources;
    std::string path;
    std::string text;               // to find the places of later problems
    std::vector<Problem> warnings;  // unknown properties
};

// Reads and checks it. An error has all problems with their places, and the text; `path` is the
// name that it shows.
Result<ResourcesFile> read_resources(std::string text, const std::string& path);

// The first rule about several values that they break, with its pointer.
Status check_together(const spec::Resources& resources);

}  // namespace sampan
