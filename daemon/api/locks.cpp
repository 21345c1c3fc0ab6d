#include <fmt/format.h>

#include "app/edit_locks.hpp"
#include "daemon/api/listing.hpp"
#include "daemon/api/resources.hpp"

namespace visitor::api {
namespace {

using domain::Permission;

constexpr int kMost = 1'000;

/// The work of the caller on things of that topic.
/// \throws Refusal denied  there is none that the caller may edit
app::Work work_on(const Call& call, std::string_view topic) {
  const auto permission = app::permission_to_edit(topic);
  auto scope = call.caller.principal.scope_for(permission);
  if (!scope)
    throw Refusal(Problem::denied, fmt::format("{} may not edit a {}: it takes {}", call.caller.principal.login(),
                                               topic, domain::name(permission)));
  return {call.work.tx, call.work.actor, call.work.now, call.work.settings, *std::move(scope)};
}

std::vector<std::string> topics() {
  return {app::kEditTopics.begin(), app::kEditTopics.end()};
}

Answer list_locks(const Call& call) {
  std::vector<app::EditLock> all;
  for (const auto topic : app::kEditTopics) {
    if (call.query.text_or("topic", std::string{topic}) != topic) continue;
    if (!call.caller.principal.may(app::permission_to_edit(topic))) continue;
    for (auto& lock : app::list_locks(work_on(call, topic), topic, kMost)) all.push_back(std::move(lock));
  }
  return page_of(call, std::move(all));
}

Answer take_lock(const Call& call) {
  const auto topic = call.body.text_or("topic");
  const auto id = *call.body.number("id");
  const auto work = work_on(call, topic);
  const bool take_over = call.body.yes("take_over");
  if (take_over && !call.caller.principal.may(Permission::lock_take_over)) {
    const auto held = app::lock_on(work, topic, id);
    if (held && held->account != work.actor.account)
      throw Refusal(Problem::denied,
                    fmt::format("{} may not take over what {} is editing: it takes {}", call.caller.principal.login(),
                                held->login, domain::name(Permission::lock_take_over)));
  }
  const auto lock = app::take_lock(work, topic, id, take_over);
  auto answer = one(call, lock);
  answer.status = 201;
  return answer;
}

Answer get_lock(const Call& call) {
  return one(call, app::get_own_lock(call.work, call.id<store::EditLockTag>()));
}

}  // namespace

void add_locks(Table& table) {
  table.add({"Lock",
             {number("token", "Its number, for Lock-Token; grows with every lock that is taken", 1),
              word("topic", "What kind of thing", topics()), id("id", "Number of the thing"),
              text("holder", "Login of who is editing it"), moment("taken_at", "Since when"),
              moment("ends_at", "Until when, unless it is renewed")}});
  table.add({.path = "/locks/",
             .name = "list_locks",
             .summary = "Who is editing what, of what the caller may edit",
             .own = true,
             .query = {word("topic", "Things of this kind", topics())},
             .answer = "Lock",
             .paging = Paging::pages,
             .run = list_locks});
  table.add(
      {.method = "POST",
       .path = "/locks/",
       .name = "take_lock",
       .summary = "Say that one is editing a thing, for [api] lock_lease; [api] locks says what becomes of the "
                  "writes of others",
       .own = true,
       .body = {required(word("topic", "What kind of thing", topics())), required(id("id", "Number of the thing")),
                yes_or_no("take_over", "Also where somebody else holds it: that takes lock.take_over")},
       .answer = "Lock",
       .conflicts = true,
       .status = 201,
       .run = take_lock});
  table.add({.path = "/locks/{id}/",
             .name = "get_lock",
             .summary = "One's own lock, by its token; 404 where somebody has taken it over",
             .own = true,
             .answer = "Lock",
             .run = get_lock});
  table.add(
      {.method = "POST",
       .path = "/locks/{id}/renew/",
       .name = "renew_lock",
       .summary = "Say that one is still editing; 404 where somebody has taken the lock over",
       .own = true,
       .answer = "Lock",
       .if_match = IfMatch::may,
       .current = get_lock,
       .run = [](const Call& call) { return one(call, app::renew_lock(call.work, call.id<store::EditLockTag>())); }});
  table.add(
      {.method = "DELETE",
       .path = "/locks/{id}/",
       .name = "release_lock",
       .summary = "Say that one is done",
       .own = true,
       .answer = "Lock",
       .if_match = IfMatch::may,
       .current = get_lock,
       .run = [](const Call& call) { return one(call, app::release_lock(call.work, call.id<store::EditLockTag>())); }});
}

}  // namespace visitor::api
