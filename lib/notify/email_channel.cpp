#include "notify/email_channel.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/mail_address.hpp"
#include "core/text.hpp"

namespace visitor::notify {
namespace {

using net::SmtpStage;
using Scope = RetryAfter::Scope;
using namespace std::chrono_literals;

// A server that asks to come back later, greylists or is full does not change its mind within seconds; what a person
// has to mend takes longer still.
constexpr std::chrono::milliseconds kLater = 1min;
constexpr std::chrono::milliseconds kUntilMended = 5min;
constexpr std::chrono::milliseconds kUntilEmptied = 15min;

bool is_full_mailbox(const net::SmtpFailure& failure) {
  return failure.enhanced.ends_with(".2.2") || (failure.code == 552 && failure.enhanced.empty());
}

}  // namespace

bool is_too_large(const net::SmtpFailure& failure) {
  const bool told_size = failure.stage == SmtpStage::sender || failure.stage == SmtpStage::content;
  return failure.enhanced == "5.2.3" || failure.enhanced == "5.3.4" ||
         (failure.code == 552 && failure.enhanced.empty() && told_size);
}

Outcome email_outcome(const net::SmtpFailure& failure) {
  const auto later = [&](std::chrono::milliseconds wait, Scope scope) {
    RetryAfter out{wait, failure.message, scope};
    out.in_doubt = failure.in_doubt;
    return out;
  };
  if (failure.interrupted) return later(0ms, Scope::message);
  const bool of_message = failure.stage == SmtpStage::recipient || failure.stage == SmtpStage::content;
  if (failure.code == 0) return later(0ms, Scope::channel);
  if (failure.code == 421) return later(kLater, Scope::channel);
  if (failure.stage == SmtpStage::sender && is_too_large(failure)) return Refused{failure.message};
  if (!of_message) return later(failure.code >= 500 ? kUntilMended : kLater, Scope::channel);
  if (is_full_mailbox(failure)) return later(kUntilEmptied, Scope::recipient);
  if (failure.code >= 500) return Refused{failure.message};
  return later(kLater, failure.stage == SmtpStage::recipient ? Scope::recipient : Scope::message);
}

EmailChannel::EmailChannel(net::SmtpOptions server, EmailSender sender)
    : client_(std::move(server)), sender_(std::move(sender)) {}

std::vector<std::string> EmailChannel::render(const Message& message) const {
  return {email_message(message, sender_, true)};
}

Outcome EmailChannel::send(const Message& message, std::stop_token stop) {
  if (!is_mail_address(message.recipient))
    return Refused{fmt::format("{} is not an address that mail can go to",
                               json_quote(shortened(printable(message.recipient), 100)))};
  try {
    const auto attempt = [&](bool with_photo) {
      return client_.send({sender_.address, message.recipient, email_message(message, sender_, with_photo)}, stop);
    };
    auto result = attempt(true);
    if (const auto* failure = std::get_if<net::SmtpFailure>(&result);
        failure != nullptr && message.photo && is_too_large(*failure))
      result = attempt(false);
    if (const auto* failure = std::get_if<net::SmtpFailure>(&result)) return email_outcome(*failure);
    log::info("email: delivery {} was taken: {}", message.delivery.value, std::get<net::SmtpAccepted>(result).reply);
    return Delivered{email_id(message, sender_)};
  } catch (const Error& error) {
    // No libcurl: mending that needs a person, and the message need not know.
    return RetryAfter{kUntilMended, error.message(), Scope::channel};
  }
}

}  // namespace visitor::notify
