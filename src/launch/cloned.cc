#include "launch/cloned.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"

namespace sampan {

namespace {
constexpr size_t page_size = 4096;
}

Result<ClonedPage> ClonedPage::make() {
    Fd file(::memfd_create("sampan-cloned", MFD_CLOEXEC));
    if (!file.valid()) return fail_errno("memfd_create");
    if (::ftruncate(file.get(), page_size) < 0) return fail_errno("sizing a memfd");
    void* page = ::mmap(nullptr, page_size, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
    if (page == MAP_FAILED) return fail_errno("mapping a memfd");
    return ClonedPage(std::move(file), static_cast<stub::ClonedProgram*>(page));
}

ClonedPage::ClonedPage(ClonedPage&& other) noexcept
    : file_(std::move(other.file_)), page_(std::exchange(other.page_, nullptr)) {}

ClonedPage::~ClonedPage() {
    if (page_ != nullptr) ::munmap(page_, page_size);
}

Status ClonedPage::keep_to_ourselves() {
    if (::madvise(page_, page_size, MADV_DONTFORK) < 0) return fail_errno("madvise");
    file_.reset();
    return {};
}

}  // namespace sampan
