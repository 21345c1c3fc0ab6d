#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/log_in_commands.hpp"
#include "cli/step_up.hpp"
#include "cli/views_log_in.hpp"

namespace visitor::cli {
namespace {

struct Options {
  app::NewApiKey key;
  std::optional<Moment> expires;
  std::optional<std::filesystem::path> code_file;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  if (!options.dry_run) step_up(session, options.code_file);
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  auto wanted = options.key;
  if (options.expires) wanted.expires_at = session.instant(*options.expires, zone_for(work, std::nullopt));
  const auto created = app::create_api_key(work, wanted);
  finish(tx, options.dry_run);
  if (session.json()) return session.show(created, Card{});
  session.done(created,
               fmt::format("Created API key {} '{}' of '{}'.", created.key.id, created.key.name, created.key.login),
               options.dry_run);
  if (options.dry_run) return;
  session.note("It is shown only now:");
  session.print(fmt::format("{}\n", created.text.reveal()));
}

}  // namespace

void add_apikey_create(Command& apikey) {
  auto options = std::make_shared<Options>();
  auto& command = apikey.add("create", "Make a key for a script, which is shown once")
                      .details(
                          "The key acts for the account, where the roles of the account hold, and with no more than "
                          "the permissions that are named. It cannot do what asks for a fresh code. " +
                          std::string{kStepUpDetails})
                      .positional("LOGIN", options->key.login, "Account that it acts for")
                      .required()
                      .option("--name", "NAME", options->key.name, "What it is for")
                      .required()
                      .option("--permission", "PERMISSION", options->key.permissions, "What it may do; again for each")
                      .required()
                      .option("--network", "NETWORK", options->key.networks,
                              "Only from there: 10.0.0.0/8 or 192.0.2.7; again for each")
                      .option("--expires", "TIME", options->expires, "When it ends by itself");
  add_dry_run(command, options->dry_run);
  add_code_file(command, options->code_file);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl apikey create wallboard --name lobby --permission inside.view --network 10.1.0.0/16")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
