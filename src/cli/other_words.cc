#include "cli/other_words.h"

namespace sampan {

namespace {

constexpr std::string_view on_images =
    "sampan has no images. An engine unpacks them: podman --runtime sampan run IMAGE";
constexpr std::string_view on_shells = "a shell in a container: sampan exec -it ID sh";
constexpr std::string_view on_bundles =
    "a container is made from a bundle: sampan spec writes config.json, sampan run ./BUNDLE runs "
    "it";
constexpr std::string_view on_networks =
    "sampan makes no networks: a container gets one of its own, that of a path in config.json, or "
    "the host's (/linux/namespaces)";
constexpr std::string_view on_files =
    "sampan copies no files. One out of a container: sampan exec ID cat FILE > COPY";

constexpr OtherWord other_words[] = {
    {"ls", "list", ""},
    {"rm", "delete", ""},
    {"remove", "delete", ""},
    {"unpause", "resume", ""},
    {"top", "ps", ""},
    {"status", "state", ""},
    {"build", "", on_images},
    {"commit", "", on_images},
    {"history", "", on_images},
    {"image", "", on_images},
    {"images", "", on_images},
    {"import", "", on_images},
    {"load", "", on_images},
    {"login", "", on_images},
    {"pull", "", on_images},
    {"push", "", on_images},
    {"rmi", "", on_images},
    {"save", "", on_images},
    {"search", "", on_images},
    {"tag", "", on_images},
    {"container", "", "sampan has only containers: sampan list, sampan run ./BUNDLE"},
    {"cp", "", on_files},
    {"export", "", on_files},
    {"enter", "", on_shells},
    {"sh", "", on_shells},
    {"shell", "", on_shells},
    {"init", "", on_bundles},
    {"new", "", on_bundles},
    {"network", "", on_networks},
    {"port", "", on_networks},
    {"volume", "", "what a container sees of the host is listed in config.json (/mounts)"},
    {"rename", "", "a container keeps its ID: delete it, and create it with another one"},
    {"restart", "", "a container runs once: sampan delete --force ID, then sampan run ./BUNDLE"},
    {"info", "", "what sampan can do: sampan features; which version it is: sampan version"},
    {"man", "", "the pages are sampan(1) and sampan-COMMAND(1): man sampan"},
};

// Docker's, on a line of run.
struct OtherOption {
    std::string_view word;
    std::string_view advice;
};
constexpr OtherOption other_options[] = {
    {"--network",
     "--net host shares the host's network; otherwise there is only a loopback device"},
    {"-p", "sampan publishes no ports: with --net host, the host has those of the program"},
    {"--publish", "sampan publishes no ports: with --net host, the host has those of the program"},
    {"--mount", "a folder of the host: -v SRC:DST or -v SRC:DST:ro"},
    {"--tmpfs", "a tmpfs stands in config.json (/mounts): sampan spec --file - ... writes one"},
    {"--env-file",
     "each variable has an option of its own: -e NAME=VALUE, or -e NAME to pass it on"},
    {"--entrypoint", "the program stands behind the options: sampan run -ti PROGRAM ARGUMENT..."},
};

}  // namespace

std::string_view advice_for_option(std::string_view word) {
    for (const OtherOption& known : other_options)
        if (word == known.word) return known.advice;
    return "";
}

const OtherWord* find_other_word(std::string_view word) {
    for (const OtherWord& known : other_words)
        if (word == known.word) return &known;
    return nullptr;
}

}  // namespace sampan
