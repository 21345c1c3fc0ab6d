#pragma once

#include <optional>
#include <string>

#include "config/settings.hpp"
#include "core/ids.hpp"
#include "core/instant.hpp"
#include "db/transaction.hpp"
#include "domain/audit.hpp"
#include "domain/fold.hpp"
#include "domain/scope.hpp"

namespace visitor::app {

/// Who does something. Every write names one in its audit row.
struct Actor {
  AccountId account;
  std::string login;
  domain::ActionHow how = domain::ActionHow::person;
  domain::Origin origin = {};
};

/// What every use case is handed: an open transaction (its holder commits), who acts, what time it is, the settings,
/// and where.
///
/// The scope is that of the right which the caller is using (domain::Principal::scope_for): what lies outside of it
/// does not exist for the use case, and nothing can be made or moved there. The command line and the daemon's own work
/// say Scope::everything(). What must look at all facts whoever acts (the fold, rules, routing) says so, too.
struct Work {
  db::Transaction& tx;
  const Actor& actor;
  Instant now;
  const config::Settings& settings;
  domain::Scope scope;
};

/// The account of that login, made if it is missing: the operating system's user for visitorctl ("kind" person), and
/// "system" for the daemon.
Actor ensure_actor(db::Transaction& tx, const std::string& login, domain::ActionHow how, Instant now,
                   domain::Origin origin = {});

/// Where something is made, moved or changed that others in the scope of \p work may see but not touch: a site by who
/// has one of its departments, a visit by who has another host. \throws Error denied  what belongs to these is not in
/// the scope
void require_scope(const Work& work, SiteId site, std::optional<DepartmentId> department = {},
                   std::optional<HostId> host = {});

/// [visits] as the fold wants it.
domain::FoldSettings fold_settings(const config::Settings& settings);

}  // namespace visitor::app
