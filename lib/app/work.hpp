#pragma once

#include <optional>
#include <string>

#include "config/settings.hpp"
#include "core/ids.hpp"
#include "core/instant.hpp"
#include "db/transaction.hpp"
#include "domain/fold.hpp"

namespace visitor::app {

/// Who does something. Every write names one in its audit row.
struct Actor {
  AccountId account;
  std::string login;
  domain::ActionHow how = domain::ActionHow::person;
};

/// What every use case is handed: an open transaction (its holder commits), who acts, what time it is, the settings.
struct Work {
  db::Transaction& tx;
  const Actor& actor;
  Instant now;
  const config::Settings& settings;
};

/// The account of that login, made if it is missing: the operating system's user for visitorctl ("kind" person), and
/// "system" for the daemon.
Actor ensure_actor(db::Transaction& tx, const std::string& login, domain::ActionHow how, Instant now);

/// [visits] as the fold wants it.
domain::FoldSettings fold_settings(const config::Settings& settings);

}  // namespace visitor::app
