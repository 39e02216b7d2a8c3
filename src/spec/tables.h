// Declares the field tables of the specification's structs. To be included wherever one of them is
// read or written with read_json or write_json.
#pragma once

#include "spec/config.h"
#include "spec/features.h"
#include "spec/fields.h"
#include "spec/state.h"

namespace sampan::spec {

template <>
const Words& words_of<RlimitType>();
template <>
const Words& words_of<SchedulerPolicy>();
template <>
const Words& words_of<SchedulerFlag>();
template <>
const Words& words_of<IoPriorityClass>();
template <>
const Words& words_of<NamespaceType>();
template <>
const Words& words_of<DeviceType>();
template <>
const Words& words_of<RootfsPropagation>();
template <>
const Words& words_of<MemoryPolicyMode>();
template <>
const Words& words_of<MemoryPolicyFlag>();
template <>
const Words& words_of<PersonalityDomain>();
template <>
const Words& words_of<DeviceRuleType>();
template <>
const Words& words_of<SeccompAction>();
template <>
const Words& words_of<SeccompArch>();
template <>
const Words& words_of<SeccompFlag>();
template <>
const Words& words_of<SeccompOperator>();
template <>
const Words& words_of<ContainerStatus>();

template <>
const ObjectType& object_type<ConsoleSize>();
template <>
const ObjectType& object_type<User>();
template <>
const ObjectType& object_type<Rlimit>();
template <>
const ObjectType& object_type<Capabilities>();
template <>
const ObjectType& object_type<Scheduler>();
template <>
const ObjectType& object_type<IoPriority>();
template <>
const ObjectType& object_type<CpuAffinity>();
template <>
const ObjectType& object_type<Process>();
template <>
const ObjectType& object_type<IdMapping>();
template <>
const ObjectType& object_type<Mount>();
template <>
const ObjectType& object_type<Hook>();
template <>
const ObjectType& object_type<Hooks>();
template <>
const ObjectType& object_type<SeccompArg>();
template <>
const ObjectType& object_type<SeccompSyscall>();
template <>
const ObjectType& object_type<Seccomp>();
template <>
const ObjectType& object_type<DeviceRule>();
template <>
const ObjectType& object_type<Memory>();
template <>
const ObjectType& object_type<Cpu>();
template <>
const ObjectType& object_type<Pids>();
template <>
const ObjectType& object_type<WeightDevice>();
template <>
const ObjectType& object_type<ThrottleDevice>();
template <>
const ObjectType& object_type<BlockIo>();
template <>
const ObjectType& object_type<HugepageLimit>();
template <>
const ObjectType& object_type<InterfacePriority>();
template <>
const ObjectType& object_type<Network>();
template <>
const ObjectType& object_type<Rdma>();
template <>
const ObjectType& object_type<Resources>();
template <>
const ObjectType& object_type<Namespace>();
template <>
const ObjectType& object_type<TimeOffset>();
template <>
const ObjectType& object_type<TimeOffsets>();
template <>
const ObjectType& object_type<Device>();
template <>
const ObjectType& object_type<NetDevice>();
template <>
const ObjectType& object_type<IntelRdt>();
template <>
const ObjectType& object_type<MemoryPolicy>();
template <>
const ObjectType& object_type<Personality>();
template <>
const ObjectType& object_type<Linux>();
template <>
const ObjectType& object_type<Root>();
template <>
const ObjectType& object_type<Config>();
template <>
const ObjectType& object_type<State>();
template <>
const ObjectType& object_type<ContainerProcessState>();
template <>
const ObjectType& object_type<CgroupFeatures>();
template <>
const ObjectType& object_type<SeccompFeatures>();
template <>
const ObjectType& object_type<EnabledFeature>();
template <>
const ObjectType& object_type<IntelRdtFeatures>();
template <>
const ObjectType& object_type<MemoryPolicyFeatures>();
template <>
const ObjectType& object_type<MountExtensions>();
template <>
const ObjectType& object_type<LinuxFeatures>();
template <>
const ObjectType& object_type<Features>();

}  // namespace sampan::spec
