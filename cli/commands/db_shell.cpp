#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "app/instance.hpp"
#include "cli/commands.hpp"
#include "cli/record.hpp"
#include "core/file.hpp"
#include "db/client_environment.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::vector<std::string> arguments;
  std::string emergency;
};

/// What is done in there is out of our sight: that it was opened is not.
void put_opening_on_record(const Options& options, Session& session) {
  auto& instance = session.instance();
  OnRecord row{domain::AuditAction::view, "database", 0, app::Details{}.add("opened", "shell")};
  if (!options.emergency.empty()) row.details.add("emergency", std::string_view{options.emergency});
  try {
    if (instance.initialised()) put_on_record(session, instance.pool_of_any_schema(), row);
  } catch (const Error& error) {
    if (options.emergency.empty())
      throw Error(error.code(), fmt::format("this shell cannot be put on record: {}", error.message()),
                  "Mend that, or say --emergency REASON to open it all the same.");
    session.note(fmt::format("This shell is not on record: {}", error.message()));
  }
}

void run(const Options& options, Session& session) {
  put_opening_on_record(options, session);
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
      .details(
          "That it was opened, and by whom, is a row of the audit; where that cannot be written it is not opened. The "
          "exit status is that of psql, once it has started.")
      .positional("ARGUMENT", options->arguments, "For psql; put -- before those that begin with a dash")
      .option("--emergency", "REASON", options->emergency,
              "Open it also where that cannot be put on record; where it can, with this reason")
      .uses_database()
      .example("visitorctl db shell")
      .example("visitorctl db shell -- -c 'SELECT count(*) FROM visit'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
