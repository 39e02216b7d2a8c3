#include "checked.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "spec/spec.h"
#include "spec/tables.h"
#include "spec/writer.h"

namespace sampan::testing {

namespace {

Result<SpecFile> read_again(Spec spec) {
    if (spec.oci_version.empty()) spec.oci_version = "1.3.0";
    if (!spec.root) spec.root = spec::Root{.path = "rootfs"};
    if (spec.process && spec.process->cwd.empty()) spec.process->cwd = "/";
    return read_spec_text(write_json(spec, JsonStyle::compact), "config.json");
}

Spec with(spec::Process process) {
    Spec spec;
    spec.process = std::move(process);
    return spec;
}

Spec with(spec::Resources resources) {
    Spec spec;
    spec.linux_.emplace().resources = std::move(resources);
    return spec;
}

Spec with(spec::Seccomp seccomp) {
    Spec spec;
    spec.linux_.emplace().seccomp = std::move(seccomp);
    return spec;
}

}  // namespace

std::string refusal_of(Spec spec) {
    const Result<SpecFile> file = read_again(std::move(spec));
    if (file) return "";
    if (file.error().problems().empty()) return file.error().message();
    const Problem& first = file.error().problems().front();
    return format("{}: {}", first.pointer, first.what);
}

std::string refusal_of(spec::Process process) {
    return refusal_of(with(std::move(process)));
}

std::string refusal_of(spec::Resources resources) {
    return refusal_of(with(std::move(resources)));
}

std::string refusal_of(spec::Seccomp seccomp) {
    return refusal_of(with(std::move(seccomp)));
}

Spec checked(Spec spec) {
    REQUIRE(refusal_of(spec) == "");
    return read_again(std::move(spec))->spec;
}

spec::Process checked(spec::Process process) {
    return *checked(with(std::move(process))).process;
}

spec::Resources checked(spec::Resources resources) {
    return checked(with(std::move(resources))).linux_->resources.value_or(spec::Resources{});
}

spec::Seccomp checked(spec::Seccomp seccomp) {
    return *checked(with(std::move(seccomp))).linux_->seccomp;
}

}  // namespace sampan::testing
