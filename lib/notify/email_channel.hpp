#pragma once

#include "net/smtp.hpp"
#include "notify/channel.hpp"
#include "notify/email_message.hpp"

namespace visitor::notify {

/// What becomes of a message that a mail server did not take.
///
/// | what happened                              | outcome                                                          |
/// |--------------------------------------------|------------------------------------------------------------------|
/// | network, TLS, login, greeting, sender      | RetryAfter for the channel: no message would fare better         |
/// | 552 of the sender                          | Refused: the size is told along with the sender (RFC 1870)       |
/// | 421 anywhere                               | RetryAfter for the channel: the server is closing                |
/// | 4xx of the recipient (450, 451 greylisted) | RetryAfter for the recipient                                     |
/// | 4xx of the content                         | RetryAfter for the message                                       |
/// | x.2.2, and 552 without an enhanced code    | RetryAfter for the recipient: a full mailbox is emptied again    |
/// | other 5xx of recipient or content          | Refused                                                          |
///
/// 552 says "exceeded storage allocation" (RFC 5321 section 4.2.3), which servers use for a full mailbox (5.2.2, RFC
/// 3463 section 3.3) and for a message that is too large (5.2.3, 5.3.4), so the enhanced code decides.
Outcome email_outcome(const net::SmtpFailure& failure);

/// Whether the server would take the same message if it were smaller.
bool is_too_large(const net::SmtpFailure& failure);

/// Sends each message as a mail of its own. A recipient is an address.
///
/// Delivered::provider_id is the Message-ID. Where a mail with a photo is too large for the server, it goes without.
class EmailChannel final : public Channel {
 public:
  EmailChannel(net::SmtpOptions server, EmailSender sender);

  domain::Channel name() const override { return domain::Channel::email; }
  /// One part: the mail with its photo.
  std::vector<std::string> render(const Message& message) const override;
  Outcome send(const Message& message, std::stop_token stop) override;

 private:
  net::SmtpClient client_;
  EmailSender sender_;
};

}  // namespace visitor::notify
