#include <fmt/format.h>

#include "app/audit_export.hpp"
#include "archive/keys.hpp"
#include "cli/audit_commands.hpp"
#include "cli/session.hpp"
#include "cli/views_audit.hpp"

namespace visitor::cli {
namespace {

struct Options {
  bool full = false;
  std::optional<std::filesystem::path> file;
  std::vector<std::string> keys;
};

void require_whole(const app::AuditReport& report) {
  if (!report.whole())
    throw Error(Errc::integrity, fmt::format("the audit is not what was written: {} finding(s)", report.wrong),
                "Keep this database as it is, and compare it with a backup from before.");
}

void check_file(const Options& options, Session& session) {
  for (const auto& key : options.keys) archive::require_signer(key);
  const auto checked = app::check_audit_file(*options.file, options.keys);
  session.show(checked.report, card_of(checked.report));
  if (options.keys.empty())
    for (const auto& key : checked.keys)
      session.note("Its checkpoints are signed with " + key + "; see that this is the key you know.");
  require_whole(checked.report);
}

void run(const Options& options, Session& session) {
  if (options.file) return check_file(options, session);
  if (!options.keys.empty()) throw Error(Errc::usage, "--public-key needs --file");
  const SystemClock clock;
  const app::Actor actor{{}, Session::os_user(), domain::ActionHow::person, session.origin()};
  const auto report =
      app::verify_audit({session.db(), session.settings(), session.vault(), actor, clock}, options.full);
  session.show(report, card_of(report));
  require_whole(report);
  if (!report.unreachable.empty())
    throw Error(Errc::partial, "the audit is whole as far as could be seen: a place of its checkpoints was not read",
                "See [audit] checkpoint_to.");
}

}  // namespace

void add_audit_verify(Command& audit) {
  auto options = std::make_shared<Options>();
  audit.add("verify", "Find out whether the audit is what was written")
      .details(
          "Each row has a link with a hash over the row and the link before it, and signed checkpoints say what the "
          "chain was at a moment. A row that was edited, deleted or put in, newest rows that were cut off, and a chain "
          "that was made anew are found and named. Checkpoints are read from the database and from the places of "
          "[audit] checkpoint_to. Only what came since the last good look is read, unless --full is given: it also "
          "finds older rows that were changed since. "
          "A row gets its link after the commit of the act, within a second where visitord runs. Of whoever owns the "
          "database, what he does to a row before that is found only where he deletes it and nothing else; after that, "
          "unless he makes all later links anew or cuts them off as well; from the next checkpoint on, unless he cuts "
          "off the newest rows together with the checkpoint; and all of it once the checkpoint has arrived elsewhere. "
          "After a restore the places hold checkpoints of rows that are gone: give checkpoint_to a new folder then, "
          "and keep the old one.")
      .flag("--full", options->full, "Read all of it")
      .option("--file", "FILE", options->file, "Check a file of 'audit export' instead; needs no database")
      .takes_file()
      .option("--public-key", "KEY", options->keys, "With --file: only checkpoints that this key signed are believed")
      .fails_with({Errc::integrity, Errc::partial})
      .uses_database()
      .example("visitorctl audit verify")
      .example("visitorctl audit verify --full --json")
      .example("visitorctl audit verify --file audit.jsonl --public-key vbs-1f0c...")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
