#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/session.hpp"

namespace visitor::cli {
namespace {

void run(Session& session) {
  session.print(bash_completion(session.root(), session.global().params()));
}

}  // namespace

void add_completion_bash(Command& completion) {
  completion.add("bash", "Print a script that completes visitorctl's words in bash")
      .example("visitorctl completion bash > /usr/share/bash-completion/completions/visitorctl")
      .runs(run);
}

}  // namespace visitor::cli
