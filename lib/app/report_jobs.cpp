#include "app/report_jobs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "app/details.hpp"
#include "auth/api_keys.hpp"
#include "auth/principals.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "db/error.hpp"
#include "store/journal.hpp"
#include "store/report_jobs.hpp"

namespace visitor::app {
namespace {

namespace json = boost::json;
using domain::AuditAction;
using domain::ReportJob;
using domain::ReportJobState;
using std::chrono::seconds;
using SteadyClock = std::chrono::steady_clock;

constexpr std::string_view kSeal = "report.chunk";
constexpr int kPurgedAtOnce = 100;
constexpr int kPiecesAtOnce = 16;  // in one transaction
constexpr std::size_t kLongestName = 120;
constexpr std::size_t kLongestProblem = 900;
constexpr std::size_t kMostWords = 100;
constexpr std::int64_t kSmallRows = 50'000;
constexpr std::uint64_t kSmallBytes = std::uint64_t{64} << 20;
constexpr seconds kSmallTime{30};
constexpr auto kAskAsJob = "Ask for it with POST /api/v1/reports/NAME/ instead.";

/// Asks somebody to stop when it is over, unless this goes before.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds after)
      : thread_{[this, after](const std::stop_token& gone) {
          std::unique_lock lock{mutex_};
          wake_.wait_for(lock, gone, after, [] { return false; });
          if (gone.stop_requested()) return;
          over_ = true;
          source_.request_stop();
        }} {}
  std::stop_token token() const { return source_.get_token(); }
  void request_stop() { source_.request_stop(); }
  bool over() const { return over_; }

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::stop_source source_;
  std::atomic<bool> over_{false};
  std::jthread thread_;
};

json::array to_array(const std::vector<std::string>& words) {
  json::array all;
  for (const auto& word : words) all.emplace_back(word);
  return all;
}

std::string to_json(const ReportRequest& request) {
  const auto& wish = request.wish;
  return json::serialize(json::object{{"from", wish.since},
                                      {"to", wish.until},
                                      {"period", wish.period},
                                      {"site", wish.site},
                                      {"department", wish.department},
                                      {"status", to_array(wish.statuses)},
                                      {"columns", to_array(wish.columns)},
                                      {"section", wish.section},
                                      {"time_zone", wish.time_zone},
                                      {"locale", domain::name(wish.language)},
                                      {"reason", wish.reason},
                                      {"bom", request.csv.bom},
                                      {"excel", request.csv.excel},
                                      {"no_guard", !request.csv.guard}});
}

ReportRequest request_of(const ReportJob& job) {
  const auto value = json::parse(job.wish);
  const auto& in = value.as_object();
  const auto text = [&](std::string_view name) { return json::value_to<std::string>(in.at(name)); };
  const auto texts = [&](std::string_view name) { return json::value_to<std::vector<std::string>>(in.at(name)); };
  ReportRequest request;
  request.report = job.report;
  request.format = domain::find_named<report::Format>(job.format).value();
  request.file_name = job.file_name;
  auto& wish = request.wish;
  wish.since = text("from");
  wish.until = text("to");
  wish.period = text("period");
  wish.site = text("site");
  wish.department = text("department");
  wish.statuses = texts("status");
  wish.columns = texts("columns");
  wish.section = text("section");
  wish.time_zone = text("time_zone");
  wish.language = domain::find_named<domain::Language>(text("locale")).value();
  wish.reason = text("reason");
  request.csv = {
      .bom = in.at("bom").as_bool(), .excel = in.at("excel").as_bool(), .guard = !in.at("no_guard").as_bool()};
  return request;
}

void check(const ReportRequest& request) {
  const bool csv = request.csv.bom || request.csv.excel || !request.csv.guard;
  if (csv && request.format != report::Format::csv)
    throw Error(Errc::usage, "bom, excel and no_guard are about CSV", "Leave them out, or ask for csv.");
  if (request.wish.columns.size() > kMostWords || request.wish.statuses.size() > kMostWords)
    throw Error(Errc::usage, fmt::format("more than {} columns or statuses are wanted", kMostWords));
}

template <class Id>
json::value to_value(const std::optional<std::vector<Id>>& ids) {
  if (!ids) return nullptr;
  json::array all;
  for (const auto id : *ids) all.emplace_back(id.value);
  return all;
}
json::value to_value(const domain::Scope& scope) {
  return json::array{to_value(scope.sites()), to_value(scope.departments()), to_value(scope.hosts())};
}

/// What a file was made with, to be held against what whoever fetches it may see.
std::string to_text(const ReportRights& rights) {
  return json::serialize(json::object{{"exporting", to_value(rights.exporting)},
                                      {"viewing", to_value(rights.viewing)},
                                      {"documents", rights.documents}});
}

/// Whether nothing that was seen with \p made is hidden with \p now.
bool covers(const ReportRights& now, const std::string& made) {
  const auto value = json::parse(made);
  const auto holds = [&](const domain::Scope& scope, std::string_view name) {
    return scope.is_everything() || to_value(scope) == value.at(name);
  };
  return holds(now.exporting, "exporting") && holds(now.viewing, "viewing");
}

std::string outcome_of(const ReportFile& file) {
  json::array sections, withheld;
  for (std::size_t i = 0; i < file.sections.size(); ++i)
    sections.push_back({{"key", file.sections[i]}, {"rows", file.written.rows[i]}});
  for (const auto& sentence : file.cover.withheld) withheld.emplace_back(sentence);
  json::object replaced;
  for (const auto& loss : domain::names<report::Loss>())
    replaced[loss.name] = file.written.losses[static_cast<std::size_t>(loss.value)];
  return json::serialize(json::object{{"sections", sections}, {"withheld", withheld}, {"replaced", replaced}});
}

Error not_there(domain::ReportJobId id) {
  return {Errc::not_found, fmt::format("there is no report job {}", id),
          "Jobs are there for a day, and only for who asked for them."};
}

store::Journal journal_of(db::Transaction& tx, const ReportJob& job, Instant now) {
  return {tx, job.account, now, job.origin};
}

Error taken_by_another() {
  return {Errc::interrupted, "the report is another one's by now"};
}

/// Whether it is no fault of the wish: somebody else may try again.
bool is_passing(Errc code) {
  return code == Errc::database || code == Errc::database_lost || code == Errc::interrupted;
}

/// What a person is told of an error; of what is wrong inside nothing.
std::string told_of(const Error& error, const ReportJob& job) {
  switch (error.code()) {
    case Errc::usage:
    case Errc::not_found:
    case Errc::conflict:
    case Errc::denied:
      return std::string{shortened(error.message(), kLongestProblem)};
    default:
      log::error("reports: job {} failed: {}", job.id, error.message());
      return fmt::format("something went wrong inside; see the log of visitord for report job {}", job.id);
  }
}

/// One who makes a job.
class Making {
 public:
  Making(const ReportMaker& maker, const ReportJob& job, std::stop_token stop)
      : maker_(maker), job_(job), deadline_(maker.bounds.longest), on_stop_(std::move(stop), [this] {
          stopped_ = true;
          deadline_.request_stop();
        }) {}
  Making(const Making&) = delete;
  Making& operator=(const Making&) = delete;

  void run() {
    if (job_.tries > maker_.bounds.tries) return give_up("it was begun several times, and never came to its end");
    try {
      const std::jthread holding{[this](const std::stop_token& over) { hold(over); }};
      make();
    } catch (const Error& error) {
      settle(error);
    } catch (const std::exception& error) {
      settle(Error{Errc::failed, error.what()});
    }
  }

 private:
  template <class Use>
  auto in_transaction(Use&& use) {
    return db::with_retry(maker_.pool, 3, [&](db::Transaction& tx) {
      store::ReportJobs jobs{tx};
      return use(tx, jobs);
    });
  }

  /// Says that the job is in hand, again and again; gives it up where it is not.
  void hold(const std::stop_token& over) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock{mutex};
    const auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(maker_.bounds.lease) / 5;
    while (!wake.wait_for(lock, over, pause, [] { return false; }) && !over.stop_requested()) {
      try {
        const bool ours = in_transaction([&](db::Transaction&, store::ReportJobs& jobs) {
          const auto expected = expected_.load();
          return jobs.hold(job_.id, job_.claim, maker_.clock.now() + maker_.bounds.lease, rows_,
                           expected > 0 ? std::optional{expected} : std::nullopt);
        });
        if (!ours) deadline_.request_stop();
      } catch (const Error&) {  // what makes the file sees it, too
      }
    }
  }

  domain::Principal principal() {
    db::Transaction tx{maker_.pool, {.read_only = true}};
    auto principal = auth::find_principal(tx, job_.account);
    if (!principal)
      throw Error(Errc::denied, fmt::format("the account {} was disabled or removed meanwhile", job_.login));
    if (!job_.key) return *std::move(principal);
    const auto key = auth::ApiKeys{tx}.find(*job_.key);
    if (!key || !key->live(maker_.clock.now()))
      throw Error(Errc::denied, "the API key that asked for it was revoked or has expired meanwhile");
    return principal->limited_to(key->permissions);
  }

  void make() {
    const auto request = request_of(job_);
    const auto& report = find_report(request.report);
    const auto rights = report_rights(principal(), report, !request.wish.reason.empty());
    const Actor actor{job_.account, job_.login, job_.key ? domain::ActionHow::api : domain::ActionHow::person,
                      job_.origin};
    const ReportDesk desk{.pool = maker_.pool,
                          .settings = maker_.settings,
                          .vault = maker_.vault,
                          .actor = actor,
                          .clock = maker_.clock,
                          .made_at = maker_.clock.now(),
                          .scope = rights.exporting,
                          .also = rights.viewing,
                          .stop = deadline_.token()};
    ReportOptions options;
    options.format = request.format;
    options.csv = request.csv;
    options.largest = static_cast<std::uint64_t>(maker_.bounds.largest);
    options.nameless = true;
    options.job = job_.id.value;
    options.progress = [this](std::int64_t rows, std::int64_t expected) {
      rows_ = rows;
      expected_ = expected;
    };
    options.keep = [this](const ReportDraft& draft) { keep(draft); };
    options.record = [&](db::Transaction& tx, const ReportDraft& draft) {
      const auto& file = draft.file();
      const store::ReportJobResult result{file.written.total(), static_cast<std::int64_t>(file.bytes),
                                          file.sha256,          to_text(rights),
                                          outcome_of(file),     draft.manifest(job_.file_name)};
      const auto now = maker_.clock.now();
      if (!store::ReportJobs{tx}.finish(job_.id, job_.claim, now, now + maker_.bounds.kept, result))
        throw taken_by_another();
      journal_of(tx, job_, now).change(store::kReportTopic, job_.id, job_.version + 1);
    };
    const ReportDraft draft{desk, report, request.wish, options, std::filesystem::temp_directory_path()};
  }

  /// Puts the pieces where every daemon can read them. Nobody sees them before the job is done.
  void keep(const ReportDraft& draft) {
    const auto pieces = static_cast<int>((draft.file().bytes + kReportPiece - 1) / kReportPiece);
    for (int first = 0; first < pieces; first += kPiecesAtOnce)
      in_transaction([&](db::Transaction&, store::ReportJobs& jobs) {
        for (int i = first; i < std::min(first + kPiecesAtOnce, pieces); ++i) {
          if (deadline_.token().stop_requested()) throw Error(Errc::interrupted, "the report was given up");
          const auto bytes = draft.piece(static_cast<std::uint64_t>(i) * kReportPiece, kReportPiece);
          if (!jobs.add_piece(job_.id, job_.claim, i, maker_.vault.seal(kSeal, Secret{bytes})))
            throw taken_by_another();
        }
      });
  }

  void settle(const Error& error) {
    if (deadline_.over()) return give_up("it took too long; ask for a shorter period or for fewer columns");
    if (!is_passing(error.code())) return give_up(told_of(error, job_));
    const bool tried = !stopped_;
    if (tried && job_.tries >= maker_.bounds.tries)
      return give_up("it was begun several times, and never came to its end");
    const bool ours = in_transaction([&](db::Transaction&, store::ReportJobs& jobs) {
      return jobs.give_back(job_.id, job_.claim, maker_.clock.now(), tried);
    });
    // Somebody has taken or removed it: then nothing is wrong.
    if (ours) throw Error{error};
  }

  void give_up(const std::string& why) {
    in_transaction([&](db::Transaction& tx, store::ReportJobs& jobs) {
      const auto now = maker_.clock.now();
      if (!jobs.fail(job_.id, job_.claim, now, why)) return;
      auto journal = journal_of(tx, job_, now);
      journal.audit(AuditAction::update, store::kReportTopic, job_.id,
                    Details{}.add("report", job_.report).add("state", domain::name(ReportJobState::failed)).json());
      journal.change(store::kReportTopic, job_.id, job_.version + 1);
    });
  }

  const ReportMaker& maker_;
  const ReportJob& job_;
  std::atomic<std::int64_t> rows_{0};
  std::atomic<std::int64_t> expected_{0};
  std::atomic<bool> stopped_{false};
  Deadline deadline_;
  std::stop_callback<std::function<void()>> on_stop_;
};

}  // namespace

const Report& find_report(std::string_view name) {
  std::vector<std::string> known;
  for (const auto* report : reports()) {
    if (report->name == name) return *report;
    known.emplace_back(report->name);
  }
  const auto near = nearest(name, known);
  throw Error(Errc::not_found, fmt::format("there is no report '{}'", printable(name)),
              near ? fmt::format("Did you mean '{}'?", *near) : "GET /api/v1/reports/ lists them.");
}

ReportRights report_rights(const domain::Principal& principal, const Report& report, bool documents) {
  const auto need = [&](domain::Permission permission) {
    auto scope = principal.scope_for(permission);
    if (!scope)
      throw Error(Errc::denied,
                  fmt::format("{} may not do this: it takes {}", principal.login(), domain::name(permission)));
    return *std::move(scope);
  };
  ReportRights rights{need(domain::Permission::report_export), need(report.needs), documents};
  if (!documents) return rights;
  const auto opens = need(domain::Permission::guest_document_view);
  if (!opens.is_everything() && opens != rights.exporting && opens != rights.viewing)
    throw Error(Errc::denied,
                fmt::format("{} may see document numbers of another part of the house only", principal.login()),
                "Leave out the reason: then they are masked.");
  return rights;
}

ReportJob ask_report(const Work& work, const Vault& vault, const domain::Principal& principal,
                     std::optional<domain::ApiKeyId> key, const ReportRequest& request, const ReportBounds& bounds) {
  check(request);
  const auto& report = find_report(request.report);
  const auto rights = report_rights(principal, report, !request.wish.reason.empty());
  // What is wrong with the wish is said now, and not by a job that failed.
  order_report(Work{work.tx, work.actor, work.now, work.settings, rights.exporting}, report, request.wish, &vault,
               rights.viewing);
  store::ReportJobs jobs{work.tx};
  const auto load = jobs.look_before_adding(work.actor.account, work.now);
  const auto full = [](std::string_view what) {
    return Error(Errc::conflict, fmt::format("there are {}", what),
                 "Wait for some to end, or remove some: DELETE /api/v1/reports/jobs/ID/.");
  };
  if (load.kept >= bounds.kept_of_account) throw full(fmt::format("{} reports of the account already", load.kept));
  if (load.unfinished >= bounds.unfinished_of_account)
    throw full(fmt::format("{} reports of the account under way already", load.unfinished));
  if (load.bytes >= bounds.bytes_of_account) throw full("as many bytes of reports of the account as there may be");
  if (load.all_unfinished >= bounds.unfinished) throw full("as many reports under way as there may be");
  if (load.all_bytes >= bounds.bytes) throw full("as many bytes of reports as there may be");

  ReportJob job;
  job.account = work.actor.account;
  job.key = key;
  job.origin = work.actor.origin;
  job.report = report.name;
  job.format = domain::name(request.format);
  job.file_name = report_file_name(request, work.now);
  job.wish = to_json(request);
  job.asked_at = work.now;
  job.expires_at = work.now + bounds.kept;
  job.id = jobs.add(job);
  auto journal = journal_of(work.tx, job, work.now);
  journal.audit(AuditAction::create, store::kReportTopic, job.id,
                Details{}.add("report", job.report).add("format", job.format).json());
  journal.change(store::kReportTopic, job.id, job.version);
  return get_report_job(work, job.id);
}

ReportJob get_report_job(const Work& work, domain::ReportJobId id) {
  auto job = store::ReportJobs{work.tx}.find(work.actor.account, id, work.now);
  if (!job) throw not_there(id);
  return *std::move(job);
}

std::vector<ReportJob> list_report_jobs(const Work& work) {
  return store::ReportJobs{work.tx}.list(work.actor.account, work.now,
                                         static_cast<int>(ReportBounds{}.kept_of_account));
}

ReportJob remove_report_job(const Work& work, domain::ReportJobId id) {
  auto job = get_report_job(work, id);
  if (!store::ReportJobs{work.tx}.remove(work.actor.account, id, work.now)) throw not_there(id);
  store::Journal journal{work.tx, work.actor.account, work.now, work.actor.origin};
  journal.audit(AuditAction::remove, store::kReportTopic, id, Details{}.add("report", job.report).json());
  journal.change(store::kReportTopic, id, job.version + 1);
  return job;
}

ReportJob get_report_file(const Work& work, const domain::Principal& principal, domain::ReportJobId id) {
  auto job = get_report_job(work, id);
  if (job.state != ReportJobState::done)
    throw Error(Errc::conflict, fmt::format("report job {} is {}: it has no file", id, domain::name(job.state)),
                job.state == ReportJobState::failed ? "Ask for it again." : "Look at the job until it is done.");
  const auto request = request_of(job);
  const auto rights = report_rights(principal, find_report(job.report), !request.wish.reason.empty());
  if (!covers(rights, job.rights))
    throw Error(Errc::denied, fmt::format("{} may no longer see all that is in the file", principal.login()),
                "Ask for the report again.");
  return job;
}

std::string read_report_piece(db::Transaction& tx, const Vault& vault, const ReportJob& job, int number) {
  const auto sealed = store::ReportJobs{tx}.piece(job.id, job.claim, number);
  if (!sealed) throw not_there(job.id);
  return std::string{vault.unseal(kSeal, *sealed).reveal()};
}

bool wants_excel(const ReportJob& job) {
  return request_of(job).csv.excel;
}

std::int64_t purge_report_jobs(const Work& work) {
  return store::ReportJobs{work.tx}.purge(work.now, kPurgedAtOnce);
}

std::optional<ReportJob> take_report_job(const ReportMaker& maker) {
  return db::with_retry(maker.pool, 3, [&](db::Transaction& tx) {
    const auto now = maker.clock.now();
    return store::ReportJobs{tx}.take(maker.holder, now, now + maker.bounds.lease);
  });
}

void make_report_job(const ReportMaker& maker, const ReportJob& job, std::stop_token stop) {
  Making{maker, job, std::move(stop)}.run();
}

std::unique_ptr<ReportDraft> make_small_report(ReportDesk desk, const domain::Principal& principal,
                                               const ReportRequest& request) {
  check(request);
  const auto& report = find_report(request.report);
  const auto rights = report_rights(principal, report, !request.wish.reason.empty());
  Deadline deadline{kSmallTime};
  const std::stop_callback on_stop{desk.stop, [&] { deadline.request_stop(); }};
  desk.stop = deadline.token();
  desk.scope = rights.exporting;
  desk.also = rights.viewing;
  ReportOptions options;
  options.format = request.format;
  options.csv = request.csv;
  options.largest = kSmallBytes;
  options.most_rows = kSmallRows;
  options.nameless = true;
  try {
    return std::make_unique<ReportDraft>(desk, report, request.wish, options, std::filesystem::temp_directory_path());
  } catch (const Error& error) {
    if (deadline.over()) throw Error(Errc::conflict, "the report takes too long to wait for", kAskAsJob);
    if (error.code() == Errc::conflict && dynamic_cast<const db::DatabaseError*>(&error) == nullptr)
      throw Error(Errc::conflict, error.message(), kAskAsJob);
    throw;
  }
}

std::string report_file_name(const ReportRequest& request, Instant now) {
  std::string name;
  // Folders are not for whoever asks to choose.
  for (const char c : clean_utf8(request.file_name)) {
    const auto byte = static_cast<unsigned char>(c);
    name += byte < 0x20 || byte == 0x7F || c == '/' || c == '\\' ? '_' : c;
  }
  name = shortened(trim(name), kLongestName);
  if (!name.empty() && name != "." && name != "..") return name;
  return fmt::format("{}-{}.{}", request.report, to_iso(now).substr(0, 10), domain::name(request.format));
}

}  // namespace visitor::app
