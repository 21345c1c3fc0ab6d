#include "app/scheduled_reports.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "app/audit_documents.hpp"
#include "app/backups.hpp"
#include "app/checks.hpp"
#include "app/details.hpp"
#include "app/journal.hpp"
#include "app/report_schedule.hpp"
#include "auth/principals.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "domain/backup.hpp"
#include "store/users.hpp"

namespace visitor::app {
namespace {

using config::Settings;
using domain::Permission;
using domain::Scope;
using std::chrono::minutes;
using std::chrono::seconds;
using store::ReportDelivery;
using store::ReportRun;

constexpr int kRunsKept = 100;
constexpr minutes kFirstPause{1}, kLongestPause{60};
// A daemon looks every ten seconds.
constexpr minutes kOverdue{5};
constexpr std::string_view kRunTopic = "report_run", kDeliveryTopic = "report_delivery";
constexpr std::string_view kWaiting = "waiting", kDone = "done", kFailed = "failed", kSent = "sent";

minutes pause_after(int attempts) {
  constexpr int kMostDoublings = 6;
  return std::min(kFirstPause * (1 << std::clamp(attempts - 1, 0, kMostDoublings)), kLongestPause);
}

const Settings::Report& require_report(const Settings& settings, std::string_view name) {
  std::vector<std::string> names;
  for (const auto& report : settings.reports) {
    if (report.name == name) return report;
    names.push_back(report.name);
  }
  throw Error(
      Errc::not_found, fmt::format("there is no scheduled report '{}'", printable(name)),
      near_hint(name, names, "Run 'visitorctl report list' to see them; [[report]] in visitor.toml makes one."));
}

ReportWish wish_of(const Settings::Report& report, const Zone& zone, Instant due) {
  ReportWish wish;
  wish.period = report.period;
  wish.site = report.site;
  wish.department = report.department;
  wish.statuses = report.status;
  wish.columns = report.columns;
  wish.section = report.section;
  wish.time_zone = zone.name();
  wish.language = *domain::find_named<domain::Language>(report.locale);
  wish.period_at = due;
  return wish;
}

/// In whose name a report is made, and what may be in it.
struct Rights {
  Actor actor;
  Scope scope;
  Scope also;
};

Rights rights_for(const Work& work, const Settings::Report& report) {
  const auto& declared = get_report(report.report);
  const auto refuse = [&](std::string_view why, std::string hint) {
    return Error(Errc::denied, fmt::format("account {} {}", printable(report.as), why), std::move(hint));
  };
  const auto account = store::Users{work.tx}.find_by_login(report.as);
  if (!account) throw refuse("does not exist", "Name another one in 'as' of the [[report]].");
  const auto principal = auth::find_principal(work.tx, account->id);
  if (!principal && account->disabled_at)
    throw refuse("is disabled", "Name another one in 'as' of the [[report]], or enable it.");
  if (!principal) throw refuse("is not a person's", "Name another one in 'as' of the [[report]].");
  const auto needed = [&](Permission permission) {
    const auto scope = principal->scope_for(permission);
    if (!scope)
      throw refuse(fmt::format("lacks the permission {}", domain::name(permission)), "Grant it a role that has it.");
    return *scope;
  };
  return {{account->id, account->login, domain::ActionHow::automatic, work.actor.origin},
          needed(Permission::report_export),
          needed(declared.needs)};
}

/// The right to work on a run, which one session at a time has: it ends with the program, however that ends.
class RunTurn {
 public:
  static std::optional<RunTurn> take(db::Pool& pool, ReportRunId id) {
    auto session = std::make_unique<db::Pool::Lease>(pool.acquire());
    db::Transaction tx{**session};
    if (!store::ScheduledReports{tx}.take_turn(id)) return std::nullopt;
    tx.commit();
    return RunTurn{std::move(session), id};
  }
  ~RunTurn() {
    if (!session_) return;
    try {
      db::Transaction tx{**session_};
      store::ScheduledReports{tx}.let_go(id_);
      tx.commit();
    } catch (const std::exception& error) {
      // The session is broken, and its lock gone with it.
      log::debug("report: {}", error.what());
    }
  }
  RunTurn(RunTurn&&) noexcept = default;
  RunTurn& operator=(RunTurn&&) = delete;

 private:
  RunTurn(std::unique_ptr<db::Pool::Lease> session, ReportRunId id) : session_(std::move(session)), id_(id) {}

  std::unique_ptr<db::Pool::Lease> session_;
  ReportRunId id_;
};

/// One attempt at a run whose turn we have.
class Attempt {
 public:
  Attempt(const ReportRunner& runner, const Settings::Report& report, ReportRun run)
      : runner_(runner), report_(report), run_(std::move(run)), send_(runner.send) {
    if (!send_) send_ = mail_sender(runner.settings);
  }

  void make_and_deliver() {
    std::optional<Rights> rights;
    std::optional<Zone> zone;
    std::vector<ReportPlace> places;
    in_transaction([&](db::Transaction& tx, store::ScheduledReports& store) {
      const Work work{tx, runner_.actor, runner_.clock.now(), runner_.settings, Scope::everything()};
      rights = rights_for(work, report_);
      zone = report_zone(work, report_);
      keys_ = audit_public_keys(tx, runner_.vault);
      places = report_places(work, report_);
      std::vector<std::string> names;
      for (const auto& one : places) names.push_back(one.place);
      store.set_places(run_.id, names);
    });
    file_ = report_file_name(report_, *zone, run_.due_at);
    const ReportDesk desk{.pool = runner_.pool,
                          .settings = runner_.settings,
                          .vault = runner_.vault,
                          .actor = rights->actor,
                          .clock = runner_.clock,
                          .made_at = runner_.clock.now(),
                          .scope = rights->scope,
                          .also = rights->also,
                          .stop = runner_.stop,
                          .scheduled = report_.name};
    const ReportOptions options{.format = *domain::find_named<report::Format>(report_.format), .nameless = true};
    const ReportDraft draft{desk, get_report(report_.report), wish_of(report_, *zone, run_.due_at), options,
                            runner_.settings.state_directory};
    const auto& made = draft.file();
    sha256_ = made.sha256;
    std::vector<ReportDelivery> deliveries;
    in_transaction([&](db::Transaction&, store::ScheduledReports& store) {
      store.made(run_.id, file_, made.written.total(), static_cast<std::int64_t>(made.bytes), made.sha256);
      deliveries = store.deliveries(run_.id);
    });
    std::optional<notify::FileMail> mail;
    for (const auto& delivery : deliveries) {
      if (delivery.state != kWaiting) continue;
      if (runner_.stop.stop_requested()) throw Error(Errc::interrupted, "interrupted");
      const auto place = std::ranges::find(places, delivery.place, &ReportPlace::place);
      if (!place->problem.empty()) {
        end(delivery, notify::RetryAfter{{}, place->problem});
      } else if (is_report_target(delivery.place)) {
        end(delivery, put(delivery, draft));
      } else if (made.bytes > report_.mail_limit) {
        const auto size = [](std::size_t bytes) {
          return domain::bytes_words(static_cast<std::int64_t>(bytes), domain::Language::english);
        };
        end(delivery, notify::Refused{fmt::format("the file has {}, and mail_limit is {}", size(made.bytes),
                                                  size(report_.mail_limit))});
      } else {
        if (!mail) mail = report_mail(draft, report_, file_, run_.created_at);
        end(delivery, post(delivery, *mail));
      }
    }
  }

  /// How the run stands after the attempt. \param problem  what kept it from being made; empty: nothing
  void settle(const std::string& problem) {
    in_transaction([&](db::Transaction&, store::ScheduledReports& store) {
      const auto now = runner_.clock.now();
      const bool late = now >= run_.created_at + runner_.settings.alerts.give_up_after;
      if (late) store.give_up(run_.id, now);
      auto message = problem;
      bool waiting = !problem.empty() && !late, failed = !problem.empty();
      for (const auto& one : store.deliveries(run_.id)) {
        if (one.state == kSent) continue;
        waiting = waiting || one.state == kWaiting;
        failed = true;
        if (message.empty()) message = fmt::format("{}: {}", one.place, one.message);
      }
      if (failed) log::warn("report {}: {}", report_.name, message);
      if (waiting)
        store.postpone(run_.id, now + std::max<Instant::duration>(pause_after(run_.attempts), asked_), message);
      else
        store.finish(run_.id, std::string{failed ? kFailed : kDone}, now, message);
    });
  }

 private:
  /// Short, and never given up for the stop token: what went out must not be forgotten.
  template <class Use>
  void in_transaction(Use use) {
    db::with_retry(runner_.pool, 3, [&](db::Transaction& tx) {
      store::ScheduledReports store{tx};
      use(tx, store);
    });
  }

  notify::Outcome put(const ReportDelivery& delivery, const ReportDraft& draft) {
    try {
      const auto target = open_report_target(runner_.settings, delivery.place, runner_.clock, runner_.stop);
      put_report(*target, draft, file_, report_.name, keys_);
      return notify::Delivered{fmt::format("{}/{}", target->address(), file_)};
    } catch (const Error& error) {
      if (error.code() == Errc::interrupted) throw;
      return notify::RetryAfter{{}, error.message()};
    }
  }

  notify::Outcome post(const ReportDelivery& delivery, notify::FileMail mail) {
    in_transaction([&](db::Transaction&, store::ScheduledReports& store) { store.begin_delivery(delivery.id); });
    mail.to = delivery.place;
    mail.key =
        fmt::format("report-{}-{}-{}", run_.id, delivery.id,
                    std::chrono::duration_cast<std::chrono::microseconds>(run_.created_at.time_since_epoch()).count());
    if (delivery.in_doubt) mark_repeated(mail);
    return send_(mail, runner_.stop);
  }

  void end(const ReportDelivery& delivery, const notify::Outcome& outcome) {
    in_transaction([&](db::Transaction& tx, store::ScheduledReports& store) {
      const auto now = runner_.clock.now();
      if (const auto* delivered = std::get_if<notify::Delivered>(&outcome)) {
        store.end_delivery(delivery.id, std::string{kSent}, false, now, delivered->provider_id);
        store::Journal{tx, runner_.actor.account, now, runner_.actor.origin}.audit(domain::AuditAction::exported,
                                                                                   kDeliveryTopic, delivery.id,
                                                                                   Details{}
                                                                                       .add("scheduled", report_.name)
                                                                                       .add("run", run_.id)
                                                                                       .add("place", delivery.place)
                                                                                       .add("file", file_)
                                                                                       .add("sha256", sha256_)
                                                                                       .json());
      } else if (const auto* later = std::get_if<notify::RetryAfter>(&outcome)) {
        store.end_delivery(delivery.id, std::string{kWaiting}, delivery.in_doubt || later->in_doubt, now,
                           later->reason);
        asked_ = std::max<Instant::duration>(asked_, later->wait);
      } else {
        store.end_delivery(delivery.id, std::string{kFailed}, delivery.in_doubt, now,
                           std::get<notify::Refused>(outcome).reason);
      }
    });
  }

  const ReportRunner& runner_;
  const Settings::Report& report_;
  ReportRun run_;
  SendMail send_;
  std::vector<std::string> keys_;
  std::string file_;
  std::string sha256_;
  Instant::duration asked_{};  ///< how long those who were asked want to be left alone
};

/// \param asked_for  by a person, due or not
/// \returns whether it was tried
bool try_run(const ReportRunner& runner, ReportRunId id, bool asked_for) {
  const auto turn = RunTurn::take(runner.pool, id);
  if (!turn) return false;
  const auto run = db::with_retry(runner.pool, 3, [&](db::Transaction& tx) -> std::optional<ReportRun> {
    store::ScheduledReports store{tx};
    const auto now = runner.clock.now();
    auto found = store.find(id);
    if (!found || found->state != kWaiting || (!asked_for && found->next_try_at > now)) return std::nullopt;
    ++found->attempts;
    // Whoever dies in the middle does not come back at once, or it might be this that kills.
    store.begin(id, now, now + pause_after(found->attempts));
    return found;
  });
  if (!run) return false;
  Attempt attempt{runner, require_report(runner.settings, run->name), *run};
  std::string problem;
  try {
    attempt.make_and_deliver();
  } catch (const Error& error) {
    if (error.code() == Errc::interrupted || error.code() == Errc::database_lost) throw;
    problem = error.message();
  }
  attempt.settle(problem);
  return true;
}

/// \returns the runs whose next attempt is due
std::vector<ReportRunId> take_up(const Work& work) {
  if (held_back(work)) return {};
  store::ScheduledReports store{work.tx};
  std::vector<std::string> names;
  for (const auto& report : work.settings.reports) {
    names.push_back(report.name);
    const auto zone = report_zone(work, report);
    const auto text = schedule_text(report, zone);
    const auto known = store.schedule(report.name);
    if (!known || known->schedule != text) {
      store.know(report.name, text, work.now);
      continue;
    }
    const auto due = report_due_since(report, zone, work.now);
    if (due <= known->taken_until || !store.take_up(report.name, due, work.now)) continue;
    store.trim(report.name, kRunsKept);
  }
  return store.due(names, work.now);
}

/// State and problem of what is listed.
void judge(const Work& work, ScheduledReport& listed) {
  const auto& last = listed.last;
  listed.state = !last ? "never ran" : last->state == kDone ? "ok" : last->state == kWaiting ? kWaiting : kFailed;
  if (last) listed.problem = last->message;
  const auto known = store::ScheduledReports{work.tx}.schedule(listed.report.name);
  const auto due = report_due_since(listed.report, listed.zone, work.now);
  if (known && known->schedule == schedule_text(listed.report, listed.zone) && due > known->taken_until &&
      due + kOverdue < work.now) {
    listed.state = "overdue";
    listed.problem = fmt::format("it was due at {}, and nobody has made it", listed.zone.stamp(due));
  }
  try {
    rights_for(work, listed.report);
  } catch (const Error& error) {
    listed.state = "refused";
    listed.problem = error.message();
  }
}

}  // namespace

int make_due_reports(const ReportRunner& runner) {
  const auto due =
      db::with_retry(runner.pool, 3,
                     [&](db::Transaction& tx) {
                       return take_up({tx, runner.actor, runner.clock.now(), runner.settings, Scope::everything()});
                     },
                     {.stop = runner.stop});
  int tried = 0;
  for (const auto id : due) {
    if (runner.stop.stop_requested()) break;
    if (try_run(runner, id, false)) ++tried;
  }
  return tried;
}

ReportRunShown make_report_now(const ReportRunner& runner, std::string_view name) {
  const auto& report = require_report(runner.settings, name);
  const auto id = db::with_retry(runner.pool, 3, [&](db::Transaction& tx) {
    const Work work{tx, runner.actor, runner.clock.now(), runner.settings, Scope::everything()};
    if (const auto held = held_back(work))
      throw Error(Errc::conflict, fmt::format("no report is made: the database was {}", held->why),
                  "Run 'visitorctl resume' to let it work again.");
    rights_for(work, report);
    const auto added = store::ScheduledReports{tx}.add(report.name, work.now, work.now + kFirstPause);
    journal(work).audit(domain::AuditAction::create, kRunTopic, added, Details{}.add("scheduled", report.name).json());
    return added;
  });
  try_run(runner, id, true);
  db::Transaction tx{runner.pool, {.read_only = true}};
  store::ScheduledReports store{tx};
  return {store.find(id).value(), store.deliveries(id)};
}

ReportPlan plan_report(const ReportRunner& runner, std::string_view name) {
  const auto& report = require_report(runner.settings, name);
  ReportPlan plan;
  plan.name = report.name;
  {
    db::Transaction tx{runner.pool, {.isolation = db::Isolation::repeatable_read, .read_only = true}};
    const Work all{tx, runner.actor, runner.clock.now(), runner.settings, Scope::everything()};
    const auto rights = rights_for(all, report);
    const auto zone = report_zone(all, report);
    const Work work{tx, rights.actor, all.now, all.settings, rights.scope};
    const auto order =
        order_report(work, get_report(report.report), wish_of(report, zone, all.now), nullptr, rights.also);
    plan.cover = order.cover;
    plan.expected_rows = estimate_rows(work, order);
    plan.file = report_file_name(report, zone, all.now);
    plan.places = report_places(all, report);
  }
  for (auto& place : plan.places)
    if (is_report_target(place.place))
      place.problem = probe_report_target(runner.settings, place.place, runner.clock, runner.stop);
  return plan;
}

std::vector<ScheduledReport> list_scheduled_reports(const Work& work) {
  auto newest = store::ScheduledReports{work.tx}.newest();
  std::vector<ScheduledReport> listed;
  for (const auto& report : work.settings.reports) {
    const auto zone = report_zone(work, report);
    auto& one = listed.emplace_back(
        ScheduledReport{report, zone, next_report_after(report, zone, work.now), std::nullopt, {}, {}});
    if (const auto run = std::ranges::find(newest, report.name, &ReportRun::name); run != newest.end())
      one.last = std::move(*run);
    judge(work, one);
  }
  return listed;
}

ScheduledReport get_scheduled_report(const Work& work, std::string_view name) {
  const auto& report = require_report(work.settings, name);
  auto listed = list_scheduled_reports(work);
  return std::move(
      *std::ranges::find_if(listed, [&](const ScheduledReport& one) { return one.report.name == report.name; }));
}

std::vector<ReportRunShown> list_report_runs(const Work& work, std::string_view name, int limit) {
  store::ScheduledReports store{work.tx};
  std::vector<ReportRunShown> shown;
  for (auto& run : store.runs(std::string{name}, limit)) {
    auto deliveries = store.deliveries(run.id);
    shown.push_back({std::move(run), std::move(deliveries)});
  }
  return shown;
}

bool is_in_order(const ScheduledReport& report) {
  if (report.state == kWaiting) return report.last->attempts < 2 && report.problem.empty();
  return report.state == "ok" || report.state == "never ran";
}

Check reports_check(const std::vector<ScheduledReport>& reports) {
  Check check{"reports", CheckStatus::ok, {}, "", 1, {}, {}};
  const auto bad = std::ranges::count_if(reports, [](const auto& one) { return !is_in_order(one); });
  check.value = static_cast<double>(bad);
  if (bad > 0) check.status = CheckStatus::warning;
  check.message = bad > 0
                      ? fmt::format("{} of {} scheduled reports {} not handed in; 'visitorctl report list' says why",
                                    bad, reports.size(), bad == 1 ? "was" : "were")
                  : reports.size() == 1 ? "the scheduled report is in order"
                                        : fmt::format("all {} scheduled reports are in order", reports.size());
  return check;
}

std::vector<ReportProblem> check_reports(const Settings& settings, const Clock& clock, std::stop_token stop) {
  std::vector<ReportProblem> problems;
  for (const auto& report : settings.reports) {
    const auto key = "report." + report.name;
    try {
      check_wish(get_report(report.report), wish_of(report, Zone::utc(), clock.now()));
    } catch (const Error& error) {
      problems.push_back({key, error.message()});
    }
    for (const auto& target : report.targets)
      if (const auto wrong = probe_report_target(settings, target, clock, stop); !wrong.empty())
        problems.push_back({key + ".targets", fmt::format("{}: {}", target, wrong)});
  }
  return problems;
}

}  // namespace visitor::app
