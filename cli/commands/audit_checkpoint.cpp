#include "cli/arguments.hpp"
#include "cli/audit_commands.hpp"
#include "cli/session.hpp"
#include "cli/views_audit.hpp"

namespace visitor::cli {
namespace {

void run(Session& session) {
  const SystemClock clock;
  const app::Actor actor{{}, Session::os_user(), domain::ActionHow::person, session.origin()};
  const app::AuditDesk desk{session.db(), session.settings(), session.vault(), actor, clock};
  CheckpointShown shown;
  const auto made = app::make_checkpoint(desk);
  shown.is_new = made.has_value();
  shown.sent = app::send_checkpoints(desk);
  db::Transaction tx{session.db(), kReading};
  const auto newest = store::AuditChain{tx}.newest_checkpoint();
  if (!newest) throw Error(Errc::not_found, "there is nothing to sign yet: the audit is empty");
  shown.made = *newest;
  shown.keys = app::audit_public_keys(tx, session.vault());
  session.show(shown, card_of(shown, zone_for(session.reader(tx), std::nullopt).name()));
}

}  // namespace

void add_audit_checkpoint(Command& audit) {
  audit.add("checkpoint", "Sign where the audit ends, and send that to its places now")
      .details(
          "visitord does so by itself every [audit] checkpoint_interval. Keep the public key that is shown where the "
          "owner of the database cannot change it: with it anybody can check a checkpoint.")
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl audit checkpoint")
      .runs(run);
}

}  // namespace visitor::cli
