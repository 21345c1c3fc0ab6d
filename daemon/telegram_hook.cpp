#include "daemon/telegram_hook.hpp"

#include <utility>

#include "notify/telegram_updates.hpp"

namespace visitor::daemon {
namespace {

constexpr std::string_view kSecretHeader = "X-Telegram-Bot-Api-Secret-Token";

}  // namespace

void add_telegram_hook(http::Router& router, const config::Settings& settings,
                       std::function<std::optional<HookParts>()> parts, const Clock& clock) {
  const auto path = app::telegram_webhook_path(settings);
  if (path.empty() || !app::has_telegram(settings)) return;
  router.add("POST", path, http::Where::worker, [parts = std::move(parts), &clock](const http::Request& request) {
    const auto open = parts();
    if (!open) return http::error_response(503, "the database is not open yet");
    const auto bot = app::telegram_bot_id(open->settings);
    if (!app::is_telegram_webhook_secret(open->vault, bot, request.header(kSecretHeader)))
      return http::error_response(401, "the secret is missing or wrong");
    const auto update = notify::read_telegram_update(request.body);
    if (!update) return http::error_response(400, "the body is no update");
    app::take_telegram_update(open->pool, open->settings, open->vault, open->actor, clock, {bot, ""}, *update);
    http::Response response;
    response.body = "ok\n";
    return response;
  });
}

}  // namespace visitor::daemon
