#include "spec/unset.h"

#include "spec/version.h"

namespace sampan::spec {

namespace {

template <class T>
void drop_zero(std::optional<T>& value) {
    if (value == T{}) value.reset();
}

template <class T>
void drop_empty(std::optional<T>& part) {
    if (part == T{}) part.reset();
}

void drop_zeros(Memory& memory) {
    drop_zero(memory.limit);
    drop_zero(memory.reservation);
    drop_zero(memory.swap);
    drop_zero(memory.kernel);
    drop_zero(memory.kernel_tcp);
}

// A burst of 0 and an idle of 0 are values: they end what was set before.
void drop_zeros(Cpu& cpu) {
    drop_zero(cpu.shares);
    drop_zero(cpu.quota);
    drop_zero(cpu.period);
    drop_zero(cpu.realtime_runtime);
    drop_zero(cpu.realtime_period);
    drop_zero(cpu.cpus);
    drop_zero(cpu.mems);
}

// A rate of 0 is a value: no limit.
void drop_zeros(BlockIo& io) {
    drop_zero(io.weight);
    drop_zero(io.leaf_weight);
    for (WeightDevice& device : io.weight_device) {
        drop_zero(device.weight);
        drop_zero(device.leaf_weight);
    }
}

}  // namespace

ZeroPids zero_pids_in(std::string_view oci_version) {
    constexpr Version first{.major = 1, .minor = 3};
    const std::optional<Version> version = parse_version(oci_version);
    return version && *version >= first ? ZeroPids::limit : ZeroPids::unset;
}

Resources without_unset(Resources resources, ZeroPids zero_pids) {
    if (resources.memory) drop_zeros(*resources.memory);
    if (resources.cpu) drop_zeros(*resources.cpu);
    if (resources.block_io) drop_zeros(*resources.block_io);
    if (resources.network) drop_zero(resources.network->class_id);
    if (resources.pids && zero_pids == ZeroPids::unset) drop_zero(resources.pids->limit);
    drop_empty(resources.memory);
    drop_empty(resources.cpu);
    drop_empty(resources.block_io);
    drop_empty(resources.network);
    drop_empty(resources.pids);
    return resources;
}

}  // namespace sampan::spec
