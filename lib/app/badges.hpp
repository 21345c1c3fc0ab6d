#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/json_writer.hpp"
#include "app/visits.hpp"
#include "app/work.hpp"
#include "core/vault.hpp"
#include "domain/badge.hpp"
#include "store/badges.hpp"

/// Badges: a card with the guest's name and a QR code whose token shows that the visit is on.
///
/// How they look, the printer that they go to and how long they are valid says badge.toml beside visitor.toml, where
/// there is one (config/badge_template.hpp); otherwise the built-in template does. It is read for each badge.
///
/// A badge has no version of its own: what becomes of it stands in the audit of its visit.
namespace visitor::app {

using store::BadgeFilter;

struct BadgeOrder {
  VisitId visit;
  domain::BadgeFormat format = domain::BadgeFormat::pdf;
  bool as_file = false;  ///< handed out instead of printed
  std::string printer;   ///< queue of CUPS; empty: that of the template
  /// For so long only who knows the number of the badge sends it, because he is about to.
  std::chrono::seconds held{0};
};
inline constexpr std::chrono::seconds kBadgeHold{60};

/// A badge with its visit.
struct BadgeListed {
  domain::Badge badge;
  VisitListed visit;
};

struct BadgePrinted {
  BadgeListed listed;
  std::string token;
  std::string file;              ///< the badge itself
  std::vector<std::string> cut;  ///< what did not fit even in the least type, and ends with "…": "the company"
};

/// Makes a badge with a token of its own, which replaces those that were printed for the visit before. It is valid
/// until the visit was to end, at least an hour and at most valid_for of the template. With a printer it is queued, and
/// sent by send_badge().
///
/// \throws Error usage      no printer is named or none can be called that, or photo or logo cannot be drawn
/// \throws Error not_found  the visit
/// \throws Error conflict   the visit is over
/// \throws Error config     the template is wrong, or a library is missing
BadgePrinted print_badge(const Work& work, const Vault& vault, const BadgeOrder& order);

/// Gives one queued badge to its printer, and notes what came of that: sent or failed. Its row stays locked until the
/// commit, so that no two programs print it; one that is killed in between prints it again.
/// \param only  nothing: the oldest that is not held
/// \returns nothing where there is none
std::optional<BadgeListed> send_badge(const Work& work, const Vault& vault, std::optional<domain::BadgeId> only = {});

/// Asks the queues what became of badges that were sent, and notes it. A job that its queue has not known for a day is
/// taken for failed.
/// \returns how many are completed or failed now
int follow_badges(const Work& work);

/// The newest first.
std::vector<BadgeListed> list_badges(const Work& work, const BadgeFilter& filter = {});

/// What a token is worth now.
struct BadgeCheck {
  domain::BadgeVerdict verdict = domain::BadgeVerdict::forged;
  std::optional<Instant> issued_at;   ///< of what was signed here
  std::optional<Instant> expires_at;  ///< the same
  std::optional<BadgeListed> listed;  ///< where the badge is on record, and in scope
};
BadgeCheck verify_badge(const Work& work, const Vault& vault, std::string_view token);
/// With nothing but the public key: whether the visit is still on is not known.
BadgeCheck verify_badge_offline(std::string_view token, std::string_view public_key, Instant now);

/// What whoever checks badges without the database needs: "vbs-…".
std::string badge_public_key(const Vault& vault);

void write(JsonWriter& json, const BadgeListed& listed);
void write(JsonWriter& json, const BadgePrinted& printed);
void write(JsonWriter& json, const BadgeCheck& check);

}  // namespace visitor::app
