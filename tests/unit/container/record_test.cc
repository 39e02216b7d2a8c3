#include "container/record.h"

#include <string>

#include <doctest/doctest.h>

#include "os/clock.h"

using namespace sampan;

namespace {

Record full_record() {
    Record record;
    record.oci_version = "1.3.0";
    record.id = "web";
    record.namespaces = {
        {.type = spec::NamespaceType::user, .own = true, .device = 4, .inode = 4026532000},
        {.type = spec::NamespaceType::network, .own = false, .device = 4, .inode = 4026531833}};
    record.bundle = "/b";
    record.rootfs = "/b/rootfs";
    record.created = timestamp();
    record.owner = 4294967295;
    record.annotations = {{"a", "line\nand \"quote\""}};
    record.pid = 42;
    record.start_time = 18446744073709551615ULL;
    record.ready = true;
    record.cgroup.places.push_back({{"memory"}, false, "/sys/fs/cgroup/memory", "/web", 1});
    record.made_in_root = MadeInRoot{
        .root = {18446744073709551615ULL, 2},
        .files = {{MadeKind::folder, "/a \"b\"", {3, 4}}, {MadeKind::node, "/dev/null", {}}}};
    return record;
}

}  // namespace

TEST_CASE("record: what is written is read back") {
    const Record record = full_record();
    const Result<Record> read = read_record(write_record(record), "state.json");
    REQUIRE(read.has_value());
    CHECK(*read == record);
}

TEST_CASE("record: one that was cut off anywhere is an error and no crash") {
    const std::string text = write_record(full_record());
    for (size_t size = 0; size < text.size(); ++size)
        CHECK_FALSE(read_record(text.substr(0, size), "state.json").has_value());
}

TEST_CASE("record: wrong types are errors") {
    for (const char* text :
         {"", "null", "[]", "{}", "7", R"({"id": 3})", "{\"pid\": \"x\"}", "\xff"})
        CHECK_FALSE_MESSAGE(read_record(text, "state.json").has_value(), text);
}

TEST_CASE("record: without what delete needs, it is an error") {
    const std::string text = write_record(full_record());
    for (const std::string_view member : {"\"cgroup\"", "\"pid\"", "\"startTime\""}) {
        std::string other = text;
        other.replace(other.find(member) + 1, 1, "_");
        CHECK_FALSE_MESSAGE(read_record(other, "state.json").has_value(), member);
    }
}
