#include "app/audit_export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>

#include "app/details.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "store/journal.hpp"

namespace visitor::app {
namespace {

namespace json = boost::json;

constexpr std::string_view kFormat = "visitor-audit/1";
constexpr std::string_view kCheckpointLine = R"({"format":"visitor-audit-checkpoint/)";
constexpr std::size_t kLongestLine = std::size_t{16} << 20;

std::string header_line(const store::AuditHead& before) {
  return fmt::format("{{\"format\":\"{}\",\"position\":{},\"hash\":\"{}\"}}\n", kFormat, before.position,
                     to_hex(before.hash));
}

std::string link_line(const store::AuditLinked& linked) {
  const auto& record = linked.record;
  if (linked.missing)
    return fmt::format("{{\"position\":{},\"id\":{},\"missing\":true,\"previous_hash\":\"{}\",\"hash\":\"{}\"}}\n",
                       linked.position, record.id, to_hex(linked.previous), to_hex(linked.hash));
  return fmt::format(
      "{{\"position\":{},\"id\":{},\"at\":\"{}\",\"at_us\":{},\"account_id\":{},\"action\":\"{}\",\"topic\":{},"
      "\"entity_id\":{},\"details\":{},\"source\":{},\"request_id\":{},\"previous_hash\":\"{}\",\"hash\":\"{}\"}}\n",
      linked.position, record.id, to_iso(record.at), record.at.time_since_epoch().count(),
      record.account ? record.account->value : 0, domain::name(record.action), json_quote(record.topic), record.entity,
      json_quote(record.details), json_quote(record.origin.source), json_quote(record.origin.request),
      to_hex(linked.previous), to_hex(linked.hash));
}

/// Reads a file line by line.
class Lines {
 public:
  explicit Lines(const std::filesystem::path& file) : file_(file), in_(file) {
    if (!in_)
      throw Error(Errc::usage, fmt::format("cannot read {}", file.string()), "Name a file that 'audit export' wrote.");
  }

  bool next(std::string& line) {
    ++number_;
    if (!std::getline(in_, line)) return false;
    if (line.size() > kLongestLine) refuse("is too long");
    return true;
  }
  json::object object(const std::string& line) const {
    json::error_code error;
    auto value = json::parse(line, error);
    if (error || !value.is_object()) refuse("is no object of JSON");
    return std::move(value.get_object());
  }
  std::int64_t number(const json::object& in, std::string_view name) const {
    const auto* found = in.if_contains(name);
    if (found == nullptr || !found->is_int64()) refuse(fmt::format("has no number in '{}'", name));
    return found->get_int64();
  }
  std::string text(const json::object& in, std::string_view name) const {
    const auto* found = in.if_contains(name);
    if (found == nullptr || !found->is_string()) refuse(fmt::format("has no text in '{}'", name));
    return json::value_to<std::string>(*found);
  }
  store::AuditHash hash(const json::object& in, std::string_view name) const {
    store::AuditHash hash{};
    const auto bytes = from_hex(text(in, name));
    if (!bytes || bytes->size() != hash.size()) refuse(fmt::format("has no hash in '{}'", name));
    std::ranges::copy(*bytes, hash.begin());
    return hash;
  }
  [[noreturn]] void refuse(const std::string& how) const {
    throw Error(Errc::integrity, fmt::format("line {} of {} {}", number_, file_.string(), how),
                "Name a file that 'audit export' wrote, as it wrote it.");
  }

 private:
  std::filesystem::path file_;
  std::ifstream in_;
  std::int64_t number_ = 0;
};

store::AuditLinked link_in(const Lines& lines, const json::object& in) {
  store::AuditLinked linked;
  linked.position = lines.number(in, "position");
  linked.previous = lines.hash(in, "previous_hash");
  linked.hash = lines.hash(in, "hash");
  auto& record = linked.record;
  record.id = lines.number(in, "id");
  linked.missing = in.contains("missing");
  if (linked.missing) return linked;
  record.at = Instant{std::chrono::microseconds{lines.number(in, "at_us")}};
  if (const auto account = lines.number(in, "account_id"); account != 0) record.account = AccountId{account};
  const auto action = domain::find_named<domain::AuditAction>(lines.text(in, "action"));
  if (!action) lines.refuse("has an action that is not known");
  record.action = *action;
  record.topic = lines.text(in, "topic");
  record.entity = lines.number(in, "entity_id");
  record.details = lines.text(in, "details");
  record.origin = {lines.text(in, "source"), lines.text(in, "request_id")};
  return linked;
}

}  // namespace

std::int64_t export_audit(const AuditDesk& desk, std::int64_t position,
                          const std::function<void(std::string_view)>& line) {
  {
    db::Transaction tx{desk.pool, {.stop = desk.stop}};
    store::Journal{tx, desk.actor.account, desk.clock.now(), desk.actor.origin}.audit(
        domain::AuditAction::exported, kAuditTopic, Id<void>{position}, Details{}.add("after", position).json());
    tx.commit();
  }
  link_audit(desk.pool, desk.stop);
  db::Transaction tx{desk.pool,
                     {.isolation = db::Isolation::repeatable_read,
                      .read_only = true,
                      .statement_deadline = std::chrono::milliseconds{0},
                      .stop = desk.stop}};
  store::AuditChain chain{tx};
  store::AuditHead before;
  const auto cut = chain.newest_cut();
  if (cut && position <= cut->head.position) {
    if (position != 0 && position < cut->head.position)
      throw Error(Errc::not_found, fmt::format("what comes after link {} was deleted when its time was over", position),
                  fmt::format("The chain begins after link {}.", cut->head.position));
    before = cut->head;
  } else if (position != 0) {
    const auto found = chain.at(position);
    if (!found)
      throw Error(Errc::not_found, fmt::format("the audit has no link {}", position),
                  "Run 'visitorctl audit list' to see its rows.");
    before = *found;
  }
  line(header_line(before));
  std::int64_t count = 0;
  chain.for_each(before.position, [&](const store::AuditLinked& linked) {
    line(link_line(linked));
    ++count;
  });
  for (const auto& checkpoint : chain.checkpoints(before.position)) line(checkpoint.document);
  return count;
}

AuditFileReport check_audit_file(const std::filesystem::path& file, const std::vector<std::string>& keys) {
  AuditFileReport result;
  std::vector<AuditMark> marks;
  std::vector<AuditFinding> findings;
  std::string line;
  for (Lines lines{file}; lines.next(line);) {
    if (!line.starts_with(kCheckpointLine)) continue;
    try {
      const auto document = read_audit_document(line + "\n");
      if (!keys.empty() && std::ranges::find(keys, document.key) == keys.end()) {
        findings.push_back({AuditTampering::rewritten, document.head.position, 0,
                            fmt::format("the checkpoint of link {} is signed with another key: {}",
                                        document.head.position, document.key)});
        continue;
      }
      if (std::ranges::find(result.keys, document.key) == result.keys.end()) result.keys.push_back(document.key);
      marks.push_back({document.head, document.at, file.string()});
    } catch (const Error& error) {
      findings.push_back({AuditTampering::rewritten, 0, 0, error.message()});
    }
  }

  Lines lines{file};
  if (!lines.next(line)) lines.refuse("is missing");
  const auto header = lines.object(line);
  if (lines.text(header, "format") != kFormat) lines.refuse("is of another format");
  AuditChecker checker{{lines.number(header, "position"), lines.hash(header, "hash")}, std::move(marks)};
  for (auto& finding : findings) checker.add(std::move(finding));
  result.report.full = true;
  result.report.from = checker.last().position;
  while (lines.next(line))
    if (!line.starts_with(kCheckpointLine)) checker.see(link_in(lines, lines.object(line)));
  checker.end();
  result.report.head = checker.last();
  result.report.rows = checker.count();
  result.report.checkpoints = checker.marks_met();
  result.report.findings = checker.findings();
  result.report.wrong = checker.wrong();
  return result;
}

}  // namespace visitor::app
