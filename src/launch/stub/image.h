// Builds what init executes last: the stub's image with a block of the last steps in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "launch/stub/block.h"
#include "os/fd.h"

namespace sampan {

// Collects the block. The pointers that it returns are only valid in the stub: they start at
// stub::block_address.
class StubImage {
  public:
    StubImage();

    // Adds a system call; pointers among its arguments come from add_bytes().
    void before_gate(const stub::Call& call) { before_gate_.push_back(call); }
    void in_child(const stub::Call& call) { in_child_.push_back(call); }
    void after_gate(const stub::Call& call) { after_gate_.push_back(call); }
    void add_label(const stub::Label& label) { labels_.push_back(label); }
    void add_start_hook(const stub::StartHook& hook) { start_hooks_.push_back(hook); }
    // Copies bytes (aligned for any type), and returns the address at which the stub will see them.
    uint64_t add_bytes(const void* data, size_t size);
    const char* add_string(std::string_view text);
    // A null-terminated array of strings, in the form that execve(2) expects.
    const char* const* add_strings(const std::vector<std::string>& strings);

    // The finished program as a sealed memfd: nobody can write to it, not even through
    // /proc/PID/exe. It is an error if the block is larger than stub::block_limit.
    Result<Fd> seal(stub::Block block) &&;

  private:
    template <class T>
    const T* add_array(const std::vector<T>& items);
    std::vector<std::byte> bytes_;
    std::vector<stub::Call> before_gate_;
    std::vector<stub::Call> in_child_;
    std::vector<stub::Call> after_gate_;
    std::vector<stub::Label> labels_;
    std::vector<stub::StartHook> start_hooks_;
};

// Executes such a program; returns only if it has failed.
Error execute_image(int image, const char* name);
// The same by its path, when the working directory is a procfs that shows us.
Error execute_image_by_path(int image, const char* name);

}  // namespace sampan
