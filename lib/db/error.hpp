#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"

namespace visitor::db {

/// What the server or the connection to it said. Never holds a password, the connection string, or the server's DETAIL
/// (which quotes rows, hence persons).
///
/// | code          | when                                                                            |
/// |---------------|---------------------------------------------------------------------------------|
/// | conflict      | a unique, foreign key, check or exclusion constraint does not allow it          |
/// | database_lost | the connection broke: the statement, or the commit, may or may not have run     |
/// | interrupted   | the caller's stop token ended the statement                                     |
/// | database      | cannot connect; past the deadline; everything else                              |
class DatabaseError : public Error {
 public:
  DatabaseError(Errc code, std::string message, std::string hint, std::string sqlstate, std::string constraint)
      : Error(code, std::move(message), std::move(hint)),
        sqlstate_(std::move(sqlstate)),
        constraint_(std::move(constraint)) {}

  /// Five characters (PostgreSQL manual, appendix A), or empty where the server said nothing.
  const std::string& sqlstate() const noexcept { return sqlstate_; }
  /// The constraint that was violated, or empty.
  const std::string& constraint() const noexcept { return constraint_; }
  /// A serialization failure or a deadlock: the same transaction may succeed when run again.
  bool retryable() const noexcept { return sqlstate_ == "40001" || sqlstate_ == "40P01"; }

 private:
  std::string sqlstate_;
  std::string constraint_;
};

}  // namespace visitor::db
