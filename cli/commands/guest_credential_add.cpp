#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string guest;
  domain::CredentialKind kind = domain::CredentialKind::employee_no;
  std::string value;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto guest = app::resolve_guest(work, options.guest);
  const auto credential = app::add_credential(work, guest.id, {options.kind, options.value});
  finish(tx, options.dry_run);
  session.done(credential,
               fmt::format("Terminals know guest {}, {}, by {} {} from now on.", guest.id, guest.name,
                           domain::label(credential.kind, domain::Language::english), credential.value),
               options.dry_run);
}

}  // namespace

void add_guest_credential_add(Command& credential) {
  auto options = std::make_shared<Options>();
  auto& command = credential.add("add", "Say by which number terminals know a guest")
                      .positional("GUEST", options->guest, "Number, or the exact name where only one guest has it")
                      .required()
                      .positional("KIND", options->kind, "What kind of number")
                      .required()
                      .positional("VALUE", options->value, "The number; leading zeros and letter case count")
                      .required();
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl guest credential add 17 employee_no 1017")
      .example("visitorctl guest credential add 17 card 0012345678")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
