#include "cli/completion.hpp"

#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace visitor::cli {
namespace {

void add_shell(Command& completion, Shell shell, const std::string& name, const std::string& file) {
  completion.add(name, "Print the script for " + name)
      .details("Files that a package puts in place need not be made: " + file + " is read by itself.")
      .example("visitorctl completion " + name + " > " + file)
      .runs([shell](Session& session) {
        session.print(completion_script(shell, session.root(), session.global().params()));
      });
}

}  // namespace

void add_completion(Command& root) {
  auto& completion = root.add("completion", "Print what completes the words of visitorctl in a shell");
  completion.details(
      "Completes commands, options and their values: also the numbers of visits, incidents and guests, and the names "
      "of hosts, departments, sites, terminals and jobs. The database is only asked while it runs; it is never "
      "started for this.");
  add_shell(completion, Shell::bash, "bash", "/usr/share/bash-completion/completions/visitorctl");
  add_shell(completion, Shell::zsh, "zsh", "/usr/local/share/zsh/site-functions/_visitorctl");
  add_shell(completion, Shell::fish, "fish", "/usr/share/fish/vendor_completions.d/visitorctl.fish");
}

}  // namespace visitor::cli
