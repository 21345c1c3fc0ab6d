#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/audit_checker.hpp"
#include "app/audit_documents.hpp"
#include "app/work.hpp"
#include "core/clock.hpp"
#include "core/vault.hpp"
#include "db/pool.hpp"
#include "domain/session.hpp"

/// The chain over the audit (store/audit_chain.hpp): its links, its checkpoints, its end of life, and whether it is
/// whole.
namespace visitor::app {

/// Topic of audit rows about the audit itself; the entity is a position of the chain.
inline constexpr std::string_view kAuditTopic = "audit";

/// What works on the chain.
struct AuditDesk {
  db::Pool& pool;
  const config::Settings& settings;
  const Vault& vault;
  const Actor& actor;
  const Clock& clock;
  std::stop_token stop = {};
};

/// Links the rows that wait, in steps of one transaction each; leaves off where somebody else is at it.
/// \returns how many
int link_audit(db::Pool& pool, const std::stop_token& stop = {});

/// Links what waits, and signs where the chain ends then.
/// \returns nothing where the newest checkpoint says the same
std::optional<store::AuditSigned> make_checkpoint(const AuditDesk& desk);
/// The same where [audit] checkpoint_interval has passed since the last one, and the chain has grown.
std::optional<store::AuditSigned> make_checkpoint_if_due(const AuditDesk& desk);

/// Brings the checkpoints of the last week that it lacks to each place of [audit] checkpoint_to. A place that cannot be
/// reached does not keep the others waiting.
/// \returns how many copies were made
/// \throws Error failed  a place did not take what it lacks; names it
int send_checkpoints(const AuditDesk& desk);

/// Deletes what is older than [audit] keep_days, up to a checkpoint that has reached every place; with an audit row and
/// a signed record of where that was. \returns how many rows
std::int64_t apply_audit_retention(const AuditDesk& desk);

/// \param place  of [audit] checkpoint_to: "file:///srv/audit", "s3://bucket/prefix"; a web address is not read from
struct PlaceRead {
  std::vector<AuditMark> marks;        ///< of the newest 100 checkpoints there
  std::vector<AuditFinding> findings;  ///< what is not signed by one of \p keys
};
/// \throws Error  the place cannot be reached
PlaceRead read_place(const AuditDesk& desk, const std::string& place, const std::vector<std::string>& keys);

struct AuditReport {
  bool full = false;
  std::int64_t from = 0;         ///< links after this one were looked at
  store::AuditHead head;         ///< the newest link
  std::int64_t rows = 0;         ///< links that were looked at
  std::int64_t checkpoints = 0;  ///< that one of them was held against
  std::vector<AuditFinding> findings;
  std::int64_t wrong = 0;                ///< how many findings there are in all
  std::vector<std::string> unreachable;  ///< places that could not be read, each with the reason

  bool whole() const { return wrong == 0; }
};

/// Holds rows, links, checkpoints of the database and of its places against each other. Links first what waits.
/// \param full  from the old end on; otherwise from where the chain was last found whole
AuditReport verify_audit(const AuditDesk& desk, bool full);

/// The refused access of somebody, in a transaction of its own: that of the act is rolled back.
/// \param what  the permission that was needed
/// \param why   where it was not the permission that was missing: "step_up_needed", "not_found"
void record_refusal(db::Pool& pool, const Actor& actor, Instant now, std::string_view topic, std::int64_t entity,
                    std::string_view what, std::string_view why = {});

/// Somebody who is not logged in, and was not let in: "no token", "unknown token".
void record_stranger(db::Pool& pool, const domain::Origin& origin, Instant now, std::string_view why);
/// A key that is in force, shown from outside of its networks: somebody else may have it.
void record_key_elsewhere(db::Pool& pool, const domain::Origin& origin, Instant now, const domain::ApiKey& key);

}  // namespace visitor::app
