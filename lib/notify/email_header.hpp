#pragma once

#include <string>
#include <string_view>

#include "core/instant.hpp"

/// Lines of a mail header from texts that may hold anything. Each result is "Name: value" with CRLF at its end, ASCII,
/// folded so that no line has more than 78 bytes where it can be helped and none more than 998; nothing in a text can
/// begin another header or end the header.
namespace visitor::notify {

/// \p text as people wrote it: as it is where it is short and plain, otherwise in encoded words. Control characters and
/// line ends become blanks. Source: RFC 2047, RFC 5322 section 2.2.3.
std::string text_header(std::string_view name, std::string_view text);

/// "From: Visitor <visitor@example.org>".
/// \param display  may be empty, and may hold anything
/// \param address  as is_mail_address() has it
std::string address_header(std::string_view name, std::string_view display, std::string_view address);

/// \p words with blanks between, each on a line of its own where they do not fit into one. They are ours: message ids,
/// parameters.
std::string words_header(std::string_view name, std::initializer_list<std::string_view> words);

/// "Tue, 01 Sep 2026 12:00:00 +0000". Source: RFC 5322 section 3.3.
std::string mail_date(Instant instant);

/// \p text in the encoding quoted-printable, with CRLF line ends, lines of 76 bytes at most and every other byte as it
/// was: a line feed is a line end, whatever else is not printable ASCII is encoded. Source: RFC 2045 section 6.7.
std::string quoted_printable(std::string_view text);

/// \p bytes in base64, 76 characters a line, each with CRLF.
std::string base64_lines(std::string_view bytes);

}  // namespace visitor::notify
