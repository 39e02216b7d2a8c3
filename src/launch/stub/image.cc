#include "launch/stub/image.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "base/text.h"
#include "os/file.h"

namespace sampan {

namespace {

constexpr unsigned char stub_bytes[] = {
#include "stub_bytes.inc"
};
constexpr size_t elf_page = 4096;

constexpr unsigned executable = 0x10;  // MFD_EXEC of <linux/memfd.h> since 6.3

Result<Fd> make_memfd() {
    constexpr unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    Fd fd(::memfd_create("sampan-init", flags | executable));
    // Kernels before 6.3 do not know MFD_EXEC: there every memfd is executable.
    if (!fd.valid() && errno == EINVAL) fd = Fd(::memfd_create("sampan-init", flags));
    if (!fd.valid()) return fail_errno("memfd_create");
    return fd;
}

std::string_view as_text(const std::vector<std::byte>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The stub's image up to `size`, with the segment at block_address pointing to what comes after it.
std::vector<std::byte> make_head(size_t size, size_t block_size) {
    std::vector<std::byte> head(size);
    std::memcpy(head.data(), stub_bytes, sizeof stub_bytes);
    Elf64_Ehdr header{};
    std::memcpy(&header, head.data(), sizeof header);
    for (size_t i = 0; i < header.e_phnum; ++i) {
        std::byte* place = head.data() + header.e_phoff + i * sizeof(Elf64_Phdr);
        Elf64_Phdr segment{};
        std::memcpy(&segment, place, sizeof segment);
        if (segment.p_vaddr != stub::block_address) continue;
        segment.p_offset = size;
        segment.p_filesz = segment.p_memsz = block_size;
        std::memcpy(place, &segment, sizeof segment);
    }
    return head;
}

}  // namespace

// The block itself comes first; seal() fills it in.
StubImage::StubImage() : bytes_(sizeof(stub::Block)) {}

uint64_t StubImage::add_bytes(const void* data, size_t size) {
    const size_t start =
        (bytes_.size() + alignof(std::max_align_t) - 1) & ~(alignof(std::max_align_t) - 1);
    bytes_.resize(start + size);
    if (size > 0) std::memcpy(bytes_.data() + start, data, size);
    return stub::block_address + start;
}

const char* StubImage::add_string(std::string_view text) {
    const uint64_t place = stub::block_address + bytes_.size();
    bytes_.insert(bytes_.end(), reinterpret_cast<const std::byte*>(text.data()),
                  reinterpret_cast<const std::byte*>(text.data() + text.size()));
    bytes_.push_back(std::byte{0});
    return reinterpret_cast<const char*>(place);
}

const char* const* StubImage::add_strings(const std::vector<std::string>& strings) {
    std::vector<const char*> pointers;
    pointers.reserve(strings.size() + 1);
    for (const std::string& text : strings)
        pointers.push_back(add_string(text));
    pointers.push_back(nullptr);
    return add_array(pointers);
}

template <class T>
const T* StubImage::add_array(const std::vector<T>& items) {
    return reinterpret_cast<const T*>(
        add_bytes(static_cast<const void*>(items.data()), items.size() * sizeof(T)));
}

Result<Fd> StubImage::seal(stub::Block block) && {
    block.before_gate = {add_array(before_gate_), static_cast<uint32_t>(before_gate_.size())};
    block.in_child = {add_array(in_child_), static_cast<uint32_t>(in_child_.size())};
    block.after_gate = {add_array(after_gate_), static_cast<uint32_t>(after_gate_.size())};
    block.labels = {add_array(labels_), static_cast<uint32_t>(labels_.size())};
    block.start_container = {add_array(start_hooks_), static_cast<uint32_t>(start_hooks_.size())};
    std::memcpy(bytes_.data(), &block, sizeof block);
    if (bytes_.size() > stub::block_limit)
        return failf("arguments, environment and hooks need {} bytes, at most {} are possible",
                     bytes_.size(), stub::block_limit);

    constexpr size_t head_size = (sizeof stub_bytes + elf_page - 1) / elf_page * elf_page;
    std::vector<std::byte> head = make_head(head_size, bytes_.size());
    Fd fd = TRY(make_memfd());
    TRY(write_all(fd.get(), as_text(head)).in("writing the final steps"));
    TRY(write_all(fd.get(), as_text(bytes_)).in("writing the final steps"));
    if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) <
        0)
        return fail_errno("sealing the final steps");
    return fd;
}

Error execute_image(int image, const char* name) {
    const char* arguments[] = {name, nullptr};
    const char* environment[] = {nullptr};
    ::execveat(image, "", const_cast<char* const*>(arguments),
               const_cast<char* const*>(environment), AT_EMPTY_PATH);
    return Error("executing the final steps", errno);
}

Error execute_image_by_path(int image, const char* name) {
    const std::string path = format("self/fd/{}", image);
    const char* arguments[] = {name, nullptr};
    const char* environment[] = {nullptr};
    ::execve(path.c_str(), const_cast<char* const*>(arguments),
             const_cast<char* const*>(environment));
    return Error("executing the final steps by their path", errno);
}

}  // namespace sampan
