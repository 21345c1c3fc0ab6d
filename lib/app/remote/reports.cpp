#include "app/remote/reports.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>

#include "app/remote/file_client.hpp"
#include "app/remote/json_object.hpp"
#include "core/error.hpp"

namespace visitor::app {
namespace {

constexpr std::uint64_t kPart = std::uint64_t{4} << 20;
constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::milliseconds kLongestPause{1'000};

void write_texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  json.key(name).begin_array();
  for (const auto& text : texts) json.value(std::string_view{text});
  json.end();
}

std::string body_of(const ReportRequest& request) {
  JsonWriter json{JsonWriter::Layout::line};
  const auto text = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) json.member(name, std::string_view{value});
  };
  const auto& wish = request.wish;
  json.begin_object().member("format", domain::name(request.format)).member("locale", domain::name(wish.language));
  text("from", wish.since);
  text("to", wish.until);
  text("period", wish.period);
  text("site", wish.site);
  text("department", wish.department);
  write_texts(json, "status", wish.statuses);
  write_texts(json, "columns", wish.columns);
  text("section", wish.section);
  text("time_zone", wish.time_zone);
  text("reason", wish.reason);
  text("file_name", request.file_name);
  if (request.csv.bom) json.member("bom", true);
  if (request.csv.excel) json.member("excel", true);
  if (!request.csv.guard) json.member("no_guard", true);
  return json.end().take();
}

void pause(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock{mutex};
  wake.wait_for(lock, stop, time, [] { return false; });
  if (stop.stop_requested()) throw Error(Errc::interrupted, "the export was given up");
}

ReportFile file_in(const JsonObject& job) {
  ReportFile file;
  file.report = job.text("report");
  file.format = job.named<report::Format>("format");
  file.bytes = static_cast<std::uint64_t>(job.number("bytes"));
  file.sha256 = job.text("sha256");
  file.cover.withheld = job.texts("withheld");
  for (const auto& section : job.objects("sections")) {
    file.sections.push_back(section.text("key"));
    file.written.rows.push_back(section.number("rows"));
  }
  const auto replaced = job.object("replaced");
  for (const auto& loss : domain::names<report::Loss>())
    file.written.losses[static_cast<std::size_t>(loss.value)] = replaced.number(loss.name);
  return file;
}

}  // namespace

std::vector<RemoteReport> list_reports(RemoteHouse& house) {
  std::vector<RemoteReport> all;
  for (auto& row : house.list("/reports/", {})) {
    const JsonObject json{row};
    RemoteReport report;
    report.name = json.text("name");
    report.about = json.text("about");
    for (const auto& section : json.objects("sections")) {
      RemoteReport::Section one{section.text("key"), section.object("title").text("en"), {}};
      for (const auto& column : section.objects("columns"))
        one.columns.push_back({column.text("key"), column.yes("usual")});
      report.sections.push_back(std::move(one));
    }
    report.json = row;
    all.push_back(std::move(report));
  }
  return all;
}

RemoteDraft::RemoteDraft(RemoteHouse& house, const ApiServer& server, const ReportRequest& request,
                         const std::filesystem::path& folder,
                         const std::function<void(std::int64_t, std::int64_t)>& progress, const std::stop_token& stop)
    : draft_(folder, DraftOptions{.stop = stop}) {
  const auto path = [&] {
    const auto asked = house.post(fmt::format("/reports/{}/", request.report), body_of(request));
    return fmt::format("/reports/jobs/{}/", JsonObject{asked}.number("id"));
  }();
  const auto remove = [&] {
    ApiRequest removal;
    removal.method = "DELETE";
    removal.path = path;
    ApiClient{server}.send(removal);
  };
  try {
    std::string text;
    for (auto wait = kFirstPause;; wait = std::min(2 * wait, kLongestPause)) {
      text = house.get(path);
      const JsonObject job{text};
      const auto state = job.named<domain::ReportJobState>("state");
      if (state == domain::ReportJobState::failed)
        throw Error(Errc::failed, fmt::format("the report could not be made: {}", job.text("error")));
      if (state == domain::ReportJobState::done) break;
      const auto rows = job.number("rows");
      if (progress) progress(rows, std::max(rows, job.maybe_number("expected").value_or(0)));
      pause(wait, stop);
    }
    const JsonObject job{text};
    file_ = file_in(job);
    ApiRequest manifest;
    manifest.path = path + "manifest/";
    manifest_ = ApiClient{server}.send(manifest).body;
    FileClient files{server};
    const auto etag = fmt::format("\"{}\"", file_.sha256);
    while (draft_.size() < file_.bytes) {
      const auto part = files.part(path + "file/", draft_.size(), kPart, etag);
      if (part.empty()) break;
      draft_.add(part);
    }
    if (draft_.finish() != file_.sha256)
      throw Error(Errc::integrity, "the file that came is not the one that was made", "Ask for it again.");
  } catch (const Error&) {
    try {
      remove();
    } catch (const Error&) {  // it goes by itself within a day
    }
    throw;
  }
  remove();
}

void RemoteDraft::publish(const std::filesystem::path& path) {
  write_file(manifest_of(path), manifest_, kDraftMode);
  draft_.rename(path);
}

void RemoteDraft::copy_to(const report::Sink& sink) const {
  std::array<char, 65'536> buffer{};
  for (std::uint64_t at = 0;;) {
    const auto got = draft_.read(at, buffer);
    if (got == 0) return;
    sink({buffer.data(), got});
    at += got;
  }
}

}  // namespace visitor::app
