#include <fmt/format.h>

#include <algorithm>

#include "app/report_jobs.hpp"
#include "daemon/api/dispatch.hpp"
#include "daemon/api/file_answer.hpp"
#include "daemon/api/listing.hpp"
#include "daemon/api/resources.hpp"

namespace visitor::api {
namespace {

using domain::Permission;
using domain::ReportJob;
using domain::ReportJobTag;

constexpr std::int64_t kLongestWord = 200;

std::vector<Field> wish_fields() {
  std::vector<std::string> periods{"today", "7d", "30d", "month"};
  return {with_default(named<report::Format>("format", "Format of the file"), "csv"),
          text("from", "Only what was there at this time or later, on the clock of the report", kLongestWord),
          text("to", "Only what was there before this time", kLongestWord),
          word("period", "Instead of from and to: up to the end of today", std::move(periods)),
          text("site", "Only this site, by name or number", kLongestWord),
          text("department", "Only this department, by name or number", kLongestWord),
          many(text("status", "Only these", kLongestWord)),
          many(text("columns", "Only these, by key and in this order", kLongestWord)),
          text("section", "Only this section, by key", kLongestWord),
          with_default(named<domain::Language>("locale", "Of headings and words"), "en"),
          text("time_zone", "Of its times, instead of that of the site", kLongestWord),
          text("reason", "Why document numbers are wanted whole; goes on record, and takes guest.document.view"),
          yes_or_no("bom", "CSV: begin with a byte order mark"),
          yes_or_no("excel", "CSV: as Excel reads it in Russian: semicolons and Windows-1251"),
          yes_or_no("no_guard", "CSV: leave texts as they are that a spreadsheet would run as formulas")};
}

app::ReportRequest request_in(const Values& path, const Values& values) {
  app::ReportRequest request;
  request.report = path.text_or("name");
  request.format = values.named<report::Format>("format").value_or(report::Format::csv);
  auto& wish = request.wish;
  wish.since = values.text_or("from");
  wish.until = values.text_or("to");
  wish.period = values.text_or("period");
  wish.site = values.text_or("site");
  wish.department = values.text_or("department");
  wish.statuses = values.texts("status");
  wish.columns = values.texts("columns");
  wish.section = values.text_or("section");
  wish.language = values.named<domain::Language>("locale").value_or(domain::Language::english);
  wish.time_zone = values.text_or("time_zone");
  wish.reason = values.text_or("reason");
  request.csv = {.bom = values.yes("bom"), .excel = values.yes("excel"), .guard = !values.yes("no_guard")};
  return request;
}

std::string quoted(const std::string& hash) {
  return fmt::format("\"{}\"", hash);
}

/// The pieces of a job's file, or of a part of it. Each is read in a transaction of its own, so that whoever takes them
/// slowly holds nothing.
class StoredFile final : public http::Source {
 public:
  StoredFile(db::Pool& pool, const Vault& vault, ReportJob job, std::uint64_t begin, std::uint64_t size)
      : pool_(pool), vault_(vault), job_(std::move(job)), at_(begin), size_(size), left_(size) {}

  std::uint64_t size() const override { return size_; }
  std::string next() override {
    db::Transaction tx{pool_, {.read_only = true}};
    auto bytes = app::read_report_piece(tx, vault_, job_, static_cast<int>(at_ / app::kReportPiece));
    bytes.erase(0, at_ % app::kReportPiece);
    if (bytes.size() > left_) bytes.resize(left_);
    at_ += bytes.size();
    left_ -= bytes.size();
    return bytes;
  }

 private:
  db::Pool& pool_;
  const Vault& vault_;
  const ReportJob job_;
  std::uint64_t at_;
  const std::uint64_t size_;
  std::uint64_t left_;
};

/// A file that nobody keeps.
class FreshFile final : public http::Source {
 public:
  explicit FreshFile(std::unique_ptr<app::ReportDraft> draft) : draft_(std::move(draft)) {}

  std::uint64_t size() const override { return draft_->file().bytes; }
  std::string next() override {
    auto bytes = draft_->piece(at_, app::kReportPiece);
    at_ += bytes.size();
    return bytes;
  }

 private:
  std::unique_ptr<app::ReportDraft> draft_;
  std::uint64_t at_ = 0;
};

Answer list(const Call& call) {
  std::vector<app::Report> rows;
  for (const auto* report : app::reports()) rows.push_back(*report);
  return page_of(call, std::move(rows));
}

Answer ask(const Call& call) {
  auto request = request_in(call.path, call.body);
  request.file_name = call.body.text_or("file_name");
  const auto key = call.caller.key ? std::optional{call.caller.key->id} : std::nullopt;
  const auto job = app::ask_report(call.work, call.vault, call.caller.principal, key, request);
  auto answer = one(call, job, job.version);
  answer.status = 202;
  answer.headers.emplace_back("Location", fmt::format("{}/reports/jobs/{}/", kBase, job.id));
  return answer;
}

Answer file(const Call& call) {
  const auto job = app::get_report_file(call.work, call.caller.principal, call.id<ReportJobTag>());
  const auto size = static_cast<std::uint64_t>(job.bytes.value_or(0));
  Answer answer;
  answer.etag = quoted(job.sha256);
  const bool excel = app::wants_excel(job);
  answer.content_type = content_type_of(*domain::find_named<report::Format>(job.format), excel);
  answer.headers = {{"Content-Disposition", attachment(job.file_name)}, {"Accept-Ranges", "bytes"}};
  const auto if_range = call.request.header("If-Range");
  const auto part =
      if_range.empty() || if_range == answer.etag ? part_of(call.request.header("Range"), size) : std::nullopt;
  if (part) {
    answer.status = 206;
    answer.headers.emplace_back("Content-Range",
                                fmt::format("bytes {}-{}/{}", part->first, part->first + part->second - 1, size));
  }
  const auto [begin, count] = part.value_or(std::pair{std::uint64_t{0}, size});
  answer.source = std::make_shared<StoredFile>(call.pool, call.vault, job, begin, count);
  return answer;
}

Answer manifest(const Call& call) {
  const auto job = app::get_report_file(call.work, call.caller.principal, call.id<ReportJobTag>());
  Answer answer;
  answer.body = job.manifest;
  answer.headers = {{"Content-Disposition", attachment(app::manifest_of(job.file_name).string())}};
  return answer;
}

/// The file itself.
Answer make(const Errand& errand) {
  const auto request = request_in(errand.path, errand.query);
  const app::ReportDesk desk{.pool = errand.parts.pool,
                             .settings = *errand.parts.settings,
                             .vault = errand.parts.vault,
                             .actor = errand.actor,
                             .clock = errand.clock,
                             .made_at = errand.now,
                             .scope = domain::Scope::of({}, {}),
                             .stop = errand.stop};
  auto draft = app::make_small_report(desk, errand.caller.principal, request);
  Answer answer;
  answer.etag = quoted(draft->file().sha256);
  answer.content_type = content_type_of(request.format, request.csv.excel);
  answer.headers = {{"Content-Disposition", attachment(app::report_file_name(request, errand.now))}};
  answer.source = std::make_shared<FreshFile>(std::move(draft));
  return answer;
}

std::vector<Field> losses() {
  std::vector<Field> fields;
  for (const auto& row : domain::names<report::Loss>())
    fields.push_back(number(std::string{row.name}, "Cells in which that was replaced"));
  return fields;
}

void add_schemas(Table& table) {
  table.add({"ReportLabel", {text("en", "In English"), text("ru", "In Russian")}});
  table.add(
      {"ReportColumn",
       {text("key", "Its key"), text("kind", "Of what kind its values are"), object("label", "Heading", "ReportLabel"),
        or_null(text("unit", "Of its figures")), yes_or_no("masked", "Shown in part, where no reason is given"),
        yes_or_no("usual", "There where no columns are named")}});
  table.add({"ReportSection",
             {text("key", "Its key"), object("title", "Title", "ReportLabel"),
              many(object("columns", "Columns", "ReportColumn"))}});
  table.add({"Report",
             {text("name", "Name"), object("title", "Title", "ReportLabel"), text("about", "What it is, a sentence"),
              text("permission", "What it takes, besides report.export"),
              or_null(text("usual_period", "Where none is given; null: it is about now, or about all times")),
              many(text("statuses", "What status takes")), many(object("sections", "Sections", "ReportSection")),
              many(text("charts", "Keys of its charts"))}});
  table.add({"ReportSectionRows", {text("key", "Its key"), number("rows", "How many rows it has")}});
  table.add({"ReportLosses", losses()});
  table.add(
      {"ReportJob",
       {id("id", "Number"), text("report", "Name of the report"), named<report::Format>("format", "Format"),
        text("file_name", "What the file is called"), named<domain::ReportJobState>("state", "Where it is on its way"),
        moment("asked_at", "When it was asked for"),
        or_null(moment("started_at", "Since when it is being made, or was last")),
        or_null(moment("ended_at", "When it was done or failed")), moment("expires_at", "From then on it is not there"),
        number("rows", "Rows that were written so far"), or_null(number("expected", "About how many there will be")),
        or_null(number("bytes", "Of the file")),
        or_null(text("sha256", "Of the file, hexadecimal; with quotation marks its ETag")),
        many(object("sections", "What it has, once it is done", "ReportSectionRows")),
        many(text("withheld", "What it does not show, sentences")),
        or_null(object("replaced", "What the format could not hold, once it is done", "ReportLosses")),
        or_null(text("file", "Address of the file, once it is done")),
        or_null(text("manifest", "Address of the signed manifest, once it is done")),
        or_null(text("error", "Why it failed"))}});
}

}  // namespace

void add_reports(Table& table) {
  add_schemas(table);
  const auto job_of = [](const Call& call) { return app::get_report_job(call.work, call.id<ReportJobTag>()); };
  table.add({.path = "/reports/",
             .name = "list_reports",
             .summary = "The reports that there are, with their columns",
             .command = "visitorctl export list",
             .permission = Permission::report_export,
             .answer = "Report",
             .paging = Paging::pages,
             .run = list});
  table.add({.path = "/reports/jobs/",
             .name = "list_report_jobs",
             .summary = "Reports that the caller has asked for, the newest first; they are there for a day",
             .permission = Permission::report_export,
             .answer = "ReportJob",
             .paging = Paging::pages,
             .run = [](const Call& call) { return page_of(call, app::list_report_jobs(call.work)); }});
  table.add({.path = "/reports/jobs/{id}/",
             .name = "get_report_job",
             .summary = "How a report that was asked for comes along",
             .permission = Permission::report_export,
             .answer = "ReportJob",
             .run = [job_of](const Call& call) {
               const auto job = job_of(call);
               return one(call, job, job.version);
             }});
  table.add(
      {.method = "DELETE",
       .path = "/reports/jobs/{id}/",
       .name = "remove_report_job",
       .summary = "Remove a report that was asked for, with its file; one that is being made is given up",
       .permission = Permission::report_export,
       .answer = "ReportJob",
       .run = [](const Call& call) { return one(call, app::remove_report_job(call.work, call.id<ReportJobTag>())); }});
  table.add({.path = "/reports/jobs/{id}/file/",
             .name = "get_report_job_file",
             .summary = "The file of a report that is done",
             .permission = Permission::report_export,
             .file = true,
             .conflicts = true,
             .run = file});
  table.add({.path = "/reports/jobs/{id}/manifest/",
             .name = "get_report_job_manifest",
             .summary = "The signed manifest of that file, as 'visitorctl export verify' takes it",
             .permission = Permission::report_export,
             .file = true,
             .conflicts = true,
             .run = manifest});
  table.add({.path = "/reports/{name}/",
             .name = "get_report",
             .summary = "A report, with its columns",
             .permission = Permission::report_export,
             .answer = "Report",
             .run = [](const Call& call) { return one(call, app::find_report(call.path.text_or("name"))); }});
  auto body = wish_fields();
  body.push_back(text("file_name", "What the file is to be called", 120));
  table.add({.method = "POST",
             .path = "/reports/{name}/",
             .name = "make_report",
             .summary = "Ask for a report of any size: the Location says where to see how it comes along",
             .command = "visitorctl export",
             .permission = Permission::report_export,
             .body = std::move(body),
             .answer = "ReportJob",
             .conflicts = true,
             .status = 202,
             .run = ask});
  table.add({.path = "/reports/{name}/file/",
             .name = "get_report_file",
             .summary = "A small report at once, of some 50,000 rows at most",
             .command = "visitorctl export",
             .permission = Permission::report_export,
             .query = wish_fields(),
             .file = true,
             .conflicts = true,
             .errand = make});
}

}  // namespace visitor::api
