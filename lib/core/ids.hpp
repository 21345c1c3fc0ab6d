#pragma once

#include <fmt/format.h>

#include <compare>
#include <cstdint>
#include <functional>

namespace visitor {

/// A database identity that cannot be mistaken for another one. Positive; 0 is "none yet" and never stored.
template <class Tag>
struct Id {
  std::int64_t value = 0;

  auto operator<=>(const Id&) const = default;
  explicit operator bool() const { return value != 0; }
};

using SiteId = Id<struct SiteTag>;
using DepartmentId = Id<struct DepartmentTag>;
using HostId = Id<struct HostTag>;
using GuestId = Id<struct GuestTag>;
using VisitId = Id<struct VisitTag>;
using TerminalId = Id<struct TerminalTag>;
using DoorId = Id<struct DoorTag>;
using CredentialId = Id<struct CredentialTag>;
using EventId = Id<struct EventTag>;
using IncidentId = Id<struct IncidentTag>;
using AlertId = Id<struct AlertTag>;
using DeliveryId = Id<struct DeliveryTag>;
using AccountId = Id<struct AccountTag>;
using ChangeId = Id<struct ChangeTag>;

}  // namespace visitor

template <class Tag>
struct fmt::formatter<visitor::Id<Tag>> : fmt::formatter<std::int64_t> {
  auto format(visitor::Id<Tag> id, fmt::format_context& out) const {
    return fmt::formatter<std::int64_t>::format(id.value, out);
  }
};

template <class Tag>
struct std::hash<visitor::Id<Tag>> {
  std::size_t operator()(visitor::Id<Tag> id) const noexcept { return std::hash<std::int64_t>{}(id.value); }
};
