#pragma once

#include <utility>

#include "app/remote/house.hpp"
#include "app/work.hpp"
#include "cli/session.hpp"
#include "db/transaction.hpp"

/// A command that is written once, for the database of this machine and for a visitord elsewhere: it does its work in a
/// generic function, which is handed app::Work or app::RemoteHouse. Every function of app that it calls is there for
/// both (app/remote/).
namespace visitor::cli {

/// Looks at one moment of the database; elsewhere each request has its own.
/// \returns what \p use returns
template <class Use>
auto read_house(Session& session, Use&& use) {
  if (auto* house = session.remote()) return use(*house);
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  return use(work);
}

/// Changes something in one transaction, which is committed unless this is a dry run; elsewhere each request is one.
/// \returns what \p use returns: a value
template <class Use>
auto change_house(Session& session, bool dry_run, Use&& use) {
  if (auto* house = session.remote()) {
    house->try_only(dry_run);
    return use(*house);
  }
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  auto result = use(work);
  if (!dry_run) tx.commit();
  return result;
}

/// What seals documents: the master key, or whoever has it.
inline const Vault& vault_of(Session& session, const app::Work&) {
  return session.vault();
}
inline app::TheirVault vault_of(Session&, app::RemoteHouse&) {
  return {};
}

}  // namespace visitor::cli
