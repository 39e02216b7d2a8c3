// What the first bytes of a file say about how the kernel would execute it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sampan {

// The kernel looks at so many bytes of a script (BINPRM_BUF_SIZE); an ELF header fits in, too.
inline constexpr size_t executable_head_bytes = 256;

// The interpreter of a file that starts with "#!"; nothing for another file. As the kernel reads
// the line (fs/binfmt_script.c): up to the first blank, so that it may end in a '\r', or be "".
std::optional<std::string> script_interpreter(std::string_view head);

struct ElfFacts {
    uint16_t machine = 0;  // EM_*
    uint16_t type = 0;     // ET_*
    std::string broken;    // why the file cannot be right, or ""
    std::string loader;    // PT_INTERP, or ""
};

// Facts of a file that starts with the ELF magic number; nothing for another one. Reads program
// headers from `fd`, a few KB at most.
std::optional<ElfFacts> read_elf(int fd, std::string_view head);

// "x86_64", "aarch64 (arm64)", "machine 999"
std::string machine_name(uint16_t machine);
// EM_* of the machine that this program was built for.
uint16_t own_machine();
// True where the kernel's 64-bit machine may also run programs of this one (x86 on x86_64).
bool is_compatible_machine(uint16_t machine);

// Printable text, as far as the head shows.
bool looks_like_text(std::string_view head);

}  // namespace sampan
