#include "linux/executable_file.h"

#include <elf.h>
#include <endian.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>
#include <vector>

#include "base/text.h"

namespace sampan {

namespace {

struct Machine {
    uint16_t number;
    std::string_view name;
};

constexpr Machine machines[] = {
    {EM_386, "x86 (32 bits)"}, {EM_X86_64, "x86_64"},
    {EM_ARM, "arm (32 bits)"}, {EM_AARCH64, "aarch64 (arm64)"},
    {EM_RISCV, "riscv"},       {EM_PPC, "powerpc (32 bits)"},
    {EM_PPC64, "powerpc64"},   {EM_S390, "s390"},
    {EM_MIPS, "mips"},         {EM_PARISC, "parisc"},
    {EM_68K, "m68k"},          {EM_SH, "sh"},
    {EM_SPARC, "sparc"},       {EM_SPARCV9, "sparc64"},
    {EM_IA_64, "ia64"},        {EM_LOONGARCH, "loongarch"},
    {EM_ALPHA, "alpha"},
};

constexpr size_t max_program_headers = 128;
constexpr size_t max_loader = 4096;  // PATH_MAX: the kernel takes no longer one

// Copies a struct out of bytes, of which there may be too few.
template <class T>
std::optional<T> take(std::string_view bytes, size_t offset = 0) {
    if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

std::string read_part(int fd, uint64_t offset, size_t size) {
    std::string bytes(size, '\0');
    const ssize_t got = ::pread(fd, bytes.data(), size, static_cast<off_t>(offset));
    bytes.resize(got > 0 ? static_cast<size_t>(got) : 0);
    return bytes;
}

template <class Header, class ProgramHeader>
void read_headers(int fd, std::string_view head, ElfFacts& facts) {
    const std::optional<Header> header = take<Header>(head);
    if (!header) {
        facts.broken = "it ends inside of the ELF header";
        return;
    }
    if (header->e_phentsize != sizeof(ProgramHeader) || header->e_phnum == 0 ||
        header->e_phnum > max_program_headers) {
        facts.broken = "its ELF header has no usable list of program headers";
        return;
    }
    const size_t size = header->e_phnum * sizeof(ProgramHeader);
    const std::string list = read_part(fd, header->e_phoff, size);
    if (list.size() < size) {
        facts.broken = "it ends inside of its program headers";
        return;
    }
    for (size_t i = 0; i < header->e_phnum; ++i) {
        const std::optional<ProgramHeader> part =
            take<ProgramHeader>(list, i * sizeof(ProgramHeader));
        if (!part || part->p_type != PT_INTERP) continue;
        const std::string text =
            read_part(fd, part->p_offset, std::min<size_t>(part->p_filesz, max_loader));
        if (text.size() < 2 || text.size() < part->p_filesz || text.back() != '\0') {
            facts.broken = "the name of its loader is damaged";
            return;
        }
        facts.loader = text.substr(0, text.find('\0'));
        return;
    }
}

}  // namespace

bool starts_with_mark(std::string_view head) {
    return head.starts_with("\xef\xbb\xbf#!");
}

std::optional<std::string> script_interpreter(std::string_view head) {
    if (!head.starts_with("#!")) return std::nullopt;
    std::string_view line = head.substr(2, executable_head_bytes - 2);
    line = line.substr(0, line.find_first_of(std::string_view("\n\0", 2)));
    constexpr std::string_view blanks = " \t";
    const size_t start = line.find_first_not_of(blanks);
    if (start == std::string_view::npos) return "";
    line.remove_prefix(start);
    return std::string(line.substr(0, line.find_first_of(blanks)));
}

std::optional<ElfFacts> read_elf(int fd, std::string_view head) {
    if (!head.starts_with(std::string_view(ELFMAG, SELFMAG))) return std::nullopt;
    ElfFacts facts;
    // The fields up to e_machine are the same for 32 and 64 bits.
    constexpr size_t type_offset = 16;
    constexpr size_t machine_offset = 18;
    const std::optional<uint16_t> type = take<uint16_t>(head, type_offset);
    const std::optional<uint16_t> machine = take<uint16_t>(head, machine_offset);
    if (!type || !machine) {
        facts.broken = "it ends inside of the ELF header";
        return facts;
    }
    const bool big = head[EI_DATA] == ELFDATA2MSB;
    facts.type = big ? be16toh(*type) : le16toh(*type);
    facts.machine = big ? be16toh(*machine) : le16toh(*machine);
    const bool own_order = big == (std::endian::native == std::endian::big);
    if (!own_order) return facts;
    if (head[EI_CLASS] == ELFCLASS64) {
        read_headers<Elf64_Ehdr, Elf64_Phdr>(fd, head, facts);
    } else if (head[EI_CLASS] == ELFCLASS32) {
        read_headers<Elf32_Ehdr, Elf32_Phdr>(fd, head, facts);
    } else {
        facts.broken = "its ELF header is damaged";
    }
    return facts;
}

std::string machine_name(uint16_t machine) {
    const Machine* found = std::ranges::find(machines, machine, &Machine::number);
    return found != std::end(machines) ? std::string(found->name) : format("machine {}", machine);
}

uint16_t own_machine() {
#if defined(__x86_64__)
    return EM_X86_64;
#elif defined(__i386__)
    return EM_386;
#elif defined(__aarch64__)
    return EM_AARCH64;
#elif defined(__arm__)
    return EM_ARM;
#elif defined(__riscv)
    return EM_RISCV;
#elif defined(__powerpc64__)
    return EM_PPC64;
#elif defined(__s390__)
    return EM_S390;
#elif defined(__mips__)
    return EM_MIPS;
#elif defined(__loongarch__)
    return EM_LOONGARCH;
#else
    return EM_NONE;
#endif
}

bool is_compatible_machine(uint16_t machine) {
    const uint16_t own = own_machine();
    return machine == own || own == EM_NONE || (own == EM_X86_64 && machine == EM_386) ||
           (own == EM_AARCH64 && machine == EM_ARM);
}

bool looks_like_text(std::string_view head) {
    return !head.empty() && std::ranges::none_of(head, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\033';
    });
}

}  // namespace sampan
