#include "app/backup_watch.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "app/alerts.hpp"
#include "app/findings.hpp"
#include "app/journal.hpp"
#include "app/metrics.hpp"
#include "config/settings.hpp"
#include "core/zone.hpp"
#include "domain/backup.hpp"
#include "domain/rules.hpp"
#include "store/incidents.hpp"

namespace visitor::app {
namespace {

using domain::Figures;
using std::chrono::seconds;
using store::BackupCopy;
using store::BackupRun;

constexpr int kCompared = 20, kComparedLeast = 5;
constexpr seconds kWorthComparing{10};
// What a restart or a slow disk may take; and how old a look may be, which is taken every minute.
constexpr std::chrono::minutes kWalGrace{2}, kLooksEvery{2}, kWalLate{15};
constexpr std::chrono::hours kWalCritical{1}, kBaseWithin{1};
// The last run, those it is compared with, and room for failed ones between them.
constexpr int kLooked = 60;

constexpr std::array<std::string_view, 15> kNames{"none",     "failed",     "missing",    "small",    "fast",
                                                  "broken",   "unverified", "unrestored", "unproven", "wal_stopped",
                                                  "wal_late", "wal_behind", "wal_base",   "wal_disk", "wal_gap"};

bool is_good(const BackupCopy& copy) {
  return copy.problem.empty();
}

/// However many slashes the configuration ends with.
bool same_place(std::string_view a, std::string_view b) {
  const auto trimmed = [](std::string_view text) { return text.substr(0, text.find_last_not_of('/') + 1); };
  return trimmed(a) == trimmed(b);
}

std::string scheme_of(const std::string& target) {
  return target.substr(0, target.find(':'));
}

template <class T>
T median(std::vector<T> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::int64_t seconds_in(std::chrono::microseconds span) {
  return std::max(std::chrono::duration_cast<seconds>(span).count(), seconds::rep{0});
}

/// The newest of the moments that \p member has, of copies that are good.
std::optional<Instant> newest_of(const BackupFacts& facts, std::optional<Instant> BackupCopy::*member) {
  std::optional<Instant> newest;
  for (const auto& copy : facts.copies)
    if (is_good(copy) && copy.*member && (!newest || *(copy.*member) > *newest)) newest = copy.*member;
  return newest;
}

class Look {
 public:
  Look(const BackupFacts& facts, Instant now) : facts_(facts), now_(now) {}

  std::vector<BackupFinding> run() {
    if (!facts_.targets.empty()) {
      none();
      failed();
      missing();
      compare();
      broken();
      unverified();
      unrestored();
      unproven();
    }
    // Before the first look there is nothing to say.
    if (facts_.wal && facts_.wal->state) {
      wal_stopped();
      wal_late();
      wal_behind();
      wal_base();
      wal_disk();
      wal_gap();
    }
    return std::move(found_);
  }

 private:
  void add(std::string_view name, CheckStatus status, Instant since, const Figures& figures) {
    found_.push_back(
        {std::string{name}, status, domain::backup_words(figures, domain::Language::english), figures.json(), since});
  }
  static Figures figures(std::string_view name) { return Figures{}.add("finding", name); }

  void none() {
    const auto newest = newest_good(facts_);
    if (newest && newest->started_at + facts_.max_age > now_) return;
    if (newest)
      return add("none", CheckStatus::critical, newest->started_at + facts_.max_age,
                 figures("none").add("age_seconds", seconds_in(now_ - newest->started_at)));
    const auto ended = std::ranges::any_of(facts_.runs, [](const auto& run) { return run.ended_at.has_value(); });
    // Whoever has just set it up is not in danger; whoever has tried is.
    if (!ended) return add("none", CheckStatus::warning, now_, figures("none").add("tried", false));
    add("none", CheckStatus::critical, facts_.runs.back().started_at, figures("none").add("tried", true));
  }

  void failed() {
    const BackupRun* newest = nullptr;
    std::optional<Instant> since;
    for (const auto& run : facts_.runs) {
      if (!run.ended_at) continue;
      if (run.state == "done") break;
      if (newest == nullptr) newest = &run;
      since = run.started_at;
    }
    if (newest == nullptr) return;
    // What was interrupted is made again at once.
    if (newest->state == "interrupted" && !facts_.runs.front().ended_at) return;
    add("failed", CheckStatus::warning, *since, figures("failed").add("state", newest->state));
  }

  void missing() {
    std::size_t without = 0;
    std::optional<Instant> since;
    for (const auto& target : facts_.targets) {
      const auto copy = std::ranges::find_if(
          facts_.copies, [&](const auto& one) { return same_place(one.target, target) && is_good(one); });
      if (copy != facts_.copies.end() && copy->started_at + facts_.max_age > now_) continue;
      ++without;
      if (copy != facts_.copies.end() && (!since || *since > copy->started_at + facts_.max_age))
        since = copy->started_at + facts_.max_age;
    }
    // All of them: that is what "none" says.
    if (without == 0 || without == facts_.targets.size()) return;
    if (!since) since = facts_.copies.empty() ? now_ : facts_.copies.back().started_at;
    add("missing", CheckStatus::warning, *since,
        figures("missing")
            .add("without", without)
            .add("targets", facts_.targets.size())
            .add("limit_seconds", facts_.max_age.count()));
  }

  void compare() {
    std::vector<const BackupRun*> good;
    for (const auto& run : facts_.runs)
      if (run.ended_at && (run.state == "done" || run.state == "partial") && static_cast<int>(good.size()) <= kCompared)
        good.push_back(&run);
    if (static_cast<int>(good.size()) <= kComparedLeast) return;
    std::vector<std::int64_t> sizes;
    std::vector<std::chrono::microseconds> spans;
    for (std::size_t i = 1; i < good.size(); ++i) {
      sizes.push_back(good[i]->bytes);
      spans.push_back(*good[i]->ended_at - good[i]->started_at);
    }
    const auto& newest = *good.front();
    if (const auto usual = median(sizes); newest.bytes < usual / 2)
      add("small", CheckStatus::warning, newest.started_at,
          figures("small").add("bytes", newest.bytes).add("usual_bytes", usual));
    const auto took = *newest.ended_at - newest.started_at;
    if (const auto usual = median(spans); usual >= kWorthComparing && took < usual / 2)
      add("fast", CheckStatus::warning, newest.started_at,
          figures("fast").add("seconds", seconds_in(took)).add("usual_seconds", seconds_in(usual)));
  }

  void broken() {
    const auto count = std::ranges::count_if(facts_.copies, [](const auto& copy) { return !is_good(copy); });
    if (count == 0) return;
    Instant since = now_;
    for (const auto& copy : facts_.copies)
      if (!is_good(copy)) since = std::min(since, copy.started_at);
    add("broken", CheckStatus::warning, since, figures("broken").add("copies", count));
  }

  /// Something that is to be done from time to time to good copies: what was never done is due from the oldest of them.
  void overdue(std::string_view name, std::optional<Instant> BackupCopy::*member, seconds within) {
    const auto newest = newest_of(facts_, member);
    std::optional<Instant> from = newest;
    for (const auto& copy : facts_.copies)
      if (!newest && is_good(copy)) from = copy.started_at;
    if (!from || *from + within > now_) return;
    auto said = figures(name);
    if (newest) said.add("age_seconds", seconds_in(now_ - *newest));
    add(name, CheckStatus::warning, *from + within, said);
  }

  void unverified() { overdue("unverified", &BackupCopy::verified_at, facts_.verify_within); }
  void unrestored() { overdue("unrestored", &BackupCopy::restored_at, facts_.restore_within); }

  void unproven() {
    int count = 0;
    std::optional<Instant> since;
    for (const auto& recipient : facts_.recipients) {
      const auto key = std::ranges::find(facts_.keys, recipient, &store::BackupKey::public_key);
      const auto proven = key == facts_.keys.end() ? std::nullopt : key->proven_at;
      // Nobody can read what does not exist yet.
      const auto from = proven                  ? proven
                        : facts_.copies.empty() ? std::nullopt
                                                : std::optional{facts_.copies.back().started_at};
      if (!from || *from + facts_.prove_within > now_) continue;
      ++count;
      since = std::min(since.value_or(now_), *from + facts_.prove_within);
    }
    if (count > 0)
      add("unproven", CheckStatus::warning, *since,
          figures("unproven")
              .add("keys", count)
              .add("recipients", facts_.recipients.size())
              .add("limit_seconds", facts_.prove_within.count()));
  }

  void wal_stopped() {
    const auto& state = *facts_.wal->state;
    // The moment from which on nothing was archived, as far as anybody knows.
    const auto since = state.failing_since ? *state.failing_since : state.looked_at + kLooksEvery;
    if (since + kWalGrace > now_) return;
    add("wal_stopped", since + kWalCritical > now_ ? CheckStatus::warning : CheckStatus::critical, since,
        figures("wal_stopped")
            .add("kept", state.failing_since.has_value())
            .add("age_seconds", seconds_in(now_ - state.failing_since.value_or(state.looked_at))));
  }

  void wal_late() {
    const auto& wal = *facts_.wal;
    const auto patience = std::max<seconds>(wal.max_loss * 3, kWalLate);
    const auto from = wal.state->reaches.value_or(wal.state->chain_from);
    if (from + patience > now_) return;
    add("wal_late", CheckStatus::warning, from + patience,
        figures("wal_late").add("age_seconds", seconds_in(now_ - from)));
  }

  void wal_behind() {
    const auto& wal = *facts_.wal;
    if (!wal.state->behind_since) return;
    const auto behind = wal.state->behind_bytes;
    add("wal_behind", behind < wal.max_behind / 5 * 4 ? CheckStatus::warning : CheckStatus::critical,
        *wal.state->behind_since, figures("wal_behind").add("bytes", behind).add("limit_bytes", wal.max_behind));
  }

  void wal_base() {
    const auto& wal = *facts_.wal;
    const auto due = wal.state->base_at ? *wal.state->base_at + wal.base_every + std::chrono::days{1}
                                        : wal.state->chain_from + kBaseWithin;
    if (due > now_) return;
    auto said = figures("wal_base");
    if (wal.state->base_at) said.add("age_seconds", seconds_in(now_ - *wal.state->base_at));
    add("wal_base", CheckStatus::warning, due, said);
  }

  void wal_disk() {
    const auto& state = *facts_.wal->state;
    if (!state.low_since || state.disk_bytes < 100) return;
    const auto percent = state.free_bytes / (state.disk_bytes / 100);
    add("wal_disk", percent * 4 < facts_.wal->warn_free ? CheckStatus::critical : CheckStatus::warning,
        *state.low_since, figures("wal_disk").add("percent", percent).add("bytes", state.free_bytes));
  }

  void wal_gap() {
    const auto& state = *facts_.wal->state;
    if (!state.gap_since) return;
    add("wal_gap", CheckStatus::warning, *state.gap_since,
        figures("wal_gap").add("segment", std::string_view{state.gap}));
  }

  const BackupFacts& facts_;
  Instant now_;
  std::vector<BackupFinding> found_;
};

/// Whether [rules] off speaks of them.
bool is_off(const config::Settings& settings) {
  return std::ranges::count(settings.rules.off, domain::name(domain::IncidentType::backup)) > 0;
}

domain::Finding finding_of(const BackupFinding& found) {
  domain::Finding finding;
  finding.type = domain::IncidentType::backup;
  finding.severity = found.status == CheckStatus::critical ? domain::Severity::high : domain::Severity::medium;
  finding.subject = found.name;
  finding.occurred_at = found.since;
  finding.details = found.figures;
  finding.summary = domain::summary(finding.type, finding.details, domain::Language::english);
  return finding;
}

}  // namespace

BackupFacts configured_backup_facts(const config::Settings& settings) {
  BackupFacts facts;
  facts.targets = settings.backup.targets;
  facts.recipients = settings.backup.recipients;
  facts.max_age = settings.backup.max_age;
  facts.verify_within = settings.backup.verify_within;
  facts.restore_within = settings.backup.restore_within;
  facts.prove_within = settings.backup.prove_within;
  facts.embedded = settings.database.url.empty();
  if (const auto& wal = settings.backup.wal; !wal.directory.empty())
    facts.wal = {{}, wal.max_loss, wal.base_every, static_cast<std::int64_t>(wal.max_behind), wal.warn_free};
  return facts;
}

BackupFacts backup_facts(const Work& work) {
  auto facts = configured_backup_facts(work.settings);
  if (facts.wal) facts.wal->state = store::WalStates{work.tx}.find();
  store::BackupLog log{work.tx};
  facts.runs = log.runs(kLooked);
  facts.copies = log.copies();
  facts.keys = log.keys();
  return facts;
}

std::vector<BackupFinding> assess_backups(const BackupFacts& facts, Instant now) {
  return Look{facts, now}.run();
}

std::optional<BackupCopy> newest_good(const BackupFacts& facts, std::optional<Instant> until) {
  std::optional<BackupCopy> newest;
  for (const auto& copy : facts.copies) {
    if (!is_good(copy) || (until && copy.started_at > *until)) continue;
    if (newest && copy.backup != newest->backup) break;
    if (!newest || (!newest->verified_at && copy.verified_at)) newest = copy;
  }
  return newest;
}

Check backup_check(const BackupFacts& facts, Instant now) {
  Check check{"backup", CheckStatus::unknown, {}, "s", {}, {}, "no backups are made: no target is configured"};
  if (facts.targets.empty() && !facts.wal) return check;
  if (!facts.targets.empty()) check.critical = static_cast<double>(facts.max_age.count());
  const auto newest = newest_good(facts);
  if (newest)
    check.value = static_cast<double>(
        std::max(std::chrono::duration_cast<seconds>(now - newest->started_at).count(), seconds::rep{0}));
  const auto found = assess_backups(facts, now);
  check.status = CheckStatus::ok;
  std::vector<std::string> said;
  for (const auto& one : found) {
    if (check.status != CheckStatus::critical) check.status = one.status;
    said.push_back(one.message);
  }
  if (found.empty() && newest)
    said.push_back(
        fmt::format("the newest backup is {} old", format_span(seconds{seconds_in(now - newest->started_at)})));
  if (found.empty() && !newest) said.emplace_back("the write-ahead log is archived, and no target is configured");
  check.message = fmt::format("{}", fmt::join(said, "; "));
  return check;
}

std::string three_two_one(const BackupFacts& facts) {
  std::set<std::string> kinds;
  std::set<std::string> elsewhere;
  int copies = 0;
  if (const auto newest = newest_good(facts))
    for (const auto& copy : facts.copies) {
      if (copy.backup != newest->backup || !is_good(copy)) continue;
      ++copies;
      kinds.insert(scheme_of(copy.target));
      if (scheme_of(copy.target) != "file") elsewhere.insert(copy.target);
    }
  return fmt::format("3-2-1: {} {} (the database and {} of the newest backup), {} {} of storage{}, {} elsewhere",
                     copies + 1, copies == 0 ? "copy" : "copies", copies, kinds.size(),
                     kinds.size() == 1 ? "kind" : "kinds",
                     kinds.empty() ? "" : fmt::format(" ({})", fmt::join(kinds, ", ")), elsewhere.size());
}

std::string point_in_time(const BackupFacts& facts, const Zone& zone) {
  if (!facts.embedded)
    return "Point in time: left to what archives the server that [database] names (pgbackrest, barman)";
  if (!facts.wal) return "Point in time: off; [backup.wal] directory turns it on";
  if (!facts.wal->state) return "Point in time: nothing is archived yet; visitord begins";
  const auto& state = *facts.wal->state;
  if (!state.oldest_at) return "Point in time: the first base backup is not complete yet";
  return fmt::format("Point in time: from {} to {}, {} in the archive", zone.stamp(*state.oldest_at),
                     zone.stamp(std::max(state.reaches.value_or(*state.oldest_at), *state.oldest_at)),
                     domain::bytes_words(state.bytes, domain::Language::english));
}

namespace {

double unix_seconds(Instant at) {
  return std::chrono::duration<double>(at.time_since_epoch()).count();
}

void add_wal_gauges(MetricsText& out, const store::WalState& state) {
  const auto moment = [&](std::string_view name, std::string_view help, const std::optional<Instant>& at) {
    if (at) out.gauge(name, help, unix_seconds(*at));
  };
  moment("visitor_wal_oldest_timestamp_seconds", "The earliest moment that can be restored.", state.oldest_at);
  moment("visitor_wal_reaches_timestamp_seconds", "Every commit up to then is in the archive.", state.reaches);
  moment("visitor_wal_base_timestamp_seconds", "When the newest base backup was complete.", state.base_at);
  out.gauge("visitor_wal_archive_bytes", "Size of the archive.", static_cast<double>(state.bytes));
  out.gauge("visitor_wal_disk_free_bytes", "Free space on its disk.", static_cast<double>(state.free_bytes));
  out.gauge("visitor_wal_disk_bytes", "Size of its disk.", static_cast<double>(state.disk_bytes));
  out.gauge("visitor_wal_behind_bytes", "Log that waits for the archive.", static_cast<double>(state.behind_bytes));
  out.gauge("visitor_wal_failing", "Whether the log cannot be archived.", state.failing_since ? 1 : 0);
}

}  // namespace

void add_backup_gauges(MetricsText& out, const BackupFacts& facts) {
  if (facts.wal && facts.wal->state) add_wal_gauges(out, *facts.wal->state);
  if (facts.targets.empty()) return;
  const auto gauge = [&](std::string_view name, std::string_view help, const std::optional<Instant>& at) {
    if (at) out.gauge(name, help, unix_seconds(*at));
  };
  const auto newest = newest_good(facts);
  gauge("visitor_backup_timestamp_seconds", "When the newest good backup was begun.",
        newest ? std::optional{newest->started_at} : std::nullopt);
  gauge("visitor_backup_verified_timestamp_seconds", "When a backup was last verified.",
        newest_of(facts, &BackupCopy::verified_at));
  gauge("visitor_backup_restored_timestamp_seconds", "When a backup was last restored for a trial.",
        newest_of(facts, &BackupCopy::restored_at));
  out.gauge("visitor_backup_copies", "Good copies of backups, at all targets.",
            static_cast<double>(std::ranges::count_if(facts.copies, is_good)));
  out.gauge("visitor_backup_copies_broken", "Copies of backups that are damaged or gone.",
            static_cast<double>(std::ranges::count_if(facts.copies, [](const auto& copy) { return !is_good(copy); })));
  for (const auto& run : facts.runs) {
    if (!run.ended_at) continue;
    out.gauge("visitor_backup_last_run_ok", "Whether the last run reached all targets.", run.state == "done" ? 1 : 0);
    out.gauge("visitor_backup_last_run_seconds", "How long it took.",
              std::chrono::duration<double>(*run.ended_at - run.started_at).count());
    out.gauge("visitor_backup_last_run_bytes", "The size of one copy of it.", static_cast<double>(run.bytes));
    break;
  }
  for (const auto& copy : facts.copies)
    if (copy.restore_seconds) {
      out.gauge("visitor_backup_restore_seconds", "How long the restore of the newest one that was tried took.",
                *copy.restore_seconds);
      break;
    }
}

int watch_backups(const Work& work) {
  std::vector<BackupFinding> found;
  if (!is_off(work.settings)) found = assess_backups(backup_facts(work), work.now);
  std::vector<domain::Finding> findings;
  std::set<std::string> standing;
  for (const auto& one : found) {
    standing.insert(one.name);
    // Setting backups up is no incident.
    if (one.name == "none" && one.status == CheckStatus::warning) continue;
    findings.push_back(finding_of(one));
  }
  auto writing = journal(work);
  const auto opened = apply_timed_findings(work, writing, findings);

  std::vector<std::string> gone;
  for (const auto name : kNames)
    if (!standing.contains(std::string{name})) {
      domain::Finding finding;
      finding.type = domain::IncidentType::backup;
      finding.subject = name;
      gone.push_back(store::Incidents::dedupe_key(finding));
    }
  store::Incidents incidents{work.tx, domain::Scope::everything()};
  for (const auto& incident : incidents.newest(gone)) {
    if (!domain::is_open(incident.status)) continue;
    const auto ended =
        incidents.resolve(incident.id, incident.version, work.actor.account, "This is no longer so.", work.now);
    queue_end(work, ended);
    writing.change(store::topic::kIncident, ended.id, ended.version);
    writing.audit(domain::AuditAction::update, store::topic::kIncident, ended.id,
                  fmt::format(R"({{"from":"{}","to":"resolved"}})", domain::name(incident.status)));
  }
  return static_cast<int>(opened.size());
}

}  // namespace visitor::app
