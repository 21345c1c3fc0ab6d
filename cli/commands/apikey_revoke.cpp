#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/log_in_commands.hpp"
#include "cli/views_log_in.hpp"

namespace visitor::cli {
namespace {

struct Options {
  domain::ApiKeyId key;
  bool yes = false;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  if (!options.dry_run) {
    const auto key = [&] {
      db::Transaction tx{session.db(), kReading};
      return app::audit_api_key(session.reader(tx), options.key).key;
    }();
    session.confirm(fmt::format("Revoke the API key '{}' of '{}'?", key.name, key.login), options.yes);
  }
  db::Transaction tx{session.db()};
  const auto key = app::revoke_api_key(session.work(tx), options.key);
  finish(tx, options.dry_run);
  session.done(key, fmt::format("Revoked API key {} '{}' of '{}'.", key.id, key.name, key.login), options.dry_run);
}

}  // namespace

void add_apikey_revoke(Command& apikey) {
  auto options = std::make_shared<Options>();
  auto& command = apikey.add("revoke", "End an API key at once, everywhere; this cannot be undone")
                      .positional("KEY", options->key, "Number shown by 'apikey list'")
                      .required()
                      .flag("-y,--yes", options->yes, kYesHelp);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl apikey revoke 3 --yes")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
