#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "app/json_writer.hpp"
#include "app/work.hpp"
#include "core/error.hpp"
#include "domain/permission.hpp"
#include "store/edit_locks.hpp"

/// Who is editing what, so that two people do not write over each other. A lock is a lease: whoever holds it says so
/// again before it ends. Each lock that is taken or given back writes its audit and change rows.
namespace visitor::app {

using store::EditLock;
using store::EditLockId;

/// What can be locked.
inline constexpr std::array<std::string_view, 3> kEditTopics{"visit", "guest", "incident"};

/// What it takes to lock a thing of that topic.
domain::Permission permission_to_edit(std::string_view topic);

/// \param take_over  also where somebody else holds it, who learns of it when he comes back
/// \throws Error not_found  there is no such thing in scope
/// \throws Error conflict   somebody holds it; says who, since when and until when
EditLock take_lock(const Work& work, std::string_view topic, std::int64_t entity, bool take_over);
/// \throws Error not_found  there is no such lock any more, or it is somebody else's
EditLock renew_lock(const Work& work, EditLockId token);
/// The actor's own lock.
/// \throws Error not_found  the same
EditLock get_own_lock(const Work& work, EditLockId token);
/// \throws Error not_found  the same
EditLock release_lock(const Work& work, EditLockId token);
/// A write to what somebody else is editing, where [api] locks refuses such.
class LockedError : public Error {
 public:
  explicit LockedError(const EditLock& lock);
};
/// Before a write of the actor, who shows no lock.
/// \returns the lock of somebody else, where [api] locks is to warn of it
/// \throws LockedError  where it is to refuse
std::optional<EditLock> mind_lock(const Work& work, std::string_view topic, std::int64_t entity);
/// The live lock on a thing that is in scope.
std::optional<EditLock> lock_on(const Work& work, std::string_view topic, std::int64_t entity);
/// Live ones on what is in scope, oldest first.
std::vector<EditLock> list_locks(const Work& work, std::string_view topic, int limit);

void write(JsonWriter& json, const EditLock& lock);

}  // namespace visitor::app
