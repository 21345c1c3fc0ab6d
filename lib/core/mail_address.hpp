#pragma once

#include <string_view>

namespace visitor {

/// Labels of letters, digits and inner hyphens with dots between, 253 bytes at most; other alphabets as "xn--…".
/// Source: RFC 1123 section 2.1, RFC 1035 section 2.3.4.
bool is_host_name(std::string_view text);

/// "anna.petrova@example.org": what can stand in an SMTP command and in a header as it is.
///
/// A dot-atom of 64 bytes at most before the sign, a host name after it, 254 bytes in all. Quoted names, comments,
/// address literals and letters outside ASCII are none.
/// Source: RFC 5321 sections 4.1.2 and 4.5.3.1, RFC 3696 erratum 1690.
bool is_mail_address(std::string_view text);

}  // namespace visitor
