#include "app/account_names.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace visitor::app {

store::Account get_account(const Work& work, std::string_view login) {
  if (auto account = store::Accounts{work.tx}.find_by_login(login)) return *std::move(account);
  throw Error(Errc::not_found, fmt::format("there is no account '{}'", login),
              "Run 'visitorctl user list' to see them.");
}

}  // namespace visitor::app
