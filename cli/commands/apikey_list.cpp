#include "cli/arguments.hpp"
#include "cli/log_in_commands.hpp"
#include "cli/views_log_in.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<std::string> login;
  bool all = false;
  int limit = 100;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  auto keys = app::list_api_keys(work, options.login, options.all, options.limit + 1);
  cut(keys, options.limit, session);
  session.list("api_keys", keys, api_key_table(keys, session.now(), zone_for(work, std::nullopt).name()));
}

}  // namespace

void add_apikey_list(Command& apikey) {
  auto options = std::make_shared<Options>();
  auto& command = apikey.add("list", "List API keys by account and name")
                      .positional("LOGIN", options->login, "Only of this account")
                      .flag("-a,--all", options->all, "Those that are revoked or have expired, too");
  add_limit(command, options->limit);
  command.fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl apikey list")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
