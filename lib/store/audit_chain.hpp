#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/transaction.hpp"
#include "domain/audit.hpp"

/// The chain over the audit: each row has a link with its position (1, 2, …) and a hash over the row and the link
/// before it, so that a row cannot be changed, taken away or put in between without all later links being made anew.
///
/// Rows are written in the transaction of the act, and linked after its commit by a step of its own: within a second
/// where visitord runs, else by the next program that looks (audit_unlinked holds what waits). Links are in the order
/// in which committed rows were seen. So no act waits for another's, and an act holds no lock for the chain: the one
/// lock is taken first in the transactions that link, sign and cut, which then wait for nobody.
///
/// What is found of tampering by somebody who owns the database, and gets past its privileges and triggers:
///
/// | when                        | found                                 | not found                               |
/// |-----------------------------|---------------------------------------|-----------------------------------------|
/// | before the row has its link | its deletion, where only it is gone   | an edit; a deletion that also takes its |
/// |                             |                                       | entry out of audit_unlinked             |
/// | until the next checkpoint   | edits, deletions, and insertions past | what comes with all later links made    |
/// |                             | the triggers, by the links            | anew: a hash has no secret; the newest  |
/// |                             |                                       | rows gone together with their links     |
/// | until it was sent elsewhere | all of it, by the signature           | the newest rows gone together with      |
/// |                             |                                       | their links, checkpoint and mark        |
/// | from then on                | all of it                             | nothing, while that place keeps it      |
///
/// A row that is inserted the way the product does is a row like any other: the chain then says between which
/// checkpoints it came, whatever its time says. Whoever has the master key, too, can sign: for him there is a place
/// that nobody can overwrite (Object Lock), where two checkpoints then contradict each other.
namespace visitor::store {

using AuditHash = std::array<std::byte, 32>;

/// How far the chain reaches. Position 0, of a chain without a link, has a hash of 32 zero bytes.
struct AuditHead {
  std::int64_t position = 0;
  AuditHash hash{};
  bool operator==(const AuditHead&) const = default;
};

/// The bytes that a link is a BLAKE2b-256 of:
///
/// | bytes | what                                                                       |
/// |-------|----------------------------------------------------------------------------|
/// | 16    | "visitor-audit-1" and a zero                                               |
/// | 8     | position                                                                   |
/// | 32    | hash of the link before                                                    |
/// | 8     | number of the row                                                          |
/// | 8     | when, in microseconds since 1970-01-01T00:00:00Z                           |
/// | 8     | number of the account, 0 for none                                          |
/// | 8     | number of the thing                                                        |
/// | each  | action, topic, details, source, request: 8 bytes of length, then the bytes |
///
/// Numbers have the most significant byte first and are signed (two's complement). Details are as PostgreSQL writes its
/// jsonb. A row that was gone before it got its link has one over its number alone: everything else is 0 or empty.
std::string audit_bytes(const AuditHead& previous, const domain::AuditRecord& record);
AuditHash audit_hash(const AuditHead& previous, const domain::AuditRecord& record);

/// A link as it is stored, with its row.
struct AuditLinked {
  std::int64_t position = 0;
  AuditHash previous{};
  AuditHash hash{};
  domain::AuditRecord record;  ///< without login; only the id where the row is missing
  bool missing = false;
};

/// Something that was signed: a checkpoint, or a cut by retention.
struct AuditSigned {
  AuditHead head;
  Instant at;
  std::string document;
};

/// A checkpoint that has yet to reach a place.
struct AuditUnsent {
  std::int64_t position = 0;
  Instant at;
  std::string document;
};

/// The key that signs, as it is stored.
struct AuditKey {
  std::string public_key;
  std::vector<std::byte> sealed;
};

/// Up to where somebody has found the chain whole.
struct AuditVerified {
  AuditHead head;
  Instant at;
  std::vector<std::byte> proof;
};

class AuditChain {
 public:
  explicit AuditChain(db::Transaction& tx) : tx_(tx) {}

  /// The turn to write links, checkpoints and cuts, until the transaction ends. Waits for it.
  void take_turn();
  /// \returns whether it is ours now
  bool try_turn();

  /// Whether a row waits for its link.
  bool waiting();
  /// Links rows that wait, about \p most. Needs the turn.
  /// \returns how many
  int link(int most);

  AuditHead head();
  /// What retention left off at: everything up to it may be gone.
  std::optional<AuditSigned> newest_cut();
  /// The link at \p position, or nothing.
  std::optional<AuditHead> at(std::int64_t position);
  /// Number of the row that the link at \p position is of; 0 where there is no such link.
  std::int64_t row_at(std::int64_t position);
  /// Links after \p position with their rows, in order, in constant memory.
  void for_each(std::int64_t position, const std::function<void(const AuditLinked&)>& use);
  /// Rows that have no link and do not wait for one, of those with a higher number than \p after, the oldest first.
  std::vector<std::int64_t> strangers(std::int64_t after, int limit);

  void add_key(const AuditKey& key, Instant now);
  /// The newest first.
  std::vector<AuditKey> keys();
  void set_key(const AuditKey& key);

  void add_checkpoint(const AuditSigned& checkpoint);
  /// By position.
  /// \param from  at this position or later
  std::vector<AuditSigned> checkpoints(std::int64_t from = 0);
  std::optional<AuditSigned> newest_checkpoint();
  /// The newest made before \p before.
  std::optional<AuditSigned> checkpoint_before(Instant before);
  /// What \p target lacks of those made at \p since or later, by position.
  std::vector<AuditUnsent> unsent(std::string_view target, Instant since, int limit);
  void sent(std::int64_t position, std::string_view target, Instant now);

  /// Whether each of \p targets has the checkpoint at \p position.
  bool reached(std::int64_t position, const std::vector<std::string>& targets);

  void add_cut(const AuditSigned& cut);
  /// Deletes the oldest rows up to the newest cut.
  /// \returns how many; as many as \p most where there may be more
  std::int64_t drop_cut(std::int64_t most);

  std::optional<AuditVerified> verified();
  void set_verified(const AuditVerified& verified);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
