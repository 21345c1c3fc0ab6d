#include "notify/file_mail.hpp"

#include <fmt/format.h>

#include "notify/email_header.hpp"

namespace visitor::notify {

std::string file_mail(const FileMail& mail, const EmailSender& sender) {
  // Neither quoted-printable nor base64 holds "=_", so that nothing can end a part.
  const auto boundary = fmt::format("=_visitor-{}", mail.key);
  const auto domain = std::string_view{sender.address}.substr(sender.address.find('@') + 1);

  auto out = address_header("From", sender.name, sender.address);
  out += address_header("To", "", mail.to);
  out += text_header("Subject", mail.subject);
  out += words_header("Date", {mail_date(mail.created_at)});
  out += words_header("Message-ID", {fmt::format("<{}.visitor@{}>", mail.key, domain)});
  out += "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n";
  out += fmt::format("Content-Language: {}\r\nMIME-Version: 1.0\r\n", domain::name(mail.language));
  out += words_header("Content-Type", {"multipart/mixed;", fmt::format("boundary=\"{}\"", boundary)});
  out += fmt::format(
      "\r\n--{}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
      "quoted-printable\r\n\r\n{}\r\n",
      boundary, quoted_printable(mail.text));
  for (const auto& file : mail.files) {
    out += fmt::format("--{}\r\n", boundary);
    out += words_header("Content-Type", {file.content_type + ";", fmt::format("name=\"{}\"", file.name)});
    out += words_header("Content-Disposition", {"attachment;", fmt::format("filename=\"{}\"", file.name)});
    out += "Content-Transfer-Encoding: base64\r\n\r\n";
    out += base64_lines(file.bytes);
  }
  return out + fmt::format("--{}--\r\n", boundary);
}

}  // namespace visitor::notify
