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
// The last run, those it is compared with, and room for failed ones between them.
constexpr int kLooked = 60;

constexpr std::array<std::string_view, 9> kNames{"none",   "failed",     "missing",    "small",   "fast",
                                                 "broken", "unverified", "unrestored", "unproven"};

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
    if (facts_.targets.empty()) return {};
    none();
    failed();
    missing();
    compare();
    broken();
    unverified();
    unrestored();
    unproven();
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
  return facts;
}

BackupFacts backup_facts(const Work& work) {
  auto facts = configured_backup_facts(work.settings);
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
  if (facts.targets.empty()) return check;
  check.critical = static_cast<double>(facts.max_age.count());
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
  check.message = found.empty() ? fmt::format("the newest backup is {} old",
                                              format_span(seconds{seconds_in(now - newest->started_at)}))
                                : fmt::format("{}", fmt::join(said, "; "));
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

void add_backup_gauges(MetricsText& out, const BackupFacts& facts) {
  if (facts.targets.empty()) return;
  const auto moment = [](Instant at) { return std::chrono::duration<double>(at.time_since_epoch()).count(); };
  const auto gauge = [&](std::string_view name, std::string_view help, const std::optional<Instant>& at) {
    if (at) out.gauge(name, help, moment(*at));
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
    writing.audit(domain::AuditAction::update, store::topic::kIncident, ended.id, R"({"status":"resolved"})");
  }
  return static_cast<int>(opened.size());
}

}  // namespace visitor::app
