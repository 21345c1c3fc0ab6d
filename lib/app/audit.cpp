#include "app/audit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/backup_target.hpp"
#include "app/details.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "net/http.hpp"
#include "store/journal.hpp"

namespace visitor::app {
namespace {

using std::chrono::hours;

constexpr int kLinkedAtOnce = 20'000;
constexpr int kSentAtOnce = 100;
constexpr std::int64_t kDroppedAtOnce = 20'000;
constexpr std::size_t kReadAtMost = 100;
constexpr std::size_t kLongestDocument = 4096;
constexpr int kStrangersTold = 100;
constexpr hours kSentFor{7 * 24};
constexpr std::string_view kPrefix = "checkpoint-";
constexpr std::string_view kVerifiedLabel = "audit.verified";

bool is_web(std::string_view place) {
  return place.starts_with("https://") || place.starts_with("http://");
}

std::string verified_text(const store::AuditHead& head) {
  return fmt::format("{} {}", head.position, to_hex(head.hash));
}

void link_all(store::AuditChain& chain) {
  chain.take_turn();
  while (chain.link(kLinkedAtOnce) > 0) continue;
}

void post(const std::string& url, const std::string& document, const std::stop_token& stop) {
  const net::HttpRequest request{
      .method = "POST", .url = url, .body = document, .content_type = "application/json", .repeatable = true};
  const auto result = net::HttpClient{}.send(request, stop);
  if (const auto* failure = std::get_if<net::HttpFailure>(&result)) throw Error(Errc::failed, failure->message);
  if (const int status = std::get<net::HttpResponse>(result).status; status < 200 || status > 299)
    throw Error(Errc::failed, fmt::format("it answered with status {}", status));
}

/// For what is sent to one place.
class Sender {
 public:
  Sender(const AuditDesk& desk, const std::string& place) : desk_(desk), place_(place) {
    if (!is_web(place)) target_ = open_backup_target(desk.settings, place, desk.clock, desk.stop);
  }

  void send(const store::AuditUnsent& checkpoint) {
    if (!target_) return post(place_, checkpoint.document, desk_.stop);
    const auto upload = target_->put(checkpoint_name(checkpoint.position, checkpoint.at));
    upload->write(std::as_bytes(std::span{checkpoint.document}));
    upload->commit();
  }

 private:
  const AuditDesk& desk_;
  const std::string& place_;
  std::unique_ptr<archive::Target> target_;
};

std::string fetch(archive::Target& target, const std::string& name) {
  const auto download = target.get(name);
  std::string text(kLongestDocument + 1, '\0');
  std::size_t size = 0;
  while (const auto read = download->read(std::as_writable_bytes(std::span{text}).subspan(size))) size += read;
  text.resize(size);
  return text;
}

/// The mark of a document that is signed with one of \p keys; else what is wrong with it goes to \p findings.
std::optional<AuditMark> mark_of(std::string_view text, AuditPaper paper, const std::string& place,
                                 std::int64_t position, const std::vector<std::string>& keys,
                                 std::vector<AuditFinding>& findings) {
  try {
    const auto document = read_audit_document(text);
    if (document.paper == paper && std::ranges::find(keys, document.key) != keys.end())
      return AuditMark{document.head, document.at, place};
    findings.push_back({AuditTampering::rewritten, document.head.position, 0,
                        fmt::format("the {} of link {} in {} is not signed with a key of this installation",
                                    paper == AuditPaper::cut ? "cut" : "checkpoint", document.head.position, place)});
  } catch (const Error& error) {
    findings.push_back({AuditTampering::rewritten, position, 0, fmt::format("in {}: {}", place, error.message())});
  }
  return std::nullopt;
}

/// The newest cut that is signed; nothing where there is none.
std::optional<AuditMark> believed_cut(store::AuditChain& chain, const std::vector<std::string>& keys,
                                      std::vector<AuditFinding>& findings) {
  const auto cut = chain.newest_cut();
  if (!cut) return std::nullopt;
  return mark_of(cut->document, AuditPaper::cut, "the database", cut->head.position, keys, findings);
}

}  // namespace

int link_audit(db::Pool& pool, const std::stop_token& stop) {
  int all = 0;
  for (;;) {
    db::Transaction tx{pool, {.stop = stop}};
    store::AuditChain chain{tx};
    if (!chain.waiting() || !chain.try_turn()) return all;
    const int linked = chain.link(kLinkedAtOnce);
    tx.commit();
    all += linked;
  }
}

std::optional<store::AuditSigned> make_checkpoint(const AuditDesk& desk) {
  db::Transaction tx{desk.pool, {.statement_deadline = std::chrono::milliseconds{0}, .stop = desk.stop}};
  store::AuditChain chain{tx};
  link_all(chain);
  const auto head = chain.head();
  const auto newest = chain.newest_checkpoint();
  if (head.position == 0 || (newest && newest->head.position >= head.position)) {
    tx.commit();
    return std::nullopt;
  }
  const auto key = audit_signing_key(tx, desk.vault, desk.clock.now());
  store::AuditSigned made{head, desk.clock.now(), {}};
  made.document = write_audit_document(
      {AuditPaper::checkpoint, to_hex(desk.vault.fingerprint()), made.head, made.at, key.public_text()}, key);
  chain.add_checkpoint(made);
  tx.commit();
  return made;
}

std::optional<store::AuditSigned> make_checkpoint_if_due(const AuditDesk& desk) {
  {
    db::Transaction tx{desk.pool, {.read_only = true, .stop = desk.stop}};
    store::AuditChain chain{tx};
    const auto newest = chain.newest_checkpoint();
    if (newest && newest->at + desk.settings.audit.checkpoint_interval > desk.clock.now()) return std::nullopt;
    if (newest && chain.head().position <= newest->head.position && !chain.waiting()) return std::nullopt;
  }
  return make_checkpoint(desk);
}

int send_checkpoints(const AuditDesk& desk) {
  int sent = 0;
  std::vector<std::string> failures;
  for (const auto& place : desk.settings.audit.checkpoint_to) {
    try {
      const auto lacks = [&] {
        db::Transaction tx{desk.pool, {.read_only = true, .stop = desk.stop}};
        return store::AuditChain{tx}.unsent(place, desk.clock.now() - kSentFor, kSentAtOnce);
      }();
      if (lacks.empty()) continue;
      Sender sender{desk, place};
      for (const auto& checkpoint : lacks) {
        sender.send(checkpoint);
        db::Transaction tx{desk.pool, {.stop = desk.stop}};
        store::AuditChain{tx}.sent(checkpoint.position, place, desk.clock.now());
        tx.commit();
        ++sent;
      }
    } catch (const Error& error) {
      if (error.code() == Errc::database_lost || error.code() == Errc::interrupted) throw;
      failures.push_back(fmt::format("{}: {}", place, error.message()));
    }
  }
  if (!failures.empty())
    throw Error(Errc::failed, fmt::format("checkpoints of the audit do not arrive at {}", fmt::join(failures, "; ")),
                "They are sent again; 'visitorctl audit checkpoint' tries at once.");
  return sent;
}

std::int64_t apply_audit_retention(const AuditDesk& desk) {
  if (desk.settings.audit.keep_days == 0) return 0;
  const auto now = desk.clock.now();
  {
    db::Transaction tx{desk.pool, {.stop = desk.stop}};
    store::AuditChain chain{tx};
    chain.take_turn();
    const auto old = chain.checkpoint_before(now - hours{24} * desk.settings.audit.keep_days);
    const auto last = chain.newest_cut();
    if (old && (!last || last->head.position < old->head.position) &&
        chain.reached(old->head.position, desk.settings.audit.checkpoint_to)) {
      const auto key = audit_signing_key(tx, desk.vault, now);
      store::AuditSigned cut{old->head, now, {}};
      cut.document = write_audit_document(
          {AuditPaper::cut, to_hex(desk.vault.fingerprint()), cut.head, cut.at, key.public_text()}, key);
      chain.add_cut(cut);
      const store::Journal::Entry entry{domain::AuditAction::remove, kAuditTopic, cut.head.position,
                                        Details{}
                                            .add("up_to", cut.head.position)
                                            .add("keep_days", std::int64_t{desk.settings.audit.keep_days})
                                            .json()};
      store::Journal{tx, desk.actor.account, now, desk.actor.origin}.audit(std::span{&entry, 1});
      tx.commit();
    }
  }
  std::int64_t all = 0;
  for (std::int64_t dropped = kDroppedAtOnce; dropped == kDroppedAtOnce && !desk.stop.stop_requested();) {
    db::Transaction tx{desk.pool, {.stop = desk.stop}};
    store::AuditChain chain{tx};
    chain.take_turn();
    dropped = chain.drop_cut(kDroppedAtOnce);
    tx.commit();
    all += dropped;
  }
  return all;
}

PlaceRead read_place(const AuditDesk& desk, const std::string& place, const std::vector<std::string>& keys) {
  PlaceRead read;
  if (is_web(place)) return read;
  const auto target = open_backup_target(desk.settings, place, desk.clock, desk.stop);
  auto objects = target->list(kPrefix);
  if (objects.size() > kReadAtMost) objects.erase(objects.begin(), objects.end() - kReadAtMost);
  for (const auto& object : objects)
    if (auto mark = mark_of(fetch(*target, object.name), AuditPaper::checkpoint, place, 0, keys, read.findings))
      read.marks.push_back(*std::move(mark));
  return read;
}

AuditReport verify_audit(const AuditDesk& desk, bool full) {
  {
    db::Transaction tx{desk.pool, {.statement_deadline = std::chrono::milliseconds{0}, .stop = desk.stop}};
    store::AuditChain chain{tx};
    link_all(chain);
    tx.commit();
  }
  AuditReport report;
  std::vector<AuditFinding> findings;
  std::vector<AuditMark> marks;
  std::optional<db::Transaction> tx;
  // Of a chain of millions a full look takes longer than a statement may otherwise.
  tx.emplace(desk.pool, db::TransactionOptions{.isolation = db::Isolation::repeatable_read,
                                               .read_only = true,
                                               .statement_deadline = std::chrono::milliseconds{0},
                                               .stop = desk.stop});
  store::AuditChain chain{*tx};
  const auto keys = audit_public_keys(*tx, desk.vault);
  for (const auto& place : desk.settings.audit.checkpoint_to) {
    try {
      auto read = read_place(desk, place, keys);
      std::ranges::move(read.marks, std::back_inserter(marks));
      std::ranges::move(read.findings, std::back_inserter(findings));
    } catch (const Error& error) {
      report.unreachable.push_back(fmt::format("{}: {}", place, error.message()));
    }
  }

  store::AuditHead start;
  if (const auto cut = believed_cut(chain, keys, findings)) start = cut->head;
  report.full = true;
  std::int64_t last_row = 0;
  if (const auto seen = full ? std::nullopt : chain.verified(); seen && seen->head.position > start.position) {
    const bool ours = desk.vault.verifies(kVerifiedLabel, verified_text(seen->head), seen->proof);
    if (ours) marks.push_back({seen->head, seen->at, "the last verification"});
    // Where it is not what it was, all of it has to be looked at.
    if (const auto now = chain.at(seen->head.position); ours && now && *now == seen->head) {
      start = seen->head;
      report.full = false;
      last_row = chain.row_at(seen->head.position);
    }
  }
  report.from = start.position;
  for (const auto& stored : chain.checkpoints(start.position))
    if (auto mark =
            mark_of(stored.document, AuditPaper::checkpoint, "the database", stored.head.position, keys, findings))
      marks.push_back(*std::move(mark));

  AuditChecker checker{start, std::move(marks)};
  for (auto& finding : findings) checker.add(std::move(finding));
  chain.for_each(start.position, [&](const store::AuditLinked& linked) { checker.see(linked); });
  checker.end();
  for (const auto row : chain.strangers(last_row, kStrangersTold))
    checker.add({AuditTampering::inserted, 0, row, fmt::format("row {} has no link: it came in past the chain", row)});
  tx.reset();

  report.head = checker.last();
  report.rows = checker.count();
  report.checkpoints = checker.marks_met();
  report.findings = checker.findings();
  report.wrong = checker.wrong();
  if (report.whole() && report.head.position > 0) {
    db::Transaction writing{desk.pool, {.stop = desk.stop}};
    store::AuditChain{writing}.set_verified(
        {report.head, desk.clock.now(), desk.vault.sign(kVerifiedLabel, verified_text(report.head))});
    writing.commit();
  }
  return report;
}

namespace {

void write_refusal(db::Pool& pool, AccountId account, const domain::Origin& origin, Instant now, std::string_view topic,
                   std::int64_t entity, const Details& details) {
  db::Transaction tx{pool};
  const store::Journal::Entry entry{domain::AuditAction::refused, topic, entity, details.json()};
  store::Journal{tx, account, now, origin}.audit(std::span{&entry, 1});
  tx.commit();
}

}  // namespace

void record_refusal(db::Pool& pool, const Actor& actor, Instant now, std::string_view topic, std::int64_t entity,
                    std::string_view what, std::string_view why) {
  Details details;
  if (!what.empty()) details.add("permission", what);
  if (!why.empty()) details.add("reason", why);
  write_refusal(pool, actor.account, actor.origin, now, topic, entity, details);
}

void record_stranger(db::Pool& pool, const domain::Origin& origin, Instant now, std::string_view why) {
  write_refusal(pool, {}, origin, now, "session", 0, Details{}.add("reason", why));
}

void record_key_elsewhere(db::Pool& pool, const domain::Origin& origin, Instant now, const domain::ApiKey& key) {
  write_refusal(pool, key.account, origin, now, "api_key", key.id.value,
                Details{}.add("reason", "API key from elsewhere").add("name", key.name));
}

}  // namespace visitor::app
