#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/transaction.hpp"
#include "domain/audit.hpp"

namespace visitor::store {

/// What audit and change rows speak of.
namespace topic {
inline constexpr std::string_view kSite = "site", kDepartment = "department", kHost = "host", kGuest = "guest",
                                  kCredential = "credential", kVisit = "visit", kTerminal = "terminal", kDoor = "door",
                                  kIncident = "incident", kAlert = "alert", kSiteRule = "site_rule";
/// Events of a terminal were stored; the entity is the terminal, the version the number of the newest of them.
inline constexpr std::string_view kEvent = "event";
}  // namespace topic

/// NOTIFY channel of the feed. The payload is the newest change id of the transaction.
inline constexpr std::string_view kChangeChannel = "visitor_change";

/// Writes who did what (audit) and what is different now (change) in the transaction of the doing.
///
/// Made at the start of a use case. Several journals on one transaction are fine.
class Journal {
 public:
  struct Entry {
    domain::AuditAction action = domain::AuditAction::update;
    std::string_view topic;
    std::int64_t entity = 0;
    std::string details = "{}";  ///< JSON object
  };

  /// \param account  who; 0: nobody
  Journal(db::Transaction& tx, AccountId account, Instant now, domain::Origin origin = {});

  /// Written with the next statement (db::Transaction::later).
  template <class Tag>
  void audit(domain::AuditAction action, std::string_view topic, Id<Tag> entity, std::string details = "{}") {
    const Entry entry{action, topic, entity.value, std::move(details)};
    audit(std::span{&entry, 1});
  }
  /// Many in one statement.
  void audit(std::span<const Entry> entries);

  /// Kept until just before the commit, then written with all others in one statement under one lock, followed by one
  /// NOTIFY: so ids grow in the order of commit, and the lock is held only for the commit itself. Of one thing changed
  /// several times the highest version is written. Without a commit nothing is.
  template <class Tag>
  void change(std::string_view topic, Id<Tag> entity, std::int64_t version) {
    add_change(topic, entity.value, version);
  }

 private:
  struct Pending;
  void add_change(std::string_view topic, std::int64_t entity, std::int64_t version);

  db::Transaction& tx_;
  AccountId account_;
  Instant now_;
  domain::Origin origin_;
  std::shared_ptr<Pending> pending_;
};

struct AuditFilter {
  std::optional<AccountId> account;
  std::string login;                         ///< of the account; empty: all
  std::vector<domain::AuditAction> actions;  ///< any of these; empty: all
  std::string topic;                         ///< empty: all
  std::optional<std::int64_t> entity;
  std::optional<Instant> since;           ///< at or after
  std::optional<Instant> until;           ///< before
  std::optional<std::int64_t> before_id;  ///< only what comes after this one in the list
  int limit = 100;
};

/// A change to a thing in words: "name from 'A' to 'B'".
struct EditRecord {
  Instant at;
  std::string login;  ///< empty where there is no account
  std::string what;
};

/// Reads what journals wrote.
class JournalReader {
 public:
  explicit JournalReader(db::Transaction& tx) : tx_(tx) {}

  /// Newest first.
  std::vector<domain::AuditRecord> audit(const AuditFilter& filter = {});
  std::optional<domain::AuditRecord> find_audit(std::int64_t id);
  /// What made the thing newer than \p version, newest first, as far as the audit rows name versions.
  std::vector<EditRecord> edits_since(std::string_view topic, std::int64_t entity, std::int64_t version, int limit);
  /// In the order of commit, after \p cursor.
  /// \param topics  any of these; empty: all
  std::vector<domain::Change> changes(ChangeId cursor, int limit = 1000, std::span<const std::string> topics = {});
  /// The newest change there ever was, 0 if there was none.
  ChangeId cursor();
  /// Changes up to this one may be trimmed; all after it are there.
  ChangeId horizon();
  /// The newest change made before \p at, or the horizon where that is older: what comes after it was made at \p at or
  /// later. Nothing where changes made at \p at or later may be trimmed.
  std::optional<ChangeId> cursor_at(Instant at);
  /// Up to which event of \p terminal the changes before \p change reach; 0 where there is none.
  EventId events_before(TerminalId terminal, ChangeId change);

 private:
  db::Transaction& tx_;
};

/// Deletes changes made before \p before, the oldest first, and moves the horizon on. Of each terminal's events the
/// newest change stays: it says where the next one begins.
/// \param limit  about how many at most
/// \returns how many
std::int64_t trim_changes(db::Transaction& tx, Instant before, int limit);

}  // namespace visitor::store
