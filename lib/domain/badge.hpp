#pragma once

#include <optional>
#include <string>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "domain/names.hpp"

namespace visitor::domain {

using BadgeId = Id<struct BadgeTag>;

enum class BadgeFormat { pdf, png, zpl };

/// Where a badge is on its way to paper. A badge that was handed out as a file is `completed` from the beginning.
enum class BadgeState {
  queued,     ///< to be given to the printer's queue
  sent,       ///< the queue has taken it
  completed,  ///< the printer says that it was printed
  failed      ///< the queue refused it, or it was cancelled there
};

/// What a token is worth.
enum class BadgeVerdict {
  valid,
  forged,      ///< not signed by this installation for a badge, or changed since
  expired,     ///< its time is over
  revoked,     ///< the visit is over or was cancelled
  superseded,  ///< another badge was printed for the same visit
  unknown      ///< signed here, but no such badge is on record
};

/// One print of a badge; each has a token of its own.
struct Badge {
  BadgeId id;
  VisitId visit;
  int print = 1;  ///< 1, 2 …: the first of the visit, the first reprint …
  BadgeFormat format = BadgeFormat::pdf;
  std::string printer;  ///< empty: handed out as a file
  Instant printed_at;
  Instant expires_at;
  BadgeState state = BadgeState::queued;
  Instant state_at;
  std::string queue_job;  ///< "FRONTDESK-17", once it is sent
  std::string problem;    ///< why it failed
  std::string login;      ///< who printed it; empty where there is no account
};

template <>
std::span<const Name<BadgeFormat>> names();
template <>
std::span<const Name<BadgeState>> names();
template <>
std::span<const Name<BadgeVerdict>> names();

}  // namespace visitor::domain
