#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/instant.hpp"
#include "db/transaction.hpp"
#include "domain/access_event.hpp"
#include "domain/scope.hpp"

namespace visitor::store {

/// What terminals took of events that raised incidents: JPEG, one for each event.
class EventPictures {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{2} << 20;

  EventPictures(db::Transaction& tx, const domain::Scope& scope) : tx_(tx), scope_(scope) {}

  /// \param jpeg  up to kMostBytes
  /// \returns whether the event had none before
  bool add(const domain::EventKey& event, std::span<const std::byte> jpeg, Instant now);
  /// Of the event that raised the incident.
  std::optional<std::vector<std::byte>> of(IncidentId incident);

 private:
  db::Transaction& tx_;
  domain::Scope scope_;
};

}  // namespace visitor::store
