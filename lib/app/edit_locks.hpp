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
  explicit LockedError(EditLock lock);
  const EditLock& lock() const { return lock_; }

 private:
  EditLock lock_;
};
/// The locks of others that use cases wrote past on this thread while it was the innermost one: whoever answers the
/// person makes one before the work, and tells of them after it.
class WrittenPast {
 public:
  WrittenPast();
  ~WrittenPast();
  WrittenPast(const WrittenPast&) = delete;
  WrittenPast& operator=(const WrittenPast&) = delete;

  /// Each lock once, in the order in which they were met.
  const std::vector<EditLock>& locks() const { return locks_; }
  /// Before the work begins anew.
  void clear() { locks_.clear(); }

 private:
  friend void mind_lock(const Work& work, std::string_view topic, std::int64_t entity);
  void add(EditLock lock);

  std::vector<EditLock> locks_;
  WrittenPast* outer_;
};

/// Before a person, or a key, writes to a visit, guest or incident: every use case that does so begins with this, so
/// that one rule holds for the command line, the API and Telegram. The daemon's own work waits for nobody. Where
/// somebody else holds a lock, and [api] locks is to warn of it, WrittenPast has it.
/// \throws LockedError  where it is to refuse
void mind_lock(const Work& work, std::string_view topic, std::int64_t entity);
template <class Tag>
void mind_lock(const Work& work, std::string_view topic, Id<Tag> entity) {
  mind_lock(work, topic, entity.value);
}
/// The live lock on a thing that is in scope.
std::optional<EditLock> lock_on(const Work& work, std::string_view topic, std::int64_t entity);
/// Live ones on what is in scope, oldest first.
std::vector<EditLock> list_locks(const Work& work, std::string_view topic, int limit);

void write(JsonWriter& json, const EditLock& lock);

}  // namespace visitor::app
