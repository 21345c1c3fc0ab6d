#include "app/work.hpp"

#include "core/error.hpp"
#include "store/accounts.hpp"

namespace visitor::app {

Actor ensure_actor(db::Transaction& tx, const std::string& login, domain::ActionHow how, Instant now,
                   domain::Origin origin) {
  const bool system = how == domain::ActionHow::automatic;
  auto account = store::Accounts{tx}.ensure(login, system, now);
  return {account.id, std::move(account.login), how, std::move(origin)};
}

void require_scope(const Work& work, SiteId site, std::optional<DepartmentId> department, std::optional<HostId> host) {
  if (!work.scope.holds(site, department, host))
    throw Error(Errc::denied, "that lies outside of what your role is granted on",
                "Ask an administrator for a role on the site or the department.");
}

domain::FoldSettings fold_settings(const config::Settings& settings) {
  return {settings.visits.reentry_grace, settings.visits.early_arrival};
}

}  // namespace visitor::app
