// What the first bytes of a file say about how the kernel would execute it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sampan {

// As many bytes of a script as the kernel looks at (BINPRM_BUF_SIZE); an ELF header fits in too.
inline constexpr size_t executable_head_bytes = 256;

// The interpreter of a file that starts with "#!"; nothing for other files. The line is read like
// the kernel reads it (fs/binfmt_script.c): up to the first blank, so that the name may end in a
// '\r', or be "".
std::optional<std::string> script_interpreter(std::string_view head);

// True for a script before whose "#!" an editor has put a byte order mark: no kernel executes it.
bool starts_with_mark(std::string_view head);

struct ElfFacts {
    uint16_t machine = 0;  // EM_*
    uint16_t type = 0;     // ET_*
    std::string broken;    // why the file must be broken, or ""
    std::string loader;    // PT_INTERP, or ""
};

// Facts about a file that starts with the ELF magic number; nothing for other files. Reads program
// headers from `fd`, at most a few KB.
std::optional<ElfFacts> read_elf(int fd, std::string_view head);

// "x86_64", "aarch64 (arm64)", "machine 999"
std::string machine_name(uint16_t machine);
// EM_* of the machine for which this program was built.
uint16_t own_machine();
// True if a 64-bit kernel for our machine may also run programs of this one (x86 on x86_64).
bool is_compatible_machine(uint16_t machine);

// Whether it is printable text, as far as the head shows.
bool looks_like_text(std::string_view head);

}  // namespace sampan
