#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/instant.hpp"
#include "domain/language.hpp"
#include "notify/email_message.hpp"

namespace visitor::notify {

/// A file of a mail.
struct AttachedFile {
  std::string name;          ///< letters, digits, ".", "-" and "_"
  std::string content_type;  ///< "application/pdf"
  std::string bytes;
};

/// A mail with files, to one person.
struct FileMail {
  std::string to;  ///< as is_mail_address() has it
  /// What tells it from all others: letters, digits, ".", "-" and "_". The same at every attempt.
  std::string key;
  domain::Language language = domain::Language::english;
  Instant created_at;
  std::string subject;
  std::string text;  ///< any length, may have lines
  std::vector<AttachedFile> files;
};

/// The whole mail, as email_message() makes it: the text, then the files as attachments, in base64.
std::string file_mail(const FileMail& mail, const EmailSender& sender);

}  // namespace visitor::notify
