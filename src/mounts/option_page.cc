#include "mounts/option_page.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "os/mount_aside.h"

namespace sampan {

namespace {

constexpr size_t longest_string = 255;  // fsconfig(2)

// The name and the value are separate strings.
bool is_long(std::string_view option) {
    const size_t equals = option.find('=');
    if (equals == std::string_view::npos) return option.size() > longest_string;
    return equals > longest_string || option.size() - equals - 1 > longest_string;
}

// Labels contain commas.
std::string quoted(const std::string& option) {
    const size_t equals = option.find('=');
    if (!option.substr(0, equals).ends_with("context") || !option.contains(',')) return option;
    return format("{}=\"{}\"", option.substr(0, equals), option.substr(equals + 1));
}

// mount(2) would silently cut off what does not fit into the page.
Result<std::string> join_options(const FilesystemRequest& request) {
    std::vector<std::string> options;
    options.reserve(request.data.size());
    for (const std::string& option : request.data)
        options.push_back(quoted(option));
    std::string joined = join(options, ",");
    const size_t room = static_cast<size_t>(::sysconf(_SC_PAGESIZE)) - 1;
    if (joined.size() > room)
        return failf("the options of {} are {} bytes long, and the kernel takes {}", request.type,
                     joined.size(), room);
    return joined;
}

Result<Fd> mount_there(const FilesystemRequest& request,
                       const std::string& options,
                       const char* place) {
    if (::mount(request.source.empty() ? nullptr : request.source.c_str(), place,
                request.type.c_str(), request.superblock_set, options.c_str()) < 0)
        return fail_errno("making a file system of type {} with options of more than {} bytes",
                          request.type, longest_string);
    return clone_tree(AT_FDCWD, place, 0);
}

}  // namespace

bool needs_option_page(const FilesystemRequest& request) {
    return request.source.size() > longest_string || std::ranges::any_of(request.data, is_long);
}

// mount(2) mounts at a path, and at once. In a child process, nobody sees it, and a copy of it is
// as detached as what fsmount(2) returns.
Result<Fd> make_filesystem_by_page(const FilesystemRequest& request) {
    const std::string options = TRY(join_options(request));
    Fd mount =
        TRY(mount_aside([&](const char* place) { return mount_there(request, options, place); }));
    // MS_RDONLY applies to the mount too.
    TRY(change_mount(
        mount.get(),
        MountAttributes{.set = request.attributes, .clear = MOUNT_ATTR__ATIME | MOUNT_ATTR_RDONLY},
        Reach::one_mount));
    return mount;
}

}  // namespace sampan
