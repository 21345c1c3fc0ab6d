#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/transaction.hpp"
#include "domain/routing.hpp"
#include "domain/scope.hpp"

namespace visitor::store {

/// What audit and change rows about silences speak of.
inline constexpr std::string_view kSilenceTopic = "silence";

/// A silence with the names that people know.
struct SilenceListed {
  domain::Silence silence;
  std::string site_name;
  std::string department_name;
  std::string guest_name;
  std::string terminal_name;
  std::string login;       ///< of who made it
  std::string expired_by;  ///< of who ended it early; empty where nobody did
  Instant created_at;
  int version = 1;
};

class Silences {
 public:
  Silences(db::Transaction& tx, const domain::Scope& scope) : tx_(tx), scope_(scope) {}

  /// \param silence  its id is not looked at
  SilenceId add(const domain::Silence& silence, AccountId by, Instant now);
  std::optional<SilenceListed> find(SilenceId id);
  /// The last to end first.
  /// \param since  only those that end after it
  std::vector<SilenceListed> list(std::optional<Instant> since, int limit);
  /// Those that hold at \p now.
  std::vector<domain::Silence> active(Instant now);
  /// Ends it at \p now. \returns whether it was still to end
  bool expire(SilenceId id, AccountId by, Instant now);

 private:
  db::Transaction& tx_;
  domain::Scope scope_;
};

}  // namespace visitor::store
