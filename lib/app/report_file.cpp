#include "app/report_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "app/audit_documents.hpp"
#include "app/details.hpp"
#include "app/draft_file.hpp"
#include "app/signed_json.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/message_digest.hpp"
#include "core/text.hpp"
#include "report/xlsx_writer.hpp"
#include "store/audit_chain.hpp"
#include "store/journal.hpp"
#include "store/report_jobs.hpp"

namespace visitor::app {
namespace {

namespace json = boost::json;

constexpr std::string_view kFormat = "visitor-report/1";
constexpr std::size_t kLongestManifest = std::size_t{1} << 20;

std::unique_ptr<report::Writer> make_writer(const ReportOptions& options, report::Sink sink,
                                            const std::filesystem::path& folder) {
  using report::Format;
  switch (options.format) {
    case Format::xlsx:
      return report::xlsx_writer(std::move(sink), {.folder = folder});
    case Format::pdf:
      return report::pdf_writer(std::move(sink));
    case Format::csv:
      return report::csv_writer(std::move(sink), options.csv);
    case Format::json:
      return report::json_writer(std::move(sink));
    case Format::jsonl:
      return report::jsonl_writer(std::move(sink));
    case Format::html:
      return report::html_writer(std::move(sink));
  }
  throw std::logic_error("a format without a writer");
}

json::object replaced(const report::Written& written) {
  json::object out;
  for (const auto& loss : domain::names<report::Loss>())
    if (const auto count = written.losses[static_cast<std::size_t>(loss.value)]; count > 0) out[loss.name] = count;
  return out;
}

Error bad(std::string_view file, std::string_view how) {
  return {Errc::integrity, fmt::format("{} {}", file, how), "Ask for the file again."};
}

json::array filter_words(const report::Cover& cover) {
  json::array out;
  for (const auto& [name, value] : cover.filter) out.push_back({{"name", name}, {"value", value}});
  return out;
}

}  // namespace

ReportDraft::ReportDraft(const ReportDesk& desk, const Report& report, const ReportWish& wish,
                         const ReportOptions& options, const std::filesystem::path& folder)
    : draft_(std::make_unique<DraftFile>(
          folder, DraftOptions{.largest = options.largest, .nameless = options.nameless, .stop = desk.stop})) {
  file_.report = report.name;
  file_.format = options.format;
  ReportOrder order;
  {
    db::Transaction tx{desk.pool,
                       {.isolation = db::Isolation::repeatable_read,
                        .read_only = true,
                        .statement_deadline = std::chrono::milliseconds{0},
                        .stop = desk.stop}};
    const Work work{tx, desk.actor, desk.made_at, desk.settings, desk.scope};
    order = order_report(work, report, wish, &desk.vault, desk.also);
    ReportProgress progress;
    if (options.progress || options.most_rows > 0) {
      const auto expected = estimate_rows(work, order);
      if (options.most_rows > 0 && expected > options.most_rows)
        throw Error(Errc::conflict, fmt::format("the report has more than about {} rows", options.most_rows),
                    "Ask for a shorter period.");
      if (options.progress) options.progress(0, expected);
      progress = [&, expected](std::int64_t rows) {
        if (options.progress) options.progress(rows, std::max(rows, expected));
      };
    }
    const auto writer = make_writer(
        options, [this](std::string_view bytes) { draft_->add(bytes); }, folder);
    file_.written = write_report(work, order, *writer, progress);
  }
  file_.sha256 = draft_->finish();
  file_.bytes = draft_->size();
  file_.cover = order.cover;
  for (const auto& section : order.sections) file_.sections.emplace_back(section.key);
  if (options.keep) options.keep(*this);

  db::with_retry(desk.pool, 3, [&](db::Transaction& tx) {
    auto details = Details{}
                       .add("report", file_.report)
                       .add("format", domain::name(file_.format))
                       .add("filter", json::serialize(filter_words(file_.cover)))
                       .add("rows", file_.written.total())
                       .add("bytes", static_cast<std::int64_t>(file_.bytes))
                       .add("sha256", file_.sha256)
                       .add("documents", order.documents != nullptr);
    if (!order.reason.empty()) details.add("reason", order.reason);
    if (!desk.scheduled.empty()) details.add("scheduled", desk.scheduled);
    store::Journal{tx, desk.actor.account, desk.clock.now(), desk.actor.origin}.audit(
        domain::AuditAction::exported, store::kReportTopic, domain::ReportJobId{options.job}, details.json());
    store::AuditChain{tx}.take_turn();  // a key may have to be made
    const auto key = audit_signing_key(tx, desk.vault, desk.clock.now());
    manifest_ = [this, key, installation = to_hex(desk.vault.fingerprint()),
                 scheduled = desk.scheduled](const std::string& name) {
      const auto& cover = file_.cover;
      json::array withheld;
      for (const auto& sentence : cover.withheld) withheld.emplace_back(sentence);
      json::object manifest{{"format", kFormat},
                            {"installation", installation},
                            {"report", file_.report},
                            {"file", name},
                            {"bytes", file_.bytes},
                            {"sha256", file_.sha256},
                            {"rows", file_.written.total()},
                            {"by", cover.who},
                            {"made_at", to_iso(cover.made_at)},
                            {"time_zone", cover.zone.name()},
                            {"filter", filter_words(cover)},
                            {"snapshot", cover.snapshot},
                            {"withheld", withheld},
                            {"replaced", replaced(file_.written)},
                            {"key", key.public_text()}};
      if (!scheduled.empty()) manifest["scheduled"] = scheduled;
      return sign_json(json::serialize(manifest), key);
    };
    if (options.record) options.record(tx, *this);
  });
}

ReportDraft::~ReportDraft() = default;

void ReportDraft::publish(const std::filesystem::path& path) {
  // The manifest first: a file that has its name has one.
  write_file(manifest_of(path), manifest_(clean_utf8(path.filename().string())), kDraftMode);
  draft_->rename(path);
}

void ReportDraft::copy_to(const report::Sink& sink) const {
  std::array<char, 65'536> buffer{};
  for (std::uint64_t at = 0;;) {
    const auto got = draft_->read(at, buffer);
    if (got == 0) return;
    sink({buffer.data(), got});
    at += got;
  }
}

std::string ReportDraft::piece(std::uint64_t offset, std::size_t most) const {
  std::string bytes(most, '\0');
  std::size_t size = 0;
  while (size < most) {
    const auto got = draft_->read(offset + size, std::span{bytes}.subspan(size));
    if (got == 0) break;
    size += got;
  }
  bytes.resize(size);
  return bytes;
}

std::filesystem::path manifest_of(const std::filesystem::path& file) {
  return file.string() + ".manifest.json";
}

ReportManifest read_report_manifest(std::string_view text, std::string_view place,
                                    const std::vector<std::string>& keys) {
  const auto refuse = [&](std::string_view how) { return bad(place, how); };
  const auto [body, signature] = split_signed_json(text, "manifest");
  json::error_code error;
  const auto value = json::parse(body, error);
  const auto* in = value.if_object();
  const auto member = [&](std::string_view name) {
    const auto* found = in->if_contains(name);
    if (found == nullptr || !found->is_string()) throw refuse(fmt::format("has no text in '{}'", name));
    return json::value_to<std::string>(*found);
  };
  const auto number = [&](std::string_view name) {
    const auto* found = in->if_contains(name);
    if (found == nullptr || !found->is_int64() || found->get_int64() < 0)
      throw refuse(fmt::format("has no number in '{}'", name));
    return found->get_int64();
  };
  if (error || in == nullptr) throw refuse("is no manifest");
  ReportManifest manifest;
  manifest.key = member("key");
  if (!archive::signature_holds(manifest.key, body, signature)) throw refuse("was changed after it was signed");
  if (member("format") != kFormat) throw refuse("is of another format");
  if (std::find(keys.begin(), keys.end(), manifest.key) == keys.end())
    throw refuse(fmt::format("is signed with a key that is not known: {}", manifest.key));
  manifest.report = member("report");
  manifest.file = member("file");
  manifest.bytes = static_cast<std::uint64_t>(number("bytes"));
  manifest.sha256 = member("sha256");
  manifest.rows = number("rows");
  manifest.by = member("by");
  manifest.made_at = member("made_at");
  if (const auto* found = in->if_contains("scheduled"); found != nullptr && found->is_string())
    manifest.scheduled = json::value_to<std::string>(*found);
  return manifest;
}

ReportManifest verify_report(const std::filesystem::path& file, const std::vector<std::string>& keys) {
  const auto beside = manifest_of(file);
  const auto text = read_file(beside, kLongestManifest);
  if (!text)
    throw Error(Errc::not_found, fmt::format("{} does not exist", beside.string()),
                "The manifest is made with the file, and belongs beside it.");
  const auto manifest = read_report_manifest(*text, beside.native(), keys);

  const Fd in_file{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!in_file && errno == ENOENT) throw Error(Errc::not_found, fmt::format("{} does not exist", file.string()));
  if (!in_file) throw Error(Errc::config, fmt::format("cannot read {}: {}", file.string(), errno_text(errno)));
  MessageDigest digest{DigestKind::sha256};
  std::uint64_t size = 0;
  std::array<char, 65'536> buffer{};
  for (;;) {
    const auto got = ::read(in_file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(Errc::config, fmt::format("cannot read {}: {}", file.string(), errno_text(errno)));
    if (got == 0) break;
    digest.add({buffer.data(), static_cast<std::size_t>(got)});
    size += static_cast<std::uint64_t>(got);
  }
  if (size != manifest.bytes || to_hex(digest.finish()) != manifest.sha256)
    throw bad(file.native(), fmt::format("is not what was exported: {} bytes, and {} were", size, manifest.bytes));
  return manifest;
}

}  // namespace visitor::app
