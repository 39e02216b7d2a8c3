// What is at the path of config.json need not be a file, and may be hostile.
#include "os/file.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include <doctest/doctest.h>

#include "spec/default_config.h"
#include "spec/spec.h"

using namespace sampan;

namespace {

class Folder {
  public:
    Folder() { REQUIRE(mkdtemp(path_.data()) != nullptr); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { (void)remove_tree(cwd, path_.data()); }
    [[nodiscard]] std::string file(const char* name) const {
        return std::string(path_.data()) + "/" + name;
    }

  private:
    std::array<char, 32> path_{"/tmp/sampan-spec.XXXXXX"};
};

std::string refusal(const std::string& path) {
    const auto file = read_spec(path);
    return file ? "accepted" : file.error().message();
}

}  // namespace

TEST_CASE("file: whatever is not a file is refused at once") {
    const Folder folder;
    const std::string fifo = folder.file("fifo");
    REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
    CHECK(refusal(fifo) == fifo + " is a FIFO, not a file");
    CHECK(refusal(folder.file("")) == folder.file("") + " is a folder, not a file");
    CHECK(refusal("/dev/zero") == "/dev/zero is a device, not a file");
    CHECK(refusal("/dev/null") == "/dev/null is a device, not a file");

    const std::string name = folder.file("socket");
    const Fd socket_fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    struct sockaddr_un address {};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.c_str(), name.size() + 1);
    REQUIRE(bind(socket_fd.get(), reinterpret_cast<const struct sockaddr*>(&address),
                 sizeof address) == 0);
    CHECK(refusal(name) == name + " is a socket, not a file");
}

TEST_CASE("file: a missing one is named, with its errno") {
    const Folder folder;
    const auto file = read_spec(folder.file("config.json"));
    REQUIRE(!file);
    CHECK(file.error().code() == ENOENT);
    CHECK(file.error().message().find("config.json") != std::string::npos);
    CHECK(!file.error().hint().empty());
}

TEST_CASE("file: a huge one is not read") {
    const Folder folder;
    const std::string path = folder.file("config.json");
    const Fd file(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    REQUIRE(ftruncate(file.get(), off_t{1} << 30) == 0);
    CHECK(refusal(path) == path + " is larger than 16 MiB");
}

TEST_CASE("file: an empty one and one of NULs are said to be so") {
    const Folder folder;
    const std::string path = folder.file("config.json");
    REQUIRE(replace_file(cwd, path, "", 0600));
    const auto empty = read_spec(path);
    REQUIRE(!empty);
    CHECK(render_problem(empty.error().problems().at(0), "config.json", empty.error().text()) ==
          "config.json: the file is empty");
    REQUIRE(replace_file(cwd, path, std::string(100, '\0'), 0600));
    const auto nuls = read_spec(path);
    REQUIRE(!nuls);
    CHECK(nuls.error().problems().at(0).what == "a NUL character cannot be part of a JSON text");
}

TEST_CASE("file: a good one is read, through a link as well") {
    const Folder folder;
    const std::string path = folder.file("config.json");
    const std::string text = write_json(default_config(), JsonStyle::indented);
    REQUIRE(replace_file(cwd, path, text, 0600));
    REQUIRE(symlink("config.json", folder.file("link").c_str()) == 0);
    const auto file = read_spec(folder.file("link"));
    REQUIRE(file);
    CHECK(file->spec == default_config());
    CHECK(file->text == text);
}
