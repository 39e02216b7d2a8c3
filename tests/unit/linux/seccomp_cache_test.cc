#include "linux/seccomp_cache.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "base/text.h"
#include "os/file.h"

#include "checked.h"
#include "skip.h"
#include "support.h"

using namespace sampan;
using namespace sampan::testing;
using enum spec::SeccompAction;

namespace {

spec::Seccomp profile(uint32_t code) {
    spec::Seccomp seccomp;
    seccomp.default_action = scmp_act_allow;
    seccomp.syscalls = {{{"mkdir"}, scmp_act_errno, code, {}}};
    return seccomp;
}

struct Cache {
    TempFolder parent;
    std::string folder = parent.path() + "/cache";

    [[nodiscard]] CachedSeccomp get(const spec::Seccomp& seccomp) const {
        Result<CachedSeccomp> got = cached_seccomp(checked(seccomp), folder);
        REQUIRE(got);
        const Result<SeccompFilter> compiled = compile_seccomp(checked(seccomp));
        REQUIRE(compiled);
        // Whatever is in the folder, the filter is that of the profile.
        CHECK(got->filter == *compiled);
        return std::move(*got);
    }
    [[nodiscard]] std::string only_file() const {
        const Result<std::vector<std::string>> names = list_directory(cwd, folder);
        REQUIRE(names);
        REQUIRE(names->size() == 1);
        return folder + "/" + names->front();
    }
};

void overwrite(const std::string& path, std::string_view text) {
    const Result<Fd> fd = open_at(cwd, path, O_WRONLY | O_TRUNC);
    REQUIRE(fd);
    REQUIRE(write_all(fd->get(), text));
}

}  // namespace

TEST_CASE("seccomp cache: the second time comes from the cache") {
    const Cache cache;
    CHECK_FALSE(cache.get(profile(1)).from_cache);
    CHECK(cache.get(profile(1)).from_cache);
    CHECK_FALSE(cache.get(profile(2)).from_cache);
    CHECK(cache.get(profile(1)).from_cache);
    struct stat info {};
    REQUIRE(::stat(cache.folder.c_str(), &info) == 0);
    CHECK((info.st_mode & 07777) == 0700);
}

TEST_CASE("seccomp cache: profiles that differ in anything do not share a filter") {
    const Cache cache;
    (void)cache.get(profile(1));
    spec::Seccomp other = profile(1);
    other.flags.emplace();
    CHECK_FALSE(cache.get(other).from_cache);
    other = profile(1);
    other.default_action = scmp_act_log;
    CHECK_FALSE(cache.get(other).from_cache);
    other = profile(1);
    other.syscalls[0].args = {{0, 1, {}, spec::SeccompOperator::scmp_cmp_eq}};
    CHECK_FALSE(cache.get(other).from_cache);
    other.syscalls[0].args[0].value_two = 0;
    CHECK_FALSE(cache.get(other).from_cache);
    other = profile(1);
    other.architectures = {spec::SeccompArch::scmp_arch_x86};
    CHECK_FALSE(cache.get(other).from_cache);
    CHECK(cache.get(profile(1)).from_cache);
}

TEST_CASE("seccomp cache: a damaged file is not believed") {
    const Cache cache;
    (void)cache.get(profile(1));
    const std::string path = cache.only_file();
    const Result<std::string> good = read_file(cwd, path);
    REQUIRE(good);
    // Every byte of the header, and some of the rest.
    for (size_t i = 0; i < good->size(); i += i < 32 ? 1 : 11) {
        std::string bad = *good;
        bad[i] = static_cast<char>(bad[i] ^ 0x10);
        overwrite(path, bad);
        CHECK_FALSE(cache.get(profile(1)).from_cache);
    }
    for (const size_t size :
         {size_t{0}, size_t{8}, size_t{32}, good->size() - 8, good->size() - 1}) {
        overwrite(path, good->substr(0, size));
        CHECK_FALSE(cache.get(profile(1)).from_cache);
    }
    overwrite(path, *good + "12345678");
    CHECK_FALSE(cache.get(profile(1)).from_cache);
    CHECK(cache.get(profile(1)).from_cache);
}

TEST_CASE("seccomp cache: the filter of another profile under the right name is not believed") {
    const Cache cache;
    (void)cache.get(profile(1));
    const std::string path = cache.only_file();
    const Cache second;
    (void)second.get(profile(2));
    const Result<std::string> other = read_file(cwd, second.only_file());
    REQUIRE(other);
    overwrite(path, *other);
    CHECK_FALSE(cache.get(profile(1)).from_cache);
}

TEST_CASE("seccomp cache: what others may write to, or own, is not believed") {
    const Cache cache;
    (void)cache.get(profile(1));
    const std::string path = cache.only_file();
    REQUIRE(::chmod(path.c_str(), 0666) == 0);
    CHECK_FALSE(cache.get(profile(1)).from_cache);
    CHECK(cache.get(profile(1)).from_cache);
    REQUIRE(::chmod(cache.folder.c_str(), 0777) == 0);
    CHECK_FALSE(cache.get(profile(1)).from_cache);
    REQUIRE(::chmod(cache.folder.c_str(), 0700) == 0);
    CHECK(cache.get(profile(1)).from_cache);
    if (::geteuid() != 0) return skip("only root can give files away");
    REQUIRE(::chown(path.c_str(), 1000, 1000) == 0);
    CHECK_FALSE(cache.get(profile(1)).from_cache);
    REQUIRE(::chown(cache.folder.c_str(), 1000, 1000) == 0);
    CHECK_FALSE(cache.get(profile(1)).from_cache);
    CHECK_FALSE(cache.get(profile(1)).from_cache);
}

TEST_CASE("seccomp cache: neither links nor FIFOs are followed") {
    const Cache cache;
    (void)cache.get(profile(1));
    const std::string path = cache.only_file();
    const std::string moved = cache.parent.path() + "/moved";
    REQUIRE(::rename(path.c_str(), moved.c_str()) == 0);
    REQUIRE(::symlink(moved.c_str(), path.c_str()) == 0);
    CHECK_FALSE(cache.get(profile(1)).from_cache);
    REQUIRE(::unlink(path.c_str()) == 0);
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    CHECK_FALSE(cache.get(profile(1)).from_cache);
}

TEST_CASE("seccomp cache: a folder that cannot be made is no error") {
    const Result<CachedSeccomp> got = cached_seccomp(profile(1), "/proc/none/cache");
    REQUIRE(got);
    CHECK_FALSE(got->from_cache);
}

TEST_CASE("seccomp cache: the oldest goes when there are 32") {
    const Cache cache;
    for (uint32_t code = 1; code <= 40; ++code)
        (void)cached_seccomp(checked(profile(code)), cache.folder);
    const Result<std::vector<std::string>> names = list_directory(cwd, cache.folder);
    REQUIRE(names);
    CHECK(names->size() == 32);
    CHECK(cache.get(profile(40)).from_cache);
    CHECK_FALSE(cache.get(profile(1)).from_cache);
}

TEST_CASE("seccomp cache: errors of the profile are told, and filters that notify are kept") {
    spec::Seccomp seccomp = profile(1);
    seccomp.architectures = {spec::SeccompArch::scmp_arch_s390x};
    const Cache cache;
    CHECK(cached_seccomp(checked(seccomp), cache.folder).error().pointer() ==
          "/linux/seccomp/architectures");
    seccomp.architectures.clear();
    seccomp.syscalls[0] = {{"mkdir"}, scmp_act_notify, {}, {}};
    seccomp.listener_path = "/run/listener";
    CHECK((cached_seccomp(checked(seccomp), cache.folder)->filter.flags &
           SECCOMP_FILTER_FLAG_NEW_LISTENER) != 0);
}
