#include "linux/exec_failure.h"

#include <elf.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include <doctest/doctest.h>

#include "base/text.h"
#include "linux/executable_file.h"
#include "os/file.h"

#include "support.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

template <class T>
std::string bytes_of(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

// A 64-bit ELF file with one program header, which names a loader.
std::string elf_file(uint16_t machine, uint16_t type, const std::string& loader) {
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_type = type;
    header.e_machine = machine;
    header.e_version = EV_CURRENT;
    header.e_phoff = sizeof header;
    header.e_ehsize = sizeof header;
    header.e_phentsize = sizeof(Elf64_Phdr);
    header.e_phnum = 1;
    Elf64_Phdr part{};
    part.p_type = PT_INTERP;
    part.p_offset = sizeof header + sizeof part;
    part.p_filesz = loader.size() + 1;
    return bytes_of(header) + bytes_of(part) + loader + '\0';
}

// A root with files in it. execute() really executes one of them, in a child that has it as its
// root, and explains the failure from outside.
struct Root {
    TempFolder folder;

    [[nodiscard]] std::string execute(const std::string& path,
                                      uid_t uid = 0,
                                      const std::vector<std::string>& args = {"x"}) const {
        const ChildEnd child = in_child([&] {
            if (::chroot(folder.path().c_str()) < 0 || ::chdir("/") < 0)
                return std::string("chroot");
            if (uid != 0 && ::setresuid(uid, uid, uid) < 0) return std::string("setresuid");
            std::vector<char*> words;
            for (const std::string& word : args)
                words.push_back(const_cast<char*>(word.c_str()));
            words.push_back(nullptr);
            char* const no_environment[] = {nullptr};
            ::execve(path.c_str(), words.data(), no_environment);
            return format("{}", errno);
        });
        const std::optional<int> code = parse_number<int>(child.output);
        if (!code) return "executed: " + child.output;
        const Result<Fd> root = open_at(cwd, folder.path(), O_PATH | O_DIRECTORY);
        const Result<Fd> proc = open_at(cwd, "/proc", O_PATH | O_DIRECTORY);
        REQUIRE(root);
        REQUIRE(proc);
        last = explain_exec_failure(root->get(), proc->get(), {"NAME", path, *code, uid, 0, {}});
        const std::string text = last.message();
        // Without the quotes if the program is there, and what it needs is not.
        const bool is_other = last.kind() == ErrorKind::not_executable && *code == ENOENT;
        const std::string start = is_other ? "exec NAME: " : "exec: \"NAME\": ";
        REQUIRE(text.starts_with(start));
        return text.substr(start.size());
    }

    mutable Error last = Error("");
};

}  // namespace

TEST_CASE("exec failure: a file that is missing, or a folder") {
    if (!can_make_namespaces()) return;
    const Root root;
    root.folder.write("bin/x", "", 0755);
    CHECK(root.execute("/bin/none") == "no such file or directory: /bin/none does not exist");
    CHECK(root.execute("/bin") == "permission denied: /bin is a directory");
    CHECK(root.execute("/bin/x/y") ==
          "not a directory: /bin/x/y: a part of its path is not a directory");
}

TEST_CASE("exec failure: a program that is missing is of another kind than one that cannot run") {
    if (!can_make_namespaces()) return;
    const Root root;
    root.folder.write("run.sh", "#!/usr/bin/python9 -u\n", 0755);
    (void)root.execute("/bin/none");
    CHECK(root.last.kind() == ErrorKind::program_not_found);
    (void)root.execute("/run.sh");
    CHECK(root.last.kind() == ErrorKind::not_executable);
}

TEST_CASE("exec failure: a script whose interpreter is not there") {
    if (!can_make_namespaces()) return;
    const Root root;
    root.folder.write("run.sh", "#!/usr/bin/python9 -u\n", 0755);
    root.folder.write("nested.sh", "#!/run.sh\n", 0755);
    root.folder.write("crlf.sh", "#!/bin/sh\r\necho\r\n", 0755);
    root.folder.write("none.sh", "#!  \n", 0755);
    root.folder.write("bin/sh", "", 0644);
    root.folder.write("noexec.sh", "#!/bin/sh\n", 0755);
    root.folder.write("folder.sh", "#!/bin\n", 0755);
    root.folder.write("loop.sh", "#!/loop.sh\n", 0755);
    CHECK(root.execute("/run.sh") ==
          "no such file or directory: the interpreter \"/usr/bin/python9\" of /run.sh does not "
          "exist");
    CHECK(root.execute("/nested.sh") ==
          "no such file or directory: the interpreter \"/usr/bin/python9\" of /run.sh does not "
          "exist");
    CHECK(root.execute("/crlf.sh") ==
          "no such file or directory: the first line of /crlf.sh ends in CR LF, so its interpreter "
          "would be \"/bin/sh\\r\"");
    CHECK(root.last.hint() == "save the file with Unix line endings (dos2unix)");
    CHECK(root.execute("/none.sh") ==
          "exec format error: /none.sh starts with #! but names no interpreter");
    CHECK(root.execute("/noexec.sh") ==
          "permission denied: the interpreter \"/bin/sh\" of /noexec.sh is executable for nobody "
          "(mode 0644)");
    CHECK(root.execute("/folder.sh") ==
          "permission denied: the interpreter \"/bin\" of /folder.sh is a directory");
    CHECK(root.execute("/loop.sh").find("more than 5 interpreters in a row") != std::string::npos);
}

TEST_CASE("exec failure: a file that is no program") {
    if (!can_make_namespaces()) return;
    const Root root;
    root.folder.write("text", "echo hello\n", 0755);
    root.folder.write("empty", "", 0755);
    root.folder.write("binary", std::string("\x01\x02\x00\x03", 4), 0755);
    CHECK(root.execute("/text") == "exec format error: /text is a text file without #!");
    root.folder.write("mark.sh", "\xef\xbb\xbf#!/bin/sh\n", 0755);
    CHECK(root.execute("/mark.sh") ==
          "exec format error: /mark.sh starts with a byte order mark, before its #!");
    CHECK(root.last.hint() == "save the file as UTF-8 without a byte order mark (BOM)");
    CHECK(root.execute("/empty") == "exec format error: /empty is an empty file");
    CHECK(root.execute("/binary") ==
          "exec format error: /binary is not a program: neither ELF nor a script with #!");
}

TEST_CASE("exec failure: programs for another machine, and damaged ones") {
    if (!can_make_namespaces()) return;
    const Root root;
    const uint16_t other = own_machine() == EM_S390 ? EM_X86_64 : EM_S390;
    const std::string good = elf_file(own_machine(), ET_EXEC, "/lib/ld.so");
    root.folder.write("other", elf_file(other, ET_EXEC, "/lib/ld.so"), 0755);
    root.folder.write("object.o", elf_file(own_machine(), ET_REL, "/lib/ld.so"), 0755);
    root.folder.write("loader", good, 0755);
    root.folder.write("short", good.substr(0, 40), 0755);
    root.folder.write("headers", good.substr(0, 80), 0755);
    root.folder.write("via.sh", "#!/other\n", 0755);
    CHECK(root.execute("/other") ==
          format("exec format error: /other is built for {}, and this machine is {}",
                 machine_name(other), machine_name(own_machine())));
    CHECK(root.execute("/via.sh").find("the interpreter \"/other\" of /via.sh is built for") !=
          std::string::npos);
    CHECK(root.execute("/object.o") ==
          "exec format error: /object.o is an ELF file but not a program (an object file)");
    CHECK(root.execute("/loader") ==
          "no such file or directory: the loader \"/lib/ld.so\" of /loader does not exist");
    CHECK(root.execute("/short").find("damaged: it ends inside of the ELF header") !=
          std::string::npos);
    CHECK(root.execute("/headers").find("damaged: it ends inside of its program headers") !=
          std::string::npos);
    root.folder.write("lib/ld.so", elf_file(other, ET_DYN, "x"), 0755);
    CHECK(root.execute("/loader").find("the loader \"/lib/ld.so\" of /loader is built for") !=
          std::string::npos);
    root.folder.write("lib/ld.so", "text", 0644);
    CHECK(root.execute("/loader") ==
          "permission denied: the loader \"/lib/ld.so\" of /loader is executable for nobody (mode "
          "0644)");
}

TEST_CASE("exec failure: rights of the file, of a folder, and of a mount") {
    if (!can_make_namespaces()) return;
    const Root root;
    root.folder.write("plain", "#!/bin/sh\n", 0644);
    root.folder.write("owner", "#!/bin/sh\n", 0744);
    root.folder.write("closed/tool", "#!/bin/sh\n", 0755);
    REQUIRE(::chmod((root.folder.path() + "/closed").c_str(), 0700) == 0);
    CHECK(root.execute("/plain") ==
          "permission denied: /plain is executable for nobody (mode 0644)");
    CHECK(root.last.hint() == "chmod +x makes it executable");
    CHECK(root.execute("/owner", 1000) ==
          "permission denied: /owner is not executable for this user (mode 0744, owner 0:0; the "
          "process is uid 1000, gid 0)");
    CHECK(root.execute("/closed/tool", 1000)
              .starts_with("permission denied: the folder /closed may not be searched (mode 0700"));
    const ChildEnd mounted = in_child([&] {
        const std::string place = root.folder.path() + "/mnt";
        if (::unshare(CLONE_NEWNS) < 0 ||
            ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) < 0 ||
            ::mkdir(place.c_str(), 0755) < 0 ||
            ::mount("tmpfs", place.c_str(), "tmpfs", MS_NOEXEC, nullptr) < 0)
            return std::string("mount");
        root.folder.write("mnt/tool", "#!/bin/sh\n", 0755);
        return root.execute("/mnt/tool");
    });
    CHECK(mounted.output == "permission denied: /mnt/tool is on a mount with the option noexec");
}

TEST_CASE("exec failure: it is foreseen without an attempt") {
    const TempFolder folder;
    folder.write("good", "#!/bin/sh\n", 0755);
    folder.write("plain", "#!/bin/sh\n", 0644);
    folder.write("theirs", "#!/bin/sh\n", 0700);
    folder.write("crlf", "#!/bin/sh\r\n", 0755);
    folder.write("bin/sh", elf_file(own_machine(), ET_EXEC, "/lib/ld.so"), 0755);
    folder.write("lib/ld.so", elf_file(own_machine(), ET_DYN, "/none"), 0755);
    const Result<Fd> proc = open_at(cwd, "/proc", O_PATH | O_DIRECTORY);
    REQUIRE(proc);
    const OpenPath open = [&](const std::string& path) {
        // Of one folder nothing is known.
        if (path.starts_with("/unknown")) return Result<Fd>(fail("opening it", EXDEV));
        return open_at(cwd, folder.path() + path, O_PATH);
    };
    const auto foresee = [&](const std::string& path) {
        const auto found = foresee_exec_failure(
            open, proc->get(), {.name = {}, .path = path, .uid = ::getuid() + 1, .gid = 1});
        return found ? found->reason : "nothing";
    };
    CHECK(foresee("/good") == "nothing");
    CHECK(foresee("/unknown/program") == "nothing");
    CHECK(foresee("/none") == "no such file or directory: /none does not exist");
    CHECK(foresee("/plain") == "permission denied: /plain is executable for nobody (mode 0644)");
    CHECK(foresee("/theirs").starts_with("permission denied: /theirs is not executable for this"));
    CHECK(foresee("/crlf").starts_with("no such file or directory: the first line of /crlf ends"));
}

TEST_CASE("exec failure: links are followed inside the root only, and FIFOs never opened") {
    if (!can_make_namespaces()) return;
    const Root root;
    root.folder.write("bin/run", "#!/none\n", 0755);
    const std::string& at = root.folder.path();
    REQUIRE(::symlink("/bin/run", (at + "/link").c_str()) == 0);
    REQUIRE(::symlink("../../../../../../../../bin/sh", (at + "/out").c_str()) == 0);
    REQUIRE(::mkfifo((at + "/fifo").c_str(), 0755) == 0);
    CHECK(root.execute("/link").find("the interpreter \"/none\" of /link does not exist") !=
          std::string::npos);
    CHECK(root.execute("/out") == "no such file or directory: /out does not exist");
    CHECK(root.execute("/fifo") == "permission denied: /fifo is not a regular file");
}

TEST_CASE("exec failure: too long a list, a busy file") {
    if (!can_make_namespaces()) return;
    const Root root;
    const std::string path =
        root.folder.write("busy", elf_file(own_machine(), ET_EXEC, "/x"), 0755);
    CHECK(root.execute("/busy", 0, {"x", std::string(200'000, 'a')})
              .starts_with("argument list too long: process.args and process.env are larger"));
    const Result<Fd> writer = open_at(cwd, path, O_WRONLY);
    REQUIRE(writer);
    CHECK(root.execute("/busy") == "text file busy: /busy is open for writing");
}

TEST_CASE("exec failure: a code without a cause in the file is told as it is") {
    const TempFolder folder;
    const Result<Fd> root = open_at(cwd, folder.path(), O_PATH | O_DIRECTORY);
    const Result<Fd> proc = open_at(cwd, "/proc", O_PATH | O_DIRECTORY);
    REQUIRE(root);
    REQUIRE(proc);
    const auto told = [&](int code) {
        return explain_exec_failure(root->get(), proc->get(), {"x", "/x", code, 0, 0, {}})
            .message();
    };
    CHECK(told(EPERM) == R"(exec: "x": operation not permitted: a security policy refuses it)");
    CHECK(told(EACCES) == R"(exec: "x": permission denied)");
    CHECK(told(EIO) == R"(exec: "x": input/output error)");
}

TEST_CASE("executable file: the first line is read as the kernel reads it") {
    CHECK(script_interpreter("#!/bin/sh\n") == "/bin/sh");
    CHECK(script_interpreter("#! \t/bin/sh -e x\n") == "/bin/sh");
    CHECK(script_interpreter("#!/bin/sh") == "/bin/sh");
    CHECK(script_interpreter("#!/bin/sh\r\n") == "/bin/sh\r");
    CHECK(script_interpreter("#!\n") == "");
    CHECK_FALSE(script_interpreter(" #!/bin/sh\n"));
    CHECK_FALSE(script_interpreter("#"));
}
