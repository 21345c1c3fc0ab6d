#include "notify/file_mail.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>

#include "support/manual_clock.hpp"

using namespace visitor;
using test::at;

namespace {

notify::FileMail given_mail() {
  notify::FileMail mail;
  mail.to = "director@example.org";
  mail.key = "report-1-2-3";
  mail.language = domain::Language::russian;
  mail.created_at = at("2026-11-23T07:00:00Z");
  mail.subject = "История посещений\r\nBcc: everybody@example.org";
  mail.text = "Строк: 1\n--=_visitor-report-1-2-3--\n";
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes += static_cast<char>(i * 7);
  mail.files.push_back({"week.xlsx", "application/pdf", std::move(bytes)});
  mail.files.push_back({"week.xlsx.manifest.json", "application/json", ""});
  return mail;
}

const notify::EmailSender kSender{"visitor@example.org", "Visitor", ""};

}  // namespace

BOOST_AUTO_TEST_SUITE(file_mail)

BOOST_AUTO_TEST_CASE(a_mail_with_files_is_the_same_at_every_attempt_and_fits_every_server) {
  const auto content = notify::file_mail(given_mail(), kSender);
  BOOST_TEST(content == notify::file_mail(given_mail(), kSender));
  std::size_t longest = 0, begin = 0;
  for (auto end = content.find("\r\n"); end != std::string::npos; begin = end + 2, end = content.find("\r\n", begin))
    longest = std::max(longest, end - begin);
  BOOST_TEST(begin == content.size());
  BOOST_TEST(longest <= 100U);
  for (const char c : content) BOOST_REQUIRE((c == '\r' || c == '\n' || (c >= ' ' && c < 0x7f)));
}

BOOST_AUTO_TEST_CASE(no_text_begins_another_header_or_ends_a_part) {
  const auto content = notify::file_mail(given_mail(), kSender);
  BOOST_TEST(content.find("\r\nBcc:") == std::string::npos);
  BOOST_TEST(content.find("\r\nMessage-ID: <report-1-2-3.visitor@example.org>\r\n") != std::string::npos);
  const std::string_view end = "--=_visitor-report-1-2-3--\r\n";
  BOOST_TEST(content.find(end) == content.size() - end.size());
}

BOOST_AUTO_TEST_SUITE_END()
