#include <fmt/format.h>

#include <algorithm>

#include "app/backup_record.hpp"
#include "app/backup_turn.hpp"
#include "app/backup_watch.hpp"
#include "app/wal_keeper.hpp"
#include "archive/wal_archive.hpp"
#include "cli/arguments.hpp"
#include "cli/backup_options.hpp"
#include "cli/backup_watch_commands.hpp"
#include "cli/views.hpp"
#include "cli/views_backups.hpp"
#include "core/text.hpp"
#include "core/zone.hpp"

namespace visitor::cli {
namespace {

using std::chrono::seconds;

struct Options {
  std::optional<Moment> lost_at;
};

/// What a loss at that moment would mean.
struct Survival {
  std::string_view answer;  ///< yes, perhaps, no
  Instant lost_at;
  std::optional<store::BackupCopy> copy;
  std::vector<store::BackupCopy> others;  ///< of the same backup
  std::string_view known_from;            ///< database, record, places
  std::optional<Instant> known_at;        ///< the record: what is said of checks, restores and keys is of then
  std::optional<store::BackupLoss> loss;  ///< nothing: there is nobody to ask
  std::optional<int> restore_seconds;     ///< of the newest backup that was ever restored
  std::vector<store::BackupKey> keys;
  std::optional<Instant> log_reaches;  ///< up to there the archived log brings the database back
  std::vector<std::string> doubts;
};

/// How near to \p lost_at a restore with --at gets.
std::optional<Instant> log_reaches(const app::BackupFacts& facts, Instant lost_at) {
  if (!facts.wal || !facts.wal->state) return std::nullopt;
  const auto& state = *facts.wal->state;
  if (!state.oldest_at || *state.oldest_at > lost_at) return std::nullopt;
  return std::min(std::max(state.reaches.value_or(*state.oldest_at), *state.oldest_at), lost_at);
}

Survival look(const app::BackupFacts& facts, Instant lost_at) {
  Survival result;
  result.lost_at = lost_at;
  for (const auto& recipient : facts.recipients) {
    const auto known = std::ranges::find(facts.keys, recipient, &store::BackupKey::public_key);
    result.keys.push_back(known == facts.keys.end() ? store::BackupKey{recipient, "", {}} : *known);
  }
  for (const auto& copy : facts.copies)
    if (!result.restore_seconds) result.restore_seconds = copy.restore_seconds;
  result.copy = app::newest_good(facts, lost_at);
  result.log_reaches = log_reaches(facts, lost_at);
  if (facts.wal && facts.wal->state && facts.wal->state->failing_since)
    result.doubts.emplace_back("the write-ahead log is not archived now");
  if (!result.copy) {
    result.doubts.emplace_back("there was no good backup by then");
    return result;
  }
  for (const auto& copy : facts.copies)
    if (copy.backup == result.copy->backup && copy.target != result.copy->target && copy.problem.empty())
      result.others.push_back(copy);
  if (!result.copy->verified_at) result.doubts.emplace_back("this backup was never verified");
  if (!result.restore_seconds) result.doubts.emplace_back("no backup was ever restored for a trial");
  if (std::ranges::none_of(result.keys, [](const auto& key) { return key.proven_at.has_value(); }))
    result.doubts.emplace_back("nobody has proven yet that he can read backups");
  if (result.copy->target.starts_with("file:") &&
      std::ranges::none_of(result.others, [](const auto& copy) { return !copy.target.starts_with("file:"); }))
    result.doubts.emplace_back("every copy is a file: does the folder survive this machine?");
  return result;
}

Survival look_with_database(Session& session, const Options& options, Zone& zone) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  zone = app::backup_zone(work);
  auto result = look(app::backup_facts(work), options.lost_at ? session.instant(*options.lost_at, zone) : work.now);
  result.known_from = "database";
  if (result.copy) result.loss = store::BackupLog{tx}.newer_than(result.copy->started_at, result.lost_at);
  return result;
}

/// The same where only the archive itself can be asked.
void look_at_archive(const config::Settings& settings, Survival& result) {
  if (settings.backup.wal.directory.empty()) return;
  const SystemClock clock;
  try {
    for (const auto& one : archive::look_at_wal(*app::open_wal_archive(settings, clock)).stretches)
      if (one.from <= result.lost_at)
        result.log_reaches = std::max(result.log_reaches.value_or(one.from), std::min(one.to, result.lost_at));
  } catch (const Error& error) {
    result.doubts.push_back("the archive of the write-ahead log cannot be read: " + error.message());
  }
}

/// The day on which it is asked in earnest.
Survival look_without_database(Session& session, const Options& options, const Zone& zone) {
  const SystemClock clock;
  const app::Actor nobody;
  const auto desk = backup_desk(session, nobody, clock);
  const auto known = app::surviving_facts(desk);
  auto result = look(known.facts, options.lost_at ? session.instant(*options.lost_at, zone) : session.now());
  result.known_from = known.known_at ? "record" : "places";
  result.known_at = known.known_at;
  look_at_archive(session.settings(), result);
  for (const auto& silent : known.silent) result.doubts.push_back("this place does not answer: " + silent);
  result.doubts.emplace_back("there is no database to ask: what is newer than the backup is not known");
  if (!known.known_at) result.doubts.emplace_back("nothing is known of earlier checks, restores and keys");
  return result;
}

seconds before_loss(const Survival& survival, Instant at) {
  return std::chrono::duration_cast<seconds>(survival.lost_at - at);
}

seconds age_of(const Survival& survival) {
  return before_loss(survival, survival.copy->started_at);
}

void write(JsonWriter& json, const Survival& survival) {
  json.begin_object().member("answer", survival.answer).member("lost_at", survival.lost_at).key("copies").begin_array();
  if (survival.copy) write(json, CopyRow{*survival.copy, survival.lost_at});
  for (const auto& copy : survival.others) write(json, CopyRow{copy, survival.lost_at});
  json.end().key("lost").begin_object();
  json.member("seconds",
              survival.copy ? std::optional{static_cast<std::int64_t>(age_of(survival).count())} : std::nullopt);
  const auto count = [&](std::int64_t store::BackupLoss::*member) {
    return survival.loss ? std::optional{(*survival.loss).*member} : std::nullopt;
  };
  json.member("events", count(&store::BackupLoss::events)).member("visits", count(&store::BackupLoss::visits));
  json.member("incidents", count(&store::BackupLoss::incidents)).member("changes", count(&store::BackupLoss::changes));
  json.end().key("log").begin_object().member("reaches", survival.log_reaches);
  json.member("lost_seconds",
              survival.log_reaches
                  ? std::optional{static_cast<std::int64_t>(before_loss(survival, *survival.log_reaches).count())}
                  : std::nullopt)
      .end();
  json.member("known_from", survival.known_from).member("known_at", survival.known_at);
  json.member("restore_seconds", survival.restore_seconds).key("keys").begin_array();
  for (const auto& key : survival.keys)
    json.begin_object()
        .member("public_key", std::string_view{key.public_key})
        .text_member("name", key.name)
        .member("proven_at", key.proven_at)
        .end();
  json.end().key("doubts").begin_array();
  for (const auto& doubt : survival.doubts) json.value(std::string_view{doubt});
  json.end().end();
}

Card card_of(const Survival& survival, const std::string& zone) {
  Card card;
  card.add("Answer", {std::string{survival.answer}, survival.answer == "yes"  ? Tone::good
                                                    : survival.answer == "no" ? Tone::bad
                                                                              : Tone::warning});
  card.add("Lost at", precise_time_cell(survival.lost_at, zone));
  if (const auto& copy = survival.copy) {
    card.add("Backup", copy->backup);
    card.add("Where", copy->target);
    for (const auto& other : survival.others) card.add("Also", other.target);
    card.add("Age then", span_cell(age_of(survival)));
    card.add("Verified", copy->verified_at ? time_cell(copy->verified_at, zone) : Cell{"never", Tone::warning});
    if (const auto& loss = survival.loss)
      card.add("Lost", fmt::format("{} events, {} visits, {} incidents; {} changes in all", loss->events, loss->visits,
                                   loss->incidents, loss->changes));
    else
      card.add("Lost", {"not known", Tone::warning});
    card.add("Restore takes", survival.restore_seconds ? span_cell(seconds{*survival.restore_seconds})
                                                       : Cell{"not known", Tone::warning});
  }
  if (const auto& reaches = survival.log_reaches)
    card.add("Log",
             fmt::format("archived; with --at no more than {} are lost", format_span(before_loss(survival, *reaches))));
  for (const auto& key : survival.keys)
    card.add("Key", fmt::format("{}{} ({})", key.name.empty() ? "" : key.name + ", ", key.public_key,
                                key.proven_at ? "proven " + time_cell(key.proven_at, zone).text : "never proven"));
  if (survival.known_at) card.add("Known as of", time_cell(survival.known_at, zone));
  for (const auto& doubt : survival.doubts) card.add("Doubt", {doubt, Tone::warning});
  return card;
}

void run(const Options& options, Session& session) {
  auto zone = Zone::utc();
  auto survival = app::has_database(session.instance()) ? look_with_database(session, options, zone)
                                                        : look_without_database(session, options, zone);
  if (!survival.copy && !survival.log_reaches)
    survival.answer = "no";
  else
    survival.answer = survival.doubts.empty() ? "yes" : "perhaps";
  session.show(survival, card_of(survival, zone.name()));
  session.set_exit_status(survival.answer == "yes" ? 0 : survival.answer == "perhaps" ? 1 : 2);
}

}  // namespace

void add_backup_can_i_survive(Command& backup) {
  auto options = std::make_shared<Options>();
  backup.add("can-i-survive", "Say what a loss of everything but the backups would cost")
      .option("--lost-at", "TIME", options->lost_at, "When it is lost; by default now")
      .details(
          "Names the backup that would be restored and where it is, how old it would be and what is newer and would be "
          "lost, how long the last restore took, and whose keys can read it and when that was last proven. Where "
          "[backup.wal] archives the log, how little 'backup restore --at' would lose; that folder has to survive, "
          "too. Yes is OK, perhaps is a warning and comes with its doubts, no is critical. Where the database is lost "
          "already, the places themselves are asked; what was known of checks, restores and keys is taken from the "
          "signed record in the state directory, or on a new machine from the newest manifest.")
      .as_check()
      .example("visitorctl backup can-i-survive")
      .example("visitorctl backup can-i-survive --lost-at '2026-11-22 14:05'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
