// Compares schema/ with the specification's own schemas, if the option spec_schema names their
// folder.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"

#include "tree.h"

using namespace sampan;
using test::Tree;

namespace {

// Differences that are intended.
const std::set<std::string> accepted_differences = {
    // The text of the specification requires or limits more than its schema.
    "/linux/memoryPolicy: required",
    "/linux/personality: required",
    "/linux/resources/blockIO/throttleReadBpsDevice[]: required",
    "/linux/resources/blockIO/throttleReadIOPSDevice[]: required",
    "/linux/resources/blockIO/throttleWriteBpsDevice[]: required",
    "/linux/resources/blockIO/throttleWriteIOPSDevice[]: required",
    "/linux/resources/memory/swappiness: maximum",
    "/linux/timeOffsets/boottime/nanosecs: maximum",
    "/linux/timeOffsets/monotonic/nanosecs: maximum",
    "/process/ioPriority: required",
    "/process/ioPriority/priority: maximum",
    "/process/ioPriority/priority: minimum",
    "/process/oomScoreAdj: maximum",
    "/process/oomScoreAdj: minimum",
    "/linux/devices[]/type: enum",
    "/linux/resources/devices[]/type: enum",
    "/linux/rootfsPropagation: enum",
    "/process/rlimits[]/type: enum",
    // 1.3 made the limit optional in the text.
    "/linux/resources/pids: required",
    // Engines write all of st_mode.
    "/linux/devices[]/fileMode: maximum",
    // A number that does not fit an int.
    "/hooks/createContainer[]/timeout: maximum",
    "/hooks/createRuntime[]/timeout: maximum",
    "/hooks/poststart[]/timeout: maximum",
    "/hooks/poststop[]/timeout: maximum",
    "/hooks/prestart[]/timeout: maximum",
    "/hooks/startContainer[]/timeout: maximum",
    "/pid: maximum",
    // An addition that the specification allows.
    "/status: enum",
    // In features.md, not in the schema.
    "/linux/intelRdt/monitoring: not upstream",
    "/linux/intelRdt/schemata: not upstream",
    "/linux/memoryPolicy: not upstream",
};

// A schema node, and the file in which its references start.
struct Node {
    Tree tree;
    std::string file;
};

class Upstream {
  public:
    Node root(const std::string& file) { return follow({load(file), file}); }
    // Resolves $ref, and allOf and anyOf with one element.
    Node follow(Node node);

  private:
    const Tree& load(const std::string& file) {
        const auto known = files_.find(file);
        if (known != files_.end()) return known->second;
        const std::string text = test::content_of(std::string(SPEC_SCHEMA "/") + file);
        return files_.emplace(file, test::parse_tree(text)).first->second;
    }
    Node at(const std::string& reference, const std::string& from);

    std::map<std::string, Tree> files_;
};

Node Upstream::at(const std::string& reference, const std::string& from) {
    const size_t hash = reference.find('#');
    REQUIRE(hash != std::string::npos);
    const std::string file = hash == 0 ? from : reference.substr(0, hash);
    const Tree* tree = &load(file);
    for (const std::string_view part : split(std::string_view(reference).substr(hash + 1), '/')) {
        if (part.empty()) continue;
        tree = tree->find(part);
        REQUIRE_MESSAGE(tree != nullptr, reference);
    }
    return {*tree, file};
}

Node Upstream::follow(Node node) {
    if (const std::string target = node.tree.text_of("$ref"); !target.empty()) {
        return follow(at(target, node.file));
    }
    if (const Tree* any = node.tree.find("anyOf"); any != nullptr && any->children.size() == 1) {
        return follow({any->children[0].second, node.file});
    }
    const Tree* all = node.tree.find("allOf");
    if (all == nullptr) return node;
    Node merged{.tree = {.kind = JsonKind::object}, .file = node.file};
    Tree properties{.kind = JsonKind::object};
    for (const auto& [key, part] : all->children) {
        const Node one = follow({part, node.file});
        merged.file = one.file;
        for (const auto& [name, value] : one.tree.children) {
            if (name != "properties") {
                merged.tree.children.emplace_back(name, value);
                continue;
            }
            // In another file: resolved here, because a node has only one file.
            for (const auto& [property, rule] : value.children) {
                properties.children.emplace_back(property, follow({rule, one.file}).tree);
            }
        }
    }
    merged.tree.children.emplace_back("properties", properties);
    return merged;
}

class Differences {
  public:
    Differences(const Tree& ours, Upstream& upstream) : ours_(ours), upstream_(upstream) {}

    void compare(const Tree& our_node, const Node& their_node, const std::string& path);
    [[nodiscard]] std::set<std::string> take() && { return std::move(found_); }

  private:
    const Tree& follow(const Tree& node) {
        const std::string target = node.text_of("$ref");
        constexpr std::string_view prefix = "#/definitions/";
        if (target.empty()) return node;
        return *ours_.find("definitions")->find(target.substr(prefix.size()));
    }
    void compare_properties(const Tree& ours, const Node& theirs, const std::string& path);
    void add(const std::string& path, std::string_view what) {
        found_.insert(format("{}: {}", path, what));
    }

    const Tree& ours_;
    Upstream& upstream_;
    std::set<std::string> found_;
};

std::string sorted(const Tree* array) {
    std::vector<std::string> texts;
    if (array != nullptr) {
        for (const auto& [key, child] : array->children)
            texts.push_back(child.text);
    }
    std::sort(texts.begin(), texts.end());
    return join(texts, " ");
}

void Differences::compare_properties(const Tree& ours,
                                     const Node& theirs,
                                     const std::string& path) {
    const Tree none{.kind = JsonKind::object};
    const Tree* our_list = ours.find("properties");
    const Tree* their_list = theirs.tree.find("properties");
    for (const auto& [name, node] : (their_list != nullptr ? *their_list : none).children) {
        const Tree* mine = our_list == nullptr ? nullptr : our_list->find(name);
        if (mine == nullptr) {
            add(path + "/" + name, "upstream only");
        } else if (mine->find("type") != nullptr || mine->find("$ref") != nullptr) {
            compare(*mine, {node, theirs.file}, path + "/" + name);
        }
    }
    for (const auto& [name, node] : (our_list != nullptr ? *our_list : none).children) {
        if (their_list == nullptr || their_list->find(name) == nullptr) {
            add(path + "/" + name, "not upstream");
        }
    }
}

void Differences::compare(const Tree& our_node, const Node& their_node, const std::string& path) {
    const Tree& ours = follow(our_node);
    const Node theirs = upstream_.follow(their_node);
    if (ours.text_of("type") != theirs.tree.text_of("type")) add(path, "type");
    for (const char* limit : {"minimum", "maximum", "minItems"}) {
        if (ours.text_of(limit) != theirs.tree.text_of(limit)) add(path, limit);
    }
    if (sorted(ours.find("enum")) != sorted(theirs.tree.find("enum"))) add(path, "enum");
    if (sorted(ours.find("required")) != sorted(theirs.tree.find("required"))) {
        add(path, "required");
    }
    compare_properties(ours, theirs, path);
    const Tree* our_items = ours.find("items");
    const Tree* their_items = theirs.tree.find("items");
    if (our_items != nullptr && their_items != nullptr) {
        compare(*our_items, {*their_items, theirs.file}, path + "[]");
    }
    const Tree* our_values = ours.find("additionalProperties");
    const Tree* their_values = theirs.tree.find("additionalProperties");
    if (our_values != nullptr && their_values != nullptr) {
        compare(*our_values, {*their_values, theirs.file}, path + "{}");
    }
}

std::set<std::string> differences(const char* file) {
    const Tree ours = test::parse_tree(test::content_of(std::string(SCHEMA_DIR "/") + file));
    Upstream upstream;
    Differences found(ours, upstream);
    found.compare(ours, upstream.root(file), "");
    return std::move(found).take();
}

// What is in `all` but not in `known`, one in each line.
std::string without(const std::set<std::string>& all, const std::set<std::string>& known) {
    std::string lines;
    for (const std::string& line : all) {
        if (!known.contains(line)) lines += line + "\n";
    }
    return lines;
}

}  // namespace

TEST_CASE("schema: ours differ from the specification's where it is meant, and only there") {
    std::set<std::string> found;
    for (const char* file : {"config-schema.json", "state-schema.json", "features-schema.json"}) {
        found.merge(differences(file));
    }
    CHECK(without(found, accepted_differences) == "");
    CHECK(without(accepted_differences, found) == "");
}
