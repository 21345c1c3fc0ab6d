#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/journal.hpp"
#include "app/work.hpp"
#include "support/database.hpp"
#include "support/has_code.hpp"
#include "support/house.hpp"
#include "support/manual_clock.hpp"

namespace visitor::test {

/// Fixture: a house, and somebody at work in it at 2026-09-01T08:30Z. Rolled back after the test.
struct AtWork : RolledBack {
  config::Settings settings;
  House house = House::build(tx);
  app::Actor actor = app::ensure_actor(tx, "reception", domain::ActionHow::person, today_at("06:00"));
  Vault vault = test_vault();

  app::Work work(std::string_view clock = "08:30") {
    return {tx, actor, today_at(clock), settings, domain::Scope::everything()};
  }

  /// What the actor is on record for, of this thing, oldest first: "create", "update" …
  template <class Tag>
  std::vector<std::string> audited(std::string_view topic, Id<Tag> entity) {
    app::AuditFilter filter;
    filter.account = actor.account;
    filter.topic = topic;
    filter.entity = entity.value;
    std::vector<std::string> actions;
    for (const auto& record : app::list_audit(work(), filter))
      actions.insert(actions.begin(), std::string{domain::name(record.action)});
    return actions;
  }
};

}  // namespace visitor::test
