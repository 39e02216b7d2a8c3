#include "linux/seccomp_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <optional>
#include <type_traits>
#include <vector>

#include "base/text.h"
#include "os/file.h"

namespace sampan {

namespace {

// Must be raised when compile_seccomp() makes another program from the same profile, or the file
// changes.
constexpr uint32_t format_version = 1;
constexpr char magic[8] = {'s', 'a', 'm', 'p', 's', 'e', 'c', '\n'};
constexpr size_t max_entries = 32;
constexpr size_t max_file = 4 << 20;

struct Header {
    char magic[8];
    uint32_t version;
    uint32_t flags;
    uint32_t key_bytes;
    uint32_t instruction_count;
    uint64_t sum;  // of flags and instructions; the key is compared as a whole
};
static_assert(std::is_trivially_copyable_v<Header> && sizeof(Header) == 32);

// The profile as bytes, which are equal if and only if the profiles are. Every list and text has
// its length in front, every number its full width.
class Key {
  public:
    template <class T>
    void number(T value) {
        const auto wide = static_cast<uint64_t>(value);
        bytes_.append(reinterpret_cast<const char*>(&wide), sizeof wide);
    }
    template <class T>
    void maybe(const std::optional<T>& value) {
        number(value.has_value());
        if (value) number(*value);
    }
    void text(std::string_view value) {
        number(value.size());
        bytes_.append(value);
    }
    std::string take() { return std::move(bytes_); }

  private:
    std::string bytes_;
};

void add_rule(Key& key, const spec::SeccompSyscall& rule) {
    key.number(rule.names.size());
    for (const std::string& name : rule.names)
        key.text(name);
    key.number(rule.action);
    key.maybe(rule.errno_ret);
    key.number(rule.args.size());
    for (const spec::SeccompArg& arg : rule.args) {
        key.number(arg.index);
        key.number(arg.value);
        key.maybe(arg.value_two);
        key.number(arg.op);
    }
}

std::string make_key(const spec::Seccomp& seccomp) {
    Key key;
    utsname system{};
    (void)::uname(&system);  // cannot fail with a valid pointer
    key.text(seccomp_library_version());
    key.text(system.release);
    key.text(system.machine);
    key.number(seccomp.default_action);
    key.maybe(seccomp.default_errno_ret);
    key.number(seccomp.architectures.size());
    for (const spec::SeccompArch arch : seccomp.architectures)
        key.number(arch);
    key.number(seccomp.flags.has_value());
    if (seccomp.flags) {
        key.number(seccomp.flags->size());
        for (const spec::SeccompFlag flag : *seccomp.flags)
            key.number(flag);
    }
    // The listener is not part of the program; that there is one shows in the rules.
    key.number(seccomp.syscalls.size());
    for (const spec::SeccompSyscall& rule : seccomp.syscalls)
        add_rule(key, rule);
    return key.take();
}

__extension__ using Wide = unsigned __int128;

// FNV-1a with 128 bits. It only names the file, so it need not resist an attacker.
std::string file_name(std::string_view key) {
    constexpr Wide prime = (Wide{1} << 88) | 0x13b;
    Wide hash = (Wide{0x6c62272e07bb0142} << 64) | 0x62b821756295c58d;
    for (const char c : key) {
        hash ^= static_cast<unsigned char>(c);
        hash *= prime;
    }
    return format("{:016x}{:016x}", static_cast<uint64_t>(hash >> 64), static_cast<uint64_t>(hash));
}

// FNV-1a over whole instructions. It only has to find a damaged file.
uint64_t sum_of(const SeccompFilter& filter) {
    constexpr uint64_t prime = 0x100000001b3;
    uint64_t sum = 0xcbf29ce484222325 ^ filter.flags;
    for (const uint64_t word : filter.instructions) {
        sum ^= word;
        sum *= prime;
        sum ^= sum >> 32;
    }
    return sum;
}

bool is_only_ours(const struct stat& info) {
    return info.st_uid == ::geteuid() && (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

// Opens the folder, and makes it if it is missing. Invalid if it cannot be trusted.
Fd open_folder(const std::string& path) {
    constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
    Result<Fd> fd = open_at(cwd, path, flags);
    if (!fd && fd.error().code() == ENOENT && make_directory(cwd, path, 0700))
        fd = open_at(cwd, path, flags);
    if (!fd) return Fd();
    const Result<struct stat> info = stat_of(fd->get());
    if (!info || !is_only_ours(*info)) return Fd();
    return std::move(*fd);
}

// What the file contains for this key; nothing if anything in it is not as it should be.
std::optional<SeccompFilter> read_entry(int folder, const std::string& name, std::string_view key) {
    const Result<Fd> fd = open_at(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (!fd) return std::nullopt;
    const Result<struct stat> info = stat_of(fd->get());
    if (!info || !S_ISREG(info->st_mode) || !is_only_ours(*info)) return std::nullopt;
    const auto size = static_cast<size_t>(info->st_size);
    if (size < sizeof(Header) + key.size() || size > max_file) return std::nullopt;
    std::string bytes(size, '\0');
    if (::pread(fd->get(), bytes.data(), size, 0) != info->st_size) return std::nullopt;
    Header header;
    std::memcpy(&header, bytes.data(), sizeof header);
    const size_t start = sizeof header + key.size();
    if (std::memcmp(header.magic, magic, sizeof magic) != 0 || header.version != format_version ||
        header.key_bytes != key.size() || header.instruction_count == 0 ||
        size != start + header.instruction_count * sizeof(uint64_t) ||
        std::string_view(bytes).substr(sizeof header, key.size()) != key)
        return std::nullopt;
    SeccompFilter filter;
    filter.flags = header.flags;
    filter.instructions.resize(header.instruction_count);
    std::memcpy(filter.instructions.data(), bytes.data() + start, size - start);
    if (sum_of(filter) != header.sum) return std::nullopt;
    return filter;
}

// Leaves room for one more.
void remove_oldest(int folder) {
    const Result<std::vector<std::string>> names = list_directory(folder, ".");
    if (!names || names->size() < max_entries) return;
    struct Entry {
        int64_t written_ns;
        std::string name;
    };
    std::vector<Entry> entries;
    for (const std::string& name : *names) {
        const std::optional<struct stat> found =
            stat_at(folder, name, AT_SYMLINK_NOFOLLOW).value_or(std::nullopt);
        if (!found) continue;
        const timespec& time = found->st_mtim;
        entries.push_back({int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec, name});
    }
    std::ranges::sort(entries, {}, &Entry::written_ns);
    for (size_t i = 0; i + max_entries <= entries.size(); ++i)
        (void)remove_file(folder, entries[i].name);
}

void write_entry(int folder,
                 const std::string& name,
                 const std::string& key,
                 const SeccompFilter& filter) {
    Header header{};
    std::memcpy(header.magic, magic, sizeof magic);
    header.version = format_version;
    header.flags = filter.flags;
    header.key_bytes = static_cast<uint32_t>(key.size());
    header.instruction_count = static_cast<uint32_t>(filter.instructions.size());
    header.sum = sum_of(filter);
    std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
    bytes += key;
    bytes.append(reinterpret_cast<const char*>(filter.instructions.data()),
                 filter.instructions.size() * sizeof(uint64_t));
    if (bytes.size() > max_file) return;
    remove_oldest(folder);
    // If the cache cannot be written, it is only slow.
    (void)replace_file(folder, name, bytes, 0600);
}

}  // namespace

Result<CachedSeccomp> cached_seccomp(const spec::Seccomp& seccomp, const std::string& folder) {
    const Fd place = open_folder(folder);
    if (!place.valid()) return CachedSeccomp{TRY(compile_seccomp(seccomp)), false};
    const std::string key = make_key(seccomp);
    const std::string name = file_name(key);
    std::optional<SeccompFilter> known = read_entry(place.get(), name, key);
    if (known) return CachedSeccomp{std::move(*known), true};
    CachedSeccomp made{TRY(compile_seccomp(seccomp)), false};
    write_entry(place.get(), name, key, made.filter);
    return made;
}

}  // namespace sampan
