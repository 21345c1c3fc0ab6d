#pragma once

#include <functional>
#include <optional>

#include "app/telegram_desk.hpp"
#include "daemon/http/router.hpp"

namespace visitor::daemon {

/// What the hook needs of an instance that is open.
struct HookParts {
  config::Settings settings;  ///< those in force
  db::Pool& pool;
  const Vault& vault;
  app::Actor actor;
};

/// Where Telegram delivers updates: POST on the path of [telegram] webhook_url, if that is set.
///
/// | what comes                                 | answer                            |
/// |--------------------------------------------|-----------------------------------|
/// | an update with the secret                  | 200, and it is done               |
/// | without the secret, or with another one    | 401                               |
/// | no update                                  | 400                               |
/// | the database is not open, or does not work | 503 or 500: Telegram comes again  |
///
/// \param parts  nothing while the database is not open; called on any thread
/// \param clock  outlives the router
void add_telegram_hook(http::Router& router, const config::Settings& settings,
                       std::function<std::optional<HookParts>()> parts, const Clock& clock);

}  // namespace visitor::daemon
