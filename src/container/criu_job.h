// What checkpoint and restore have in common: where the images are, and which CRIU works.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "container/criu_plan.h"
#include "launch/criu.h"
#include "os/fd.h"

namespace sampan {

struct CriuJob {
    std::string program;      // --criu; "": the one that is found
    std::string search_path;  // PATH of our caller
    std::string image_path;   // absolute
    std::string work_path;    // absolute, for the log and what else CRIU writes; "": image_path
    CriuOptions options;      // those that the command line sets
    int status_fd = -1;       // gets a NUL once pages can be fetched; -1: none
};

// The folder of the images, and the file of the log.
struct CriuFolders {
    Fd images;
    std::string log;
};

// "dump.log" and "restore.log", as other runtimes call them.
enum class CriuWork { dump, restore };
// Makes those that are missing, except for images that are to be restored.
Result<CriuFolders> open_folders(const CriuJob& job, CriuWork work);
// The job's options, with the folders that CRIU opens.
CriuOptions options_in(const CriuJob& job, CriuWork work);
// Where CRIU finds what comes after these folders among its descriptors.
int first_inherited_fd(const CriuJob& job);

// criu_config_file() of the files that this machine has.
std::string find_criu_config(const std::map<std::string, std::string>& annotations);

// Starts CRIU, and checks that it is new enough, and can do what is asked for.
Result<Criu> start_criu(const CriuJob& job, CriuSurroundings around);

// The failure, with what CRIU's log says about it, and where that is.
Error explain_by_log(Error error, const CriuFolders& folders);

// Those destinations that are reached through links below `root` (O_PATH).
RealPaths find_real_paths(int root, const std::vector<OutsideMount>& mounts);

// Tells the reader of --status-fd, once.
void tell_status(CriuJob& job, const std::string& notification);

inline constexpr const char* streams_name = "descriptors.json";

}  // namespace sampan
