// The reader and the schema agree on good texts, and on every way to break them.
#include <array>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "os/file.h"
#include "spec/default_config.h"
#include "spec/spec.h"

#include "schema_check.h"
#include "tree.h"

using namespace sampan;
using test::Tree;

namespace {

struct Tally {
    size_t accepted = 0;
    size_t refused = 0;
};

// Values that some property must refuse. null is not among them: for the reader it means absent, as
// for Go, and the schema does not know it.
std::vector<Tree> replacements() {
    std::vector<Tree> values;
    for (const char* number :
         {"-9223372036854775808", "-1001", "-1", "0", "1", "8", "101", "65535", "65536",
          "2147483648", "4294967295", "4294967296", "9223372036854775808", "18446744073709551615",
          "18446744073709551616", "1.5", "1e3", "1.0"}) {
        values.push_back(test::number_tree(number));
    }
    for (const char* text : {"", "x", "/x", "relative/path", "pid", "SCMP_ACT_ERRNO", "0-3,7",
                             "2MB", "0MB", "MB:0=20", "a\nb", "rwm", "CAP_CHOWN"}) {
        values.push_back(test::string_tree(text));
    }
    values.push_back({.kind = JsonKind::boolean, .boolean = true, .text = {}, .children = {}});
    values.push_back({.kind = JsonKind::array, .boolean = false, .text = {}, .children = {}});
    values.push_back({.kind = JsonKind::object, .boolean = false, .text = {}, .children = {}});
    return values;
}

template <class T>
class Breaker {
  public:
    Breaker(Schema schema, Tree tree) : schema_(std::move(schema)), tree_(std::move(tree)) {}

    Tally run() {
        compare();
        break_children(tree_);
        return tally_;
    }

  private:
    void break_children(Tree& node) {
        for (size_t i = 0; i < node.children.size(); ++i) {
            break_value(node.children[i].second);
            break_children(node.children[i].second);
            const auto dropped = node.children[i];
            node.children.erase(node.children.begin() + static_cast<ptrdiff_t>(i));
            compare();
            node.children.insert(node.children.begin() + static_cast<ptrdiff_t>(i), dropped);
            if (node.kind != JsonKind::object) continue;
            node.children[i].first += "x";
            compare();
            node.children[i].first = dropped.first;
        }
    }
    void break_value(Tree& value) {
        const Tree before = value;
        for (const Tree& other : replacements_) {
            value = other;
            compare();
        }
        value = before;
    }
    void compare() {
        const std::string text = write_tree(tree_);
        const auto ours = read_json<T>(text, "text");
        const auto theirs = schema_.check(text);
        REQUIRE(theirs);
        if (ours.has_value() == !theirs->has_value()) {
            ++(ours ? tally_.accepted : tally_.refused);
            return;
        }
        const std::string reason = ours ? format("{}: {}", (*theirs)->pointer, (*theirs)->what)
                                        : format("{}: {}", ours.error().problems()[0].pointer,
                                                 ours.error().problems()[0].what);
        FAIL_CHECK(reason);
    }

    Schema schema_;
    Tree tree_;
    std::vector<Tree> replacements_ = replacements();
    Tally tally_;
};

Schema schema_of(const char* name) {
    auto schema = Schema::parse(test::content_of(std::string(SCHEMA_DIR "/") + name));
    REQUIRE(schema);
    return std::move(*schema);
}

template <class T>
Tally break_text(const char* schema, const std::string& text) {
    return Breaker<T>(schema_of(schema), test::parse_tree(text)).run();
}

}  // namespace

TEST_CASE("schema: reader and validator agree on a config with every property, however broken") {
    const Tally tally =
        break_text<Spec>("config-schema.json", test::content_of(TEST_DIR "/everything.json"));
    CHECK(tally.accepted > 1000);
    CHECK(tally.refused > 5000);
}

TEST_CASE("schema: reader and validator agree on states and features, however broken") {
    spec::State state{.oci_version = "1.3.0",
                      .id = "c1",
                      .status = spec::ContainerStatus::created,
                      .pid = 7,
                      .bundle = "/b",
                      .annotations = {{"k", "v"}}};
    CHECK(break_text<spec::State>("state-schema.json", write_json(state, JsonStyle::compact))
              .refused > 100);
    CHECK(break_text<spec::Features>("features-schema.json",
                                     test::content_of(TEST_DIR "/features.json"))
              .refused > 500);
}

TEST_CASE("schema: what `spec` writes passes the reader, the checks and the schema") {
    for (const Spec& config : {default_config(), default_rootless_config(1000, 1000)}) {
        const std::string text = write_json(config, JsonStyle::indented);
        const auto verdict = schema_of("config-schema.json").check(text);
        REQUIRE(verdict);
        CHECK(!verdict->has_value());
        const auto file = read_spec_text(text, "config.json");
        REQUIRE(file);
        CHECK(file->spec == config);
        CHECK(file->warnings.empty());
    }
}

TEST_CASE("schema: every example bundle passes the reader, the checks and the schema") {
    const Schema schema = schema_of("config-schema.json");
    for (const char* bundle : {"hello", "hooks", "limits", "pod/app", "pod/infra", "readonly",
                               "seccomp", "shell", "userns"}) {
        CAPTURE(bundle);
        const auto file = read_spec(format("{}/{}/config.json", BUNDLES_DIR, bundle));
        REQUIRE(file);
        CHECK(file->warnings.empty());
        const auto verdict = schema.check(file->text);
        REQUIRE(verdict);
        CHECK(!verdict->has_value());
    }
}
