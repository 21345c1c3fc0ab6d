#pragma once

#include <string>

#include "notify/message.hpp"

namespace visitor::notify {

/// Who writes.
struct EmailSender {
  std::string address;  ///< as is_mail_address() has it
  std::string name;
  std::string list_id;  ///< as is_host_name() has it
};

/// The Message-ID of \p message with its angle brackets: the same at every attempt.
std::string email_id(const Message& message, const EmailSender& sender);

/// The whole mail, header and body, for SMTP: ASCII with CRLF line ends, lines of 998 bytes at most.
///
/// multipart/alternative: the text, and the same as HTML, with the photo in it. In-Reply-To and References lead to what
/// Message::replaces names and to an id that stands for Message::thread, so that mail programs show one conversation.
/// Auto-Submitted keeps out-of-office notices away. A pure function: the boundary comes from the message.
/// \param message  its recipient is an address as is_mail_address() has it
std::string email_message(const Message& message, const EmailSender& sender, bool with_photo);

}  // namespace visitor::notify
