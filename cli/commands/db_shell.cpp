#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "app/instance.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "core/file.hpp"
#include "db/client_environment.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::vector<std::string> arguments;
};

void run(const Options& options, Session& session) {
  // In the environment, because whoever may list processes can read arguments.
  for (const auto& [name, value] : db::client_environment(session.instance().conninfo()))
    ::setenv(name.c_str(), std::string{value.reveal()}.c_str(), 1);
  std::vector<std::string> words{"psql"};
  words.insert(words.end(), options.arguments.begin(), options.arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execvp(argv[0], argv.data());
  throw Error(Errc::failed, "psql cannot be started: " + errno_text(errno), "Install it: postgresql-client.");
}

}  // namespace

void add_db_shell(Command& db) {
  auto options = std::make_shared<Options>();
  db.add("shell", "Open psql on the database")
      .details("The exit status is that of psql, once it has started.")
      .positional("ARGUMENT", options->arguments, "For psql; put -- before those that begin with a dash")
      .uses_database()
      .example("visitorctl db shell")
      .example("visitorctl db shell -- -c 'SELECT count(*) FROM visit'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
