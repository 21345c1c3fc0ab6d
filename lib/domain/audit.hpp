#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "domain/names.hpp"

namespace visitor::domain {

enum class AuditAction {
  create,
  update,
  remove,  // "delete"
  view,
  login,
  logout,
  login_failed,
  permission_change,
  exported,  // "export"
  bulk_operation,
  refused  ///< somebody was not allowed to
};

/// From where an act came.
struct Origin {
  std::string source;   ///< "visitord@host", "cli:anna(1000)@host", "api:192.0.2.7"; empty: not known
  std::string request;  ///< what all rows of one request, or of one run of a program, share; empty: none
};

/// Who did what to which thing. Never changed, never removed before its retention ends.
struct AuditRecord {
  std::int64_t id = 0;
  Instant at;
  std::optional<AccountId> account;
  std::string login;  ///< of the account; empty where there is none
  AuditAction action = AuditAction::view;
  std::string topic;  ///< as in the change feed: "visit", "guest", …
  std::int64_t entity = 0;
  std::string details;  ///< JSON object without secrets and without contents of documents
  Origin origin;

  /// Where it stands in the chain of store/audit_chain.hpp; nothing until it was linked.
  std::optional<std::int64_t> position;
  std::string previous_hash;  ///< hexadecimal; empty until then
  std::string hash;
};

/// One line of the feed of changes. Ids grow in the order of commit.
struct Change {
  ChangeId id;
  Instant at;
  std::string topic;
  std::int64_t entity = 0;
  std::int64_t version = 1;
};

template <>
std::span<const Name<AuditAction>> names();

}  // namespace visitor::domain
