#include "cli/help.hpp"

#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "core/text.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::vector<std::string> words;
};

void run(const Options& options, Session& session) {
  const auto* command = &session.root();
  for (const auto& word : options.words) {
    const auto* child = command->find(word);
    if (!child) {
      std::vector<std::string> names;
      for (const auto& one : command->children()) names.push_back(one->name());
      const auto near = nearest(word, names);
      throw Error(Errc::usage, "there is no command '" + word + "' in '" + command->path() + "'",
                  near ? "Did you mean '" + *near + "'?" : "");
    }
    command = child;
  }
  session.print(help_text(*command, session.global().params(), help_width(session.width())));
}

}  // namespace

void add_help(Command& root) {
  auto options = std::make_shared<Options>();
  root.add("help", "Explain a command")
      .positional("COMMAND", options->words, "What to explain; without it everything at a glance")
      .example("visitorctl help visit create")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
