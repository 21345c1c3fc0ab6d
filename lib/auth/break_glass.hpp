#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/transaction.hpp"
#include "domain/session.hpp"

namespace visitor::auth {

/// What audit rows about emergencies speak of.
inline constexpr std::string_view kBreakGlassTopic = "break_glass";

/// The role of administrator for a while, given by two administrators in an emergency.
struct BreakGlass {
  domain::BreakGlassId id;
  AccountId account;
  std::string login;
  std::string first_by;   ///< login
  std::string second_by;  ///< login
  std::string reason;
  Instant opened_at;
  Instant ends_at;
  std::optional<Instant> closed_at;
  std::string closed_by;  ///< login; empty: nobody, it ends by itself

  bool open(Instant now) const { return !closed_at && now < ends_at; }
};

struct NewBreakGlass {
  AccountId account;
  AccountId first_by;
  AccountId second_by;
  std::string reason;
  Instant ends_at;
};

/// The right is a grant that ends by itself, so nothing has to run for it to be over.
class BreakGlasses {
 public:
  explicit BreakGlasses(db::Transaction& tx) : tx_(tx) {}

  /// \returns nothing where the account has the role already
  std::optional<BreakGlass> open(const NewBreakGlass& wanted, Instant now);
  std::optional<BreakGlass> find(domain::BreakGlassId id);
  /// Newest first.
  std::vector<BreakGlass> list(int limit);
  /// Takes the role back now. \returns whether it was still to end
  bool close(domain::BreakGlassId id, AccountId by, Instant now);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::auth
