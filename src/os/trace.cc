#include "os/trace.h"

#include <sys/mman.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cstring>

#include "base/text.h"

namespace sampan {

namespace {

enum class SlotState : uint32_t { unused, begun, done, failed };

// Of a fixed size, so that a process that is killed while it writes one does not hide the others.
struct Slot {
    std::atomic<SlotState> state;  // set last
    uint16_t walker_size;
    uint16_t phase_size;
    uint16_t step_size;
    int64_t begin;
    int64_t end;
    char text[2016];
};
static_assert(std::atomic<SlotState>::is_always_lock_free, "two processes share it");

// Only the pages that are used take memory.
constexpr size_t slot_count = 8192;
struct Recording {
    std::atomic<uint32_t> used;
    Slot slots[slot_count];
};

constinit Recording* recording = nullptr;
constinit int64_t recorded_since = 0;
constinit StepListener step_listener = nullptr;

// Appends what there is room for; returns how much that is.
uint16_t put_text(Slot& slot, size_t& at, std::string_view text) {
    const size_t size = std::min(text.size(), sizeof slot.text - at);
    std::memcpy(slot.text + at, text.data(), size);
    at += size;
    return static_cast<uint16_t>(size);
}

TracedStep read_slot(const Slot& slot) {
    const std::string_view text(slot.text, sizeof slot.text);
    const SlotState state = slot.state.load(std::memory_order_acquire);
    TracedStep step;
    step.begin = slot.begin;
    step.end = state == SlotState::begun ? 0 : slot.end;
    step.failed = state == SlotState::failed;
    step.walker = text.substr(0, slot.walker_size);
    step.phase = text.substr(slot.walker_size, slot.phase_size);
    step.step = text.substr(slot.walker_size + slot.phase_size, slot.step_size);
    return step;
}

}  // namespace

int64_t trace_time() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    constexpr int64_t second = 1'000'000'000;
    return now.tv_sec * second + now.tv_nsec;
}

Status start_trace() {
    if (recording != nullptr) return {};
    void* memory = ::mmap(nullptr, sizeof(Recording), PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return fail_errno("memory for the trace");
    recording = static_cast<Recording*>(memory);
    recorded_since = trace_time();
    return {};
}

int64_t trace_begin() {
    return recorded_since;
}

void tell_steps_to(StepListener listener) {
    step_listener = listener;
}

bool is_traced() {
    return recording != nullptr;
}

size_t begin_step(std::string_view walker,
                  std::string_view phase,
                  std::string_view step,
                  int64_t time) {
    if (step_listener != nullptr) step_listener(walker, phase, step);
    const size_t number = recording->used.fetch_add(1);
    if (number >= slot_count) return slot_count;
    Slot& slot = recording->slots[number];
    size_t at = 0;
    slot.walker_size = put_text(slot, at, walker);
    slot.phase_size = put_text(slot, at, phase);
    slot.step_size = put_text(slot, at, step);
    slot.begin = time;
    slot.state.store(SlotState::begun, std::memory_order_release);
    return number;
}

void end_step(size_t number, bool failed, int64_t time) {
    if (number >= slot_count) return;
    Slot& slot = recording->slots[number];
    slot.end = time;
    slot.state.store(failed ? SlotState::failed : SlotState::done, std::memory_order_release);
}

std::vector<TracedStep> traced_steps() {
    std::vector<TracedStep> steps;
    if (recording == nullptr) return steps;
    const size_t used = std::min<size_t>(recording->used.load(), slot_count);
    for (size_t i = 0; i < used; ++i)
        if (const Slot& slot = recording->slots[i]; slot.state.load() != SlotState::unused)
            steps.push_back(read_slot(slot));
    return steps;
}

}  // namespace sampan
