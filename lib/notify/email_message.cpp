#include "notify/email_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/markup.hpp"
#include "core/text.hpp"
#include "notify/delivery_key.hpp"
#include "notify/email_header.hpp"
#include "notify/texts.hpp"

namespace visitor::notify {
namespace {

std::string_view domain_of(const EmailSender& sender) {
  const std::string_view address = sender.address;
  return address.substr(address.find('@') + 1);
}

/// The id that every message of a conversation refers to. No message has it.
std::string thread_id(const Message& message, const EmailSender& sender) {
  return fmt::format("<{}.visitor@{}>", message.thread, domain_of(sender));
}

/// Letters, digits and what else ids of ours have: whatever came from elsewhere stays out of the header.
bool is_plain(std::string_view text, std::string_view others) {
  constexpr std::size_t kLongest = 300;
  return !text.empty() && text.size() < kLongest && std::ranges::all_of(text, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || others.find(c) != others.npos;
  });
}

bool is_thread(std::string_view text) {
  return is_plain(text, ".-_");
}

bool is_message_id(std::string_view text) {
  return text.size() > 2 && text.front() == '<' && text.back() == '>' &&
         is_plain(text.substr(1, text.size() - 2), ".-_@");
}

/// Line feeds alone, and well-formed.
std::string clean_lines(const std::string& text) {
  auto clean = clean_utf8(text);
  for (auto at = clean.find("\r\n"); at != std::string::npos; at = clean.find("\r\n", at)) clean.erase(at, 1);
  std::ranges::replace(clean, '\r', '\n');
  return clean;
}

/// Further lines of a value are set in, so that none of them looks like another fact.
std::string set_in(const std::string& value) {
  std::string out;
  for (const char c : clean_lines(value)) {
    out += c;
    if (c == '\n') out += "    ";
  }
  return out;
}

std::string plain_text(const Message& message) {
  std::string out = set_in(message.subject) + "\n\n";
  if (message.possibly_repeated) out += fmt::format("{}\n\n", phrase(Phrase::possibly_repeated, message.language));
  for (const auto& fact : message.facts) out += fmt::format("{}: {}\n", set_in(fact.label), set_in(fact.value));
  if (!message.facts.empty()) out += '\n';
  if (!message.text.empty()) out += clean_lines(message.text) + "\n\n";
  if (!message.link.empty()) out += set_in(message.link) + "\n";
  return out;
}

/// \p text as HTML shows it: what HTML does not allow is U+FFFD, and a direction that is left open ends with its value.
std::string html_text(const std::string& text) {
  std::string out = "<bdi>";
  for (const char c : escape_markup(clean_lines(text))) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n')
      out += "<br>\n";
    else if (byte < 0x20 ? c != '\t' : byte == 0x7f)
      out += "\xEF\xBF\xBD";
    else
      out += c;
  }
  return out + "</bdi>";
}

std::string html(const Message& message, bool with_photo) {
  auto out =
      fmt::format("<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"></head>\n<body>\n<h3>{}</h3>\n",
                  domain::name(message.language), html_text(message.subject));
  if (message.possibly_repeated)
    out += fmt::format("<p><i>{}</i></p>\n", phrase(Phrase::possibly_repeated, message.language));
  if (!message.facts.empty()) {
    out += "<table>\n";
    for (const auto& fact : message.facts)
      out += fmt::format("<tr><th align=\"left\" valign=\"top\">{}</th><td>{}</td></tr>\n", html_text(fact.label),
                         html_text(fact.value));
    out += "</table>\n";
  }
  if (!message.text.empty()) out += fmt::format("<p>{}</p>\n", html_text(message.text));
  // Only what a browser opens as a page becomes a link.
  const bool page = (message.link.starts_with("https://") || message.link.starts_with("http://")) &&
                    std::ranges::all_of(message.link, [](char c) { return c > ' ' && c < 0x7f; });
  const auto shown = html_text(message.link);
  if (!message.link.empty() && page) {
    constexpr std::string_view kOpen = "<bdi>";
    constexpr std::string_view kClose = "</bdi>";
    const auto target = shown.substr(kOpen.size(), shown.size() - kOpen.size() - kClose.size());
    out += fmt::format("<p><a href=\"{}\">{}</a></p>\n", target, shown);
  } else if (!message.link.empty()) {
    out += fmt::format("<p>{}</p>\n", shown);
  }
  if (with_photo) out += "<p><img src=\"cid:photo\" alt=\"\"></p>\n";
  return out + "</body></html>\n";
}

std::string part(std::string_view type, std::string_view text) {
  return fmt::format("Content-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n",
                     type, quoted_printable(text));
}

bool is_image(const Photo& photo) {
  return photo.content_type == "image/jpeg" || photo.content_type == "image/png";
}

}  // namespace

std::string email_id(const Message& message, const EmailSender& sender) {
  return fmt::format("<{}.visitor@{}>", delivery_key(message), domain_of(sender));
}

std::string email_message(const Message& message, const EmailSender& sender, bool with_photo) {
  with_photo = with_photo && message.photo && is_image(*message.photo);
  // Quoted-printable holds no "=_", so that no text can end a part.
  const auto boundary = fmt::format("=_visitor-{}", delivery_key(message));
  const auto inner = fmt::format("=_photo-{}", delivery_key(message));

  auto out = address_header("From", sender.name, sender.address);
  out += address_header("To", "", message.recipient);
  out += text_header("Subject", message.subject);
  out += words_header("Date", {mail_date(message.created_at)});
  out += words_header("Message-ID", {email_id(message, sender)});
  const bool in_thread = is_thread(message.thread);
  const bool in_reply = is_message_id(message.replaces);
  const auto root = thread_id(message, sender);
  if (in_thread || in_reply) out += words_header("In-Reply-To", {in_reply ? message.replaces : root});
  if (in_thread && in_reply)
    out += words_header("References", {root, message.replaces});
  else if (in_thread || in_reply)
    out += words_header("References", {in_reply ? message.replaces : root});
  out += words_header("List-Id", {"Visitor", "alerts", fmt::format("<{}>", sender.list_id)});
  out += "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n";
  if (message.severity >= domain::Severity::high) out += "Importance: high\r\n";
  out += fmt::format("Content-Language: {}\r\nMIME-Version: 1.0\r\n", domain::name(message.language));
  out += words_header("Content-Type", {"multipart/alternative;", fmt::format("boundary=\"{}\"", boundary)});

  out += fmt::format("\r\n--{}\r\n{}--{}\r\n", boundary, part("text/plain", plain_text(message)), boundary);
  if (with_photo) {
    out += words_header("Content-Type",
                        {"multipart/related;", "type=\"text/html\";", fmt::format("boundary=\"{}\"", inner)});
    out += fmt::format("\r\n--{}\r\n{}--{}\r\n", inner, part("text/html", html(message, true)), inner);
    out += fmt::format(
        "Content-Type: {}\r\nContent-ID: <photo>\r\nContent-Disposition: inline; filename=\"photo.{}\"\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n{}--{}--\r\n",
        message.photo->content_type, message.photo->content_type.substr(6), base64_lines(message.photo->bytes), inner);
  } else {
    out += part("text/html", html(message, false));
  }
  return out + fmt::format("--{}--\r\n", boundary);
}

}  // namespace visitor::notify
