// How files about usage are read, for both versions of cgroups.
#pragma once

#include <string>

#include "cgroup/usage.h"

namespace sampan {

// "" if the file cannot be read.
std::string usage_text(const std::string& path);
// 0 if the file does not exist; "max" is `unlimited`.
uint64_t usage_number(const std::string& path);

void read_usage_v1(const CgroupPlace& place, CgroupCounts& usage);
void read_usage_v2(const CgroupPlace& place, CgroupCounts& usage);
// The kernel counts them in every v2 cgroup, whatever its controllers.
void read_pressures(const CgroupPlace& place, CgroupCounts& usage);
// For each size of huge pages: reads its files.
void read_hugetlb(const CgroupPlace& place, CgroupCounts& usage);

}  // namespace sampan
