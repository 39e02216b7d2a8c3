#include "spec/annotations.h"

#include <doctest/doctest.h>

#include "spec/spec.h"

using namespace sampan;

namespace {

std::string config_with(const std::string& annotations, const std::string& linux_part = "") {
    return R"({"ociVersion": "1.0.2", "root": {"path": "rootfs"}, "annotations": {)" + annotations +
           "}" + (linux_part.empty() ? "" : R"(, "linux": )" + linux_part) + "}";
}

std::string problem_of(const std::string& annotations) {
    const Result<SpecFile> read = read_spec_text(config_with(annotations), "config.json");
    if (read) return "";
    return read.error().problems().at(0).pointer + ": " + read.error().problems().at(0).what;
}

}  // namespace

TEST_CASE("annotations: paths are absolute, because start and delete use them too") {
    for (const std::string name : {"run.oci.pidfd_receiver", "run.oci.hooks.stdout",
                                   "run.oci.hooks.stderr", "run.oci.seccomp.receiver"}) {
        CHECK(problem_of("\"" + name + "\": \"here\"") ==
              "/annotations/" + name + ": \"here\" is not an absolute path");
        CHECK(problem_of("\"" + name + "\": \"/here\"").empty());
        CHECK(problem_of("\"" + name + "\": \"\"").empty());
    }
}

TEST_CASE("annotations: the kinds of a mount context") {
    CHECK(problem_of(R"("run.oci.mount_context_type": "fscontext")").empty());
    CHECK(problem_of(R"("run.oci.mount_context_type": "fsctx")") ==
          "/annotations/run.oci.mount_context_type: \"fsctx\" is no kind of mount context");
}

TEST_CASE("annotations: a switch is off if it is absent or 0") {
    const auto is_on = [](const std::string& annotations) {
        const auto read = read_spec_text(config_with(annotations), "config.json");
        return spec::is_switched_on(read->spec, spec::keep_original_groups);
    };
    CHECK_FALSE(is_on(""));
    CHECK_FALSE(is_on(R"("run.oci.keep_original_groups": "0")"));
    CHECK(is_on(R"("run.oci.keep_original_groups": "1")"));
}

TEST_CASE("annotations: the receiver of seccomp is its listener, unless there is one") {
    const std::string receiver = R"("run.oci.seccomp.receiver": "/run/agent")";
    const auto listener = [&](const std::string& more) {
        const auto read = read_spec_text(
            config_with(receiver,
                        R"({"seccomp": {"defaultAction": "SCMP_ACT_NOTIFY")" + more + "}}"),
            "config.json");
        REQUIRE(read);
        return read->spec.linux_->seccomp->listener_path.value_or("");
    };
    CHECK(listener("") == "/run/agent");
    CHECK(listener(R"(, "listenerPath": "/run/other")") == "/run/other");
}
