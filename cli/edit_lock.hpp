#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "app/work.hpp"
#include "cli/session.hpp"
#include "store/journal.hpp"

namespace visitor::cli {

/// Before a write to a visit, guest or incident: says who is editing it in a browser or another program, or refuses, as
/// [api] locks has it.
/// \throws Error conflict
void mind_lock(Session& session, const app::Work& work, std::string_view topic, std::int64_t id);
/// \param house  an app::Work; over the API the other side minds its locks itself
template <class House, class Tag>
void mind_lock(Session& session, const House& house, std::string_view topic, Id<Tag> id) {
  if constexpr (std::is_same_v<House, app::Work>) mind_lock(session, house, topic, id.value);
}

}  // namespace visitor::cli
