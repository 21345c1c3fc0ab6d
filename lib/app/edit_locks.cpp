#include "app/edit_locks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/details.hpp"
#include "app/journal.hpp"
#include "store/guests.hpp"
#include "store/incidents.hpp"
#include "store/visits.hpp"

namespace visitor::app {
namespace {

constexpr std::string_view kTopic = "edit_lock";

thread_local WrittenPast* innermost = nullptr;

bool is_there(const Work& work, std::string_view topic, std::int64_t entity) {
  if (topic == kEditTopics[0]) return store::Visits{work.tx, work.scope}.find(VisitId{entity}).has_value();
  if (topic == kEditTopics[1]) return store::Guests{work.tx, work.scope}.find(GuestId{entity}).has_value();
  return store::Incidents{work.tx, work.scope}.find(IncidentId{entity}).has_value();
}

void record(const Work& work, const EditLock& lock, domain::AuditAction action, std::string_view taken_from = {}) {
  auto entries = journal(work);
  Details details;
  details.add("topic", std::string_view{lock.topic}).add("entity", lock.entity);
  if (!taken_from.empty()) details.add("taken_from", taken_from);
  entries.audit(action, kTopic, lock.token, details.json());
  entries.change(kTopic, lock.token, 1);
}

Error gone(EditLockId token) {
  return {Errc::not_found, fmt::format("lock {} is over, or it is somebody else's", token),
          "Read the thing again, and take a new lock."};
}

}  // namespace

domain::Permission permission_to_edit(std::string_view topic) {
  if (topic == kEditTopics[0]) return domain::Permission::visit_edit;
  return topic == kEditTopics[1] ? domain::Permission::guest_edit : domain::Permission::incident_settle;
}

EditLock take_lock(const Work& work, std::string_view topic, std::int64_t entity, bool take_over) {
  if (!is_there(work, topic, entity)) throw Error(Errc::not_found, fmt::format("{} {} does not exist", topic, entity));
  store::EditLocks locks{work.tx};
  const auto before = locks.find_on(topic, entity);
  const auto lock =
      locks.take(topic, entity, work.actor.account, take_over, work.now, work.now + work.settings.api.lock_lease);
  if (!lock) {
    const auto holder = locks.find_on(topic, entity);
    throw Error(Errc::conflict,
                fmt::format("{} has been editing {} {} since {}, and holds it until {}",
                            holder ? holder->login : "somebody", topic, entity,
                            holder ? to_iso(holder->taken_at) : "just now", holder ? to_iso(holder->ends_at) : "later"),
                "Wait, or take the lock over with take_over.");
  }
  const bool taken = before && before->live(work.now);
  record(work, *lock, domain::AuditAction::create, taken ? std::string_view{before->login} : std::string_view{});
  return *lock;
}

EditLock renew_lock(const Work& work, EditLockId token) {
  store::EditLocks locks{work.tx};
  if (!locks.renew(token, work.actor.account, work.now + work.settings.api.lock_lease)) throw gone(token);
  return *locks.find(token);
}

EditLock get_own_lock(const Work& work, EditLockId token) {
  auto lock = store::EditLocks{work.tx}.find(token);
  if (!lock || lock->account != work.actor.account) throw gone(token);
  return *std::move(lock);
}

EditLock release_lock(const Work& work, EditLockId token) {
  auto lock = get_own_lock(work, token);
  if (!store::EditLocks{work.tx}.release(token, work.actor.account)) throw gone(token);
  record(work, lock, domain::AuditAction::remove);
  return lock;
}

LockedError::LockedError(EditLock lock)
    : Error(Errc::conflict,
            fmt::format("{} is editing {} {} until {}", lock.login, lock.topic, lock.entity, to_iso(lock.ends_at)),
            "Wait until then, or ask whoever it is; over the API a lock can be taken over."),
      lock_(std::move(lock)) {}

WrittenPast::WrittenPast() : outer_(std::exchange(innermost, this)) {}

WrittenPast::~WrittenPast() {
  innermost = outer_;
}

void WrittenPast::add(EditLock lock) {
  if (std::none_of(locks_.begin(), locks_.end(), [&](const EditLock& known) { return known.token == lock.token; }))
    locks_.push_back(std::move(lock));
}

void mind_lock(const Work& work, std::string_view topic, std::int64_t entity) {
  if (work.actor.how == domain::ActionHow::automatic) return;
  auto lock = lock_on(work, topic, entity);
  if (!lock || lock->account == work.actor.account) return;
  if (work.settings.api.locks == "refuse") throw LockedError(*std::move(lock));
  if (innermost != nullptr) innermost->add(*std::move(lock));
}

std::optional<EditLock> lock_on(const Work& work, std::string_view topic, std::int64_t entity) {
  auto lock = store::EditLocks{work.tx}.find_on(topic, entity);
  if (lock && (!lock->live(work.now) || !is_there(work, topic, entity))) lock.reset();
  return lock;
}

std::vector<EditLock> list_locks(const Work& work, std::string_view topic, int limit) {
  auto locks = store::EditLocks{work.tx}.list(work.now, limit);
  std::erase_if(locks,
                [&](const EditLock& lock) { return lock.topic != topic || !is_there(work, topic, lock.entity); });
  return locks;
}

void write(JsonWriter& json, const EditLock& lock) {
  json.begin_object().member("token", lock.token).member("topic", std::string_view{lock.topic});
  json.member("id", lock.entity).member("holder", std::string_view{lock.login});
  json.member("taken_at", lock.taken_at).member("ends_at", lock.ends_at).end();
}

}  // namespace visitor::app
