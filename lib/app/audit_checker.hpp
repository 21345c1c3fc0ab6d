#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/names.hpp"
#include "store/audit_chain.hpp"

namespace visitor::app {

enum class AuditTampering {
  edited,     ///< a row, or its link, is not what was written
  deleted,    ///< a row is gone
  inserted,   ///< a row came in past the chain
  truncated,  ///< the newest rows are gone
  rewritten   ///< the chain was made anew: a checkpoint says otherwise
};

/// Something that is wrong with the audit, and where.
struct AuditFinding {
  AuditTampering what = AuditTampering::edited;
  std::int64_t position = 0;  ///< of the first link that it is about; 0: it has none
  std::int64_t row = 0;       ///< number of the row; 0: not known
  std::string text;
};

/// What the chain was at a moment, from a checkpoint whose signature was found good.
struct AuditMark {
  store::AuditHead head;
  Instant at;
  std::string place;  ///< where it was kept: "the database", "file:///srv/audit"
};

/// Holds links and rows, handed in by position, against themselves and against marks. Pure: whoever has the rows can
/// check them.
class AuditChecker {
 public:
  /// \param start  what comes before the first link that is handed in, and is believed
  AuditChecker(const store::AuditHead& start, std::vector<AuditMark> marks);

  void see(const store::AuditLinked& linked);
  /// After the last link.
  void end();
  void add(AuditFinding finding);

  const store::AuditHead& last() const { return last_; }
  std::int64_t last_row() const { return last_row_; }
  std::int64_t count() const { return count_; }  ///< of links seen
  std::int64_t marks_met() const { return marks_met_; }
  /// At most 100; the count has all.
  const std::vector<AuditFinding>& findings() const { return findings_; }
  std::int64_t wrong() const { return wrong_; }

 private:
  void hold_against_marks(const store::AuditHead& head);

  store::AuditHead last_;
  std::int64_t last_row_ = 0;
  std::int64_t count_ = 0;
  std::vector<AuditMark> marks_;  // by position
  std::size_t next_mark_ = 0;
  std::int64_t marks_met_ = 0;
  std::int64_t good_until_ = 0;
  std::vector<AuditFinding> findings_;
  std::int64_t wrong_ = 0;
};

}  // namespace visitor::app

namespace visitor::domain {
template <>
std::span<const Name<app::AuditTampering>> names();
}  // namespace visitor::domain
