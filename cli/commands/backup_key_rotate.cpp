#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/backup_commands.hpp"
#include "cli/backup_options.hpp"
#include "cli/record.hpp"
#include "cli/step_up.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<std::filesystem::path> key;
  std::vector<std::string> from;
  std::optional<std::filesystem::path> code_file;
  bool yes = false;
};

struct Rotated {
  int copies = 0;
};

void write(JsonWriter& json, const Rotated& rotated) {
  json.begin_object().member("copies", rotated.copies).end();
}

void run(const Options& options, Session& session) {
  const SystemClock clock;
  const auto key = read_key(options.key);
  const auto actor = backup_actor(session);
  const auto desk = backup_desk(session, actor, clock);
  const auto count = app::backup_recipients(session.settings()).size();
  session.confirm(fmt::format("Let the {} key{} in [backup] recipients, and no other, read all backups?", count,
                              count == 1 ? "" : "s"),
                  options.yes);
  step_up_if_any(session, options.code_file);
  put_on_record_if_any(
      session, {domain::AuditAction::permission_change, "backup", 0,
                app::Details{}
                    .add("what", "key rotation")
                    .add("recipients", fmt::format("{}", fmt::join(session.settings().backup.recipients, " ")))});
  const Rotated rotated{app::rotate_backup_keys(desk, app::open_backup_targets(desk, options.from), key)};
  session.done(rotated,
               fmt::format("Sealed the keys of {} cop{} anew.", rotated.copies, rotated.copies == 1 ? "y" : "ies"));
}

}  // namespace

void add_backup_key_rotate(Command& key) {
  auto options = std::make_shared<Options>();
  auto& command =
      key.add("rotate", "Let the recipients of now, and no other, read the backups that there are")
          .details(
              "First put the new public key into [backup] recipients, and take the old one out. The key of each "
              "backup is then opened with the old private key and sealed anew; its data stay as they are, so whoever "
              "has both a copy from before and the old key can still read that. Where the database is there, this is "
              "a row of its audit. " +
              std::string{kStepUpDetails});
  add_key(command, options->key);
  add_from(command, options->from);
  add_code_file(command, options->code_file);
  command.flag("-y,--yes", options->yes, kYesHelp)
      .fails_with({Errc::denied, Errc::config, Errc::integrity})
      .example("visitorctl backup key rotate --key old.backup-key --yes")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
