#include "container/criu_job.h"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include "base/text.h"
#include "os/file.h"
#include "os/path.h"

namespace sampan {

namespace {

constexpr CriuVersion oldest{3, 15, 0};
constexpr CriuVersion oldest_for_lsm{3, 16, 0};

std::string describe(const CriuVersion& version) {
    return version.sublevel == 0
               ? format("{}.{}", version.major, version.minor)
               : format("{}.{}.{}", version.major, version.minor, version.sublevel);
}

std::string log_name(CriuWork work) {
    return work == CriuWork::dump ? "dump.log" : "restore.log";
}

Status check_version(const CriuJob& job, const CriuVersion& version) {
    if (version < oldest)
        return failf("CRIU {} is too old: {} or newer is needed", describe(version),
                     describe(oldest));
    const bool lsm = !job.options.lsm_profile.empty() || !job.options.lsm_mount_context.empty();
    if (lsm && version < oldest_for_lsm)
        return failf("--lsm-profile and --lsm-mount-context need CRIU {} or newer, not {}",
                     describe(oldest_for_lsm), describe(version));
    return {};
}

Status check_features(Criu& criu, const CriuOptions& options) {
    const CriuFeatures wanted{.memory_tracking = options.track_memory,
                              .lazy_pages = options.lazy_pages};
    if (wanted == CriuFeatures{}) return {};
    const CriuFeatures found = TRY(criu.features(wanted));
    if (wanted.memory_tracking && !found.memory_tracking)
        return failf(
            "memory cannot be dumped bit by bit: CRIU or this kernel has no tracking of "
            "changed memory (CONFIG_MEM_SOFT_DIRTY)");
    if (wanted.lazy_pages && !found.lazy_pages)
        return failf("--lazy-pages: CRIU or this kernel has no userfaultfd for it");
    return {};
}

std::vector<std::string> folders_of(const CriuJob& job) {
    if (job.work_path.empty()) return {job.image_path};
    return {job.image_path, job.work_path};
}

Result<Fd> open_folder(const std::string& path, bool make) {
    if (make) TRY(make_directories(path, 0700));
    return open_at(cwd, path, O_RDONLY | O_DIRECTORY);
}

}  // namespace

Result<CriuFolders> open_folders(const CriuJob& job, CriuWork work) {
    CriuFolders folders;
    folders.images =
        TRY(open_folder(job.image_path, work == CriuWork::dump).in("the images (--image-path)"));
    if (!job.work_path.empty()) TRY(open_folder(job.work_path, true).in("--work-path"));
    folders.log =
        format("{}/{}", job.work_path.empty() ? job.image_path : job.work_path, log_name(work));
    // One of an earlier attempt would be quoted.
    TRY(remove_file(cwd, folders.log));
    return folders;
}

// In the order of folders_of().
CriuOptions options_in(const CriuJob& job, CriuWork work) {
    CriuOptions options = job.options;
    options.images_fd = first_criu_fd;
    if (!job.work_path.empty()) options.work_fd = first_criu_fd + 1;
    options.log_file = log_name(work);
    return options;
}

int first_inherited_fd(const CriuJob& job) {
    return first_criu_fd + static_cast<int>(folders_of(job).size());
}

std::string find_criu_config(const std::map<std::string, std::string>& annotations) {
    return criu_config_file(
        annotations, [](const std::string& path) { return ::access(path.c_str(), F_OK) == 0; });
}

Result<Criu> start_criu(const CriuJob& job, CriuSurroundings around) {
    around.folders = folders_of(job);
    around.program = TRY(find_criu(job.program, job.search_path));
    Criu criu = TRY(Criu::start(around));
    TRY(check_version(job, TRY(criu.version().in(around.program))));
    TRY(check_features(criu, job.options));
    return criu;
}

Error explain_by_log(Error error, const CriuFolders& folders) {
    constexpr size_t most = 256 << 20;
    const Result<std::string> log = read_file(cwd, folders.log, most);
    if (!log) return error;
    const std::string errors = last_errors(*log);
    Error explained(error.kind(),
                    errors.empty() ? error.message() : format("{}: {}", error.message(), errors));
    explained.set_hint(format("everything that CRIU says is in {}", folders.log));
    return explained;
}

RealPaths find_real_paths(int root, const std::vector<OutsideMount>& mounts) {
    RealPaths real;
    const Result<std::string> top = read_link(cwd, fd_path(root));
    if (!top) return real;
    const size_t prefix = *top == "/" ? 0 : top->size();
    for (const OutsideMount& mount : mounts) {
        const Result<Fd> place = open_in_root(root, mount.destination, O_PATH);
        if (!place) continue;
        const Result<std::string> path = read_link(cwd, fd_path(place->get()));
        if (!path || path->size() <= prefix || !path->starts_with(*top)) continue;
        std::string inside = path->substr(prefix);
        if (inside != mount.destination) real.emplace(mount.destination, std::move(inside));
    }
    return real;
}

void tell_status(CriuJob& job, const std::string& notification) {
    if (job.status_fd < 0 || notification != "status-ready") return;
    const Fd told(std::exchange(job.status_fd, -1));
    (void)!::write(told.get(), "", 1);
}

}  // namespace sampan
