#include "app/channels.hpp"

#include <array>
#include <string_view>

#include "app/telegram_desk.hpp"
#include "net/address.hpp"
#include "notify/email_channel.hpp"
#include "notify/exec_channel.hpp"
#include "notify/log_channel.hpp"
#include "notify/webhook_channel.hpp"

namespace visitor::app {
namespace {

using notify::Channel;
using Made = std::unique_ptr<Channel>;

Made make_log(const config::Settings&, const Clock&) {
  return std::make_unique<notify::LogChannel>();
}

Made make_email(const config::Settings& settings, const Clock&) {
  const auto& email = settings.email;
  if (email.server.empty()) return nullptr;
  const auto domain = email.from.substr(email.from.find('@') + 1);
  notify::EmailSender sender{email.from, email.from_name,
                             email.list_id.empty() ? "visitor-alerts." + domain : email.list_id};
  return std::make_unique<notify::EmailChannel>(smtp_options(email), std::move(sender));
}

Made make_webhooks(const config::Settings& settings, const Clock& clock) {
  if (settings.webhooks.empty()) return nullptr;
  std::vector<notify::Webhook> webhooks;
  for (const auto& given : settings.webhooks) {
    notify::Webhook webhook{given.name, given.url, given.secret.content, given.ca_file.string(), {}, given.timeout};
    for (const auto& text : given.allow)
      if (const auto network = net::Network::parse(text)) webhook.allowed.push_back(*network);
    webhooks.push_back(std::move(webhook));
  }
  return std::make_unique<notify::WebhookChannel>(std::move(webhooks), clock);
}

Made make_programs(const config::Settings& settings, const Clock&) {
  if (settings.programs.empty()) return nullptr;
  std::vector<notify::Program> programs;
  for (const auto& given : settings.programs)
    programs.push_back({given.name, given.path.string(), given.arguments, given.timeout});
  return std::make_unique<notify::ExecChannel>(std::move(programs));
}

Made make_telegram(const config::Settings& settings, const Clock& clock) {
  if (!has_telegram(settings)) return nullptr;
  return std::make_unique<notify::TelegramChannel>(telegram_api_options(settings), clock);
}

constexpr std::array kMakers{make_log, make_email, make_webhooks, make_programs, make_telegram};

}  // namespace

net::SmtpOptions smtp_options(const config::Settings::Email& email) {
  struct Way {
    std::string_view name;
    net::SmtpSecurity security;
    int port;
  };
  constexpr std::array<Way, 3> kWays{{{"starttls", net::SmtpSecurity::starttls, 587},
                                      {"tls", net::SmtpSecurity::tls, 465},
                                      {"none", net::SmtpSecurity::none, 25}}};
  net::SmtpOptions options;
  options.server = email.server;
  for (const auto& way : kWays) {
    if (way.name != email.tls) continue;
    options.security = way.security;
    options.port = static_cast<std::uint16_t>(email.port == 0 ? way.port : email.port);
  }
  options.ca_file = email.ca_file.string();
  options.user = email.user;
  options.password = email.password.content;
  options.timeout = email.timeout;
  return options;
}

std::vector<std::unique_ptr<Channel>> make_channels(const config::Settings& settings, const Clock& clock) {
  std::vector<Made> channels;
  for (const auto make : kMakers)
    if (auto made = make(settings, clock)) channels.push_back(std::move(made));
  return channels;
}

}  // namespace visitor::app
