#include "cli/help.h"

#include <unistd.h>

#include "base/text.h"
#include "cli/style.h"

namespace sampan {

namespace {

std::string title(std::string_view text) {
    return painted(STDOUT_FILENO, Ink::title, text);
}

}  // namespace

std::string describe_program() {
    std::string text = "sampan runs containers from OCI bundles.\n\n" + title("usage:") +
                       " sampan [global options] COMMAND [options] [arguments]\n\n"
                       "An argument with a slash names a bundle (a folder with config.json) "
                       "instead of an ID.\n\n" +
                       title("commands:") + "\n";
    for (const Command& command : commands())
        text += format("  {:<11} {}\n", command.name, command.summary);
    text += "\n" + title("global options:") + "\n" + describe_options(global_options());
    return text + "\nThe options of a command: sampan help COMMAND; of all: sampan help all\n";
}

std::string usage_of(const Command& command) {
    return format("usage: sampan {} [options]{}{}", command.name,
                  *command.arguments == '\0' ? "" : " ", command.arguments);
}

std::string describe_command(const Command& command) {
    return format("{}\n\n{}\n\n{}\n{}", command.summary, usage_of(command), title("options:"),
                  describe_options(command.options));
}

std::string describe_all() {
    std::string text = describe_program();
    for (const Command& command : commands())
        text += "\n" + describe_command(command);
    return text;
}

}  // namespace sampan
