#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/work.hpp"
#include "domain/people.hpp"
#include "domain/routing.hpp"
#include "notify/wording.hpp"

/// The daily summary and the weekly incident report, each of one site.
namespace visitor::app {

enum class DigestKind { daily, weekly };

/// The figures as they are now: of today so far and yesterday; or of the seven days before today, and the seven before
/// those. Days are the site's.
notify::Digest make_digest(const Work& work, const domain::Site& site, DigestKind kind);

/// When the digest that is due now was due; nothing outside of the hours after [alerts] daily_summary_at (6 hours) and
/// weekly_report_day and _at (24 hours), within which it is made up for.
std::optional<Instant> digest_due(const config::Settings& settings, DigestKind kind, const Zone& zone, Instant now);

/// Queues the digests that are due, of each site, once each, where a route asks for that kind.
/// \returns how many
int queue_digests(const Work& work);

/// A digest as it went, or would have gone, to people.
struct DigestSent {
  DigestKind kind = DigestKind::daily;
  domain::Site site;
  std::optional<AlertId> alert;
  notify::Message message;  ///< in the language of the first who gets it
  std::vector<domain::Chosen> to;
};
/// Sends the digest of one site now, due or not.
/// \param to  names of recipients and groups; empty: those whom the routes of that kind lead to
/// \throws Error not_found  there is no recipient of that name
/// \throws Error usage      \p to is empty, and no route of that kind leads to anybody
DigestSent send_digest(const Work& work, const domain::Site& site, DigestKind kind, const std::vector<std::string>& to);
/// The same without anybody: only the words.
DigestSent word_digest(const Work& work, const domain::Site& site, DigestKind kind, domain::Language language);

}  // namespace visitor::app

namespace visitor::domain {
template <>
std::span<const Name<app::DigestKind>> names();  // "daily", "weekly"
}  // namespace visitor::domain
