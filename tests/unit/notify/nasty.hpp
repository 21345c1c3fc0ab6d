#pragma once

#include <string>
#include <vector>

namespace visitor::test {

/// Names that have broken somebody's alerts, well-formed UTF-8 without NUL: what the database lets through.
inline std::vector<std::string> nasty_names() {
  std::string emoji;
  for (int i = 0; i < 64; ++i) emoji += "😀";
  return {
      "<b>&\"",
      "</td></html><script>alert(1)</script>",
      "'; DROP TABLE guest; --",
      "\xD9\x85\xD8\xAD\xD9\x85\xD8\xAF \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D",  // Arabic and Hebrew
      "\xE2\x80\xAE"
      "drowssap",  // right-to-left override, left open
      emoji,
      "👨‍👩‍👧‍👦🏳️‍🌈",
      std::string(255, 'x'),
      std::string(255, ' ') + "x",
      "control \x01\x07\x08\x1b[31m\x7f end",
      "crlf\r\nBcc: victim@example.org\r\n\r\nbody",
      "lf\n.\nQUIT\nMAIL FROM:<x@example.org>",
      "cr\ralone",
      "=?UTF-8?B?SGk=?= =0D=0A %0d%0a {} {0} %s $(id) `id`",
      "--=_visitor-1-1-0\r\nContent-Type: text/html\r\n",
      "Иванова Анна-Мария Ққ ñ ß 中文 ไทย",
      ".",
      "..leading dots",
      "tab\there \\ / * _ ~ ` > # + - = | { } ! [x](http://example.org)",
  };
}

}  // namespace visitor::test
