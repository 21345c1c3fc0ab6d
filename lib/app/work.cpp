#include "app/work.hpp"

#include "store/accounts.hpp"

namespace visitor::app {

Actor ensure_actor(db::Transaction& tx, const std::string& login, domain::ActionHow how, Instant now) {
  const bool system = how == domain::ActionHow::automatic;
  auto account = store::Accounts{tx}.ensure(login, system, now);
  return {account.id, std::move(account.login), how};
}

domain::FoldSettings fold_settings(const config::Settings& settings) {
  return {settings.visits.reentry_grace, settings.visits.early_arrival};
}

}  // namespace visitor::app
