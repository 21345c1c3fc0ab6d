#include "notify/email_channel.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <string>
#include <thread>

#include "core/file.hpp"
#include "core/text.hpp"
#include "nasty.hpp"
#include "support/mail_server.hpp"
#include "support/raw_server.hpp"
#include "support/temporary_folder.hpp"
#include "support/tls_server.hpp"

using namespace visitor;
using namespace visitor::notify;
using namespace std::chrono_literals;
using Scope = RetryAfter::Scope;
using test::MailServer;

namespace {

const EmailSender kSender{"visitor@example.org", "Visitor", "visitor-alerts.example.org"};

Message message_to(const std::string& recipient) {
  Message message;
  message.alert = AlertId{17};
  message.delivery = DeliveryId{23};
  message.recipient = recipient;
  message.severity = domain::Severity::high;
  message.incident = IncidentId{42};
  message.created_at = Instant{1'788'264'000s} + 250ms;
  message.subject = "Security Alert: Long stay";
  message.facts = {{"Guest", "Anna Petrova"}, {"Host", "Dana"}};
  message.text = "In the building for more than 8 h.";
  message.link = "https://visitor.example.org/incidents/42?a=1&b=2";
  message.thread = "incident-42";
  return message;
}

net::SmtpOptions plain_options(int port) {
  return {.server = "127.0.0.1",
          .port = static_cast<std::uint16_t>(port),
          .security = net::SmtpSecurity::none,
          .timeout = 5s};
}

RetryAfter later(const Outcome& outcome) {
  if (const auto* refused = std::get_if<Refused>(&outcome)) BOOST_TEST_MESSAGE("refused: " << refused->reason);
  BOOST_REQUIRE(std::holds_alternative<RetryAfter>(outcome));
  return std::get<RetryAfter>(outcome);
}

Refused refused(const Outcome& outcome) {
  if (const auto* wait = std::get_if<RetryAfter>(&outcome)) BOOST_TEST_MESSAGE("later: " << wait->reason);
  BOOST_REQUIRE(std::holds_alternative<Refused>(outcome));
  return std::get<Refused>(outcome);
}

bool is_delivered(const Outcome& outcome) {
  if (const auto* wait = std::get_if<RetryAfter>(&outcome)) BOOST_TEST_MESSAGE("later: " << wait->reason);
  if (const auto* never = std::get_if<Refused>(&outcome)) BOOST_TEST_MESSAGE("refused: " << never->reason);
  return std::holds_alternative<Delivered>(outcome);
}

/// A server without encryption, and a channel to it.
struct PlainMail {
  MailServer server;
  EmailChannel channel{plain_options(server.port()), kSender};

  Outcome send(const std::string& recipient) { return channel.send(message_to(recipient), {}); }
};

/// A certificate of its own for "localhost", which is its own authority.
struct Certified : test::TemporaryFolder {
  test::TestCertificate identity{"localhost"};
  std::string certificate = (path / "server.pem").string();
  std::string authority = (path / "ca.pem").string();

  Certified() {
    write_file(certificate, identity.key_and_certificate_pem(), 0600);
    write_file(authority, identity.pem());
  }
  net::SmtpOptions options(int port, net::SmtpSecurity security) const {
    return {.server = "localhost",
            .port = static_cast<std::uint16_t>(port),
            .security = security,
            .ca_file = authority,
            .timeout = 5s};
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(email_channel)

BOOST_FIXTURE_TEST_CASE(a_mail_arrives_with_every_header_that_it_needs, PlainMail) {
  const auto outcome = send("anna@example.org");
  BOOST_REQUIRE(is_delivered(outcome));
  const auto mail = server.next();
  BOOST_REQUIRE(mail.has_value());
  BOOST_TEST(mail->from == "visitor@example.org");
  BOOST_TEST(mail->to == std::vector<std::string>{"anna@example.org"}, boost::test_tools::per_element());
  BOOST_TEST(mail->type == "multipart/alternative");
  const auto& headers = mail->headers;
  BOOST_TEST(headers.at("Subject") == "Security Alert: Long stay");
  BOOST_TEST(headers.at("From") == "Visitor <visitor@example.org>");
  BOOST_TEST(headers.at("To") == "anna@example.org");
  BOOST_TEST(headers.at("Date") == "Tue, 01 Sep 2026 12:00:00 +0000");
  BOOST_TEST(headers.at("Message-ID") == "<17-23-1788264000250000.visitor@example.org>");
  BOOST_TEST(headers.at("In-Reply-To") == "<incident-42.visitor@example.org>");
  BOOST_TEST(headers.at("References") == "<incident-42.visitor@example.org>");
  BOOST_TEST(headers.at("Auto-Submitted") == "auto-generated");
  BOOST_TEST(headers.at("List-Id") == "Visitor alerts <visitor-alerts.example.org>");
  BOOST_TEST(headers.at("Content-Language") == "en");
  BOOST_TEST(mail->text ==
             "Security Alert: Long stay\n\nGuest: Anna Petrova\nHost: Dana\n\nIn the building for more than 8 h.\n\n"
             "https://visitor.example.org/incidents/42?a=1&b=2\n");
  BOOST_TEST(mail->html.find("<a href=\"https://visitor.example.org/incidents/42?a=1&amp;b=2\">") != std::string::npos);
  BOOST_TEST(
      mail->html.find("<th align=\"left\" valign=\"top\"><bdi>Guest</bdi></th><td><bdi>Anna Petrova</bdi></td>") !=
      std::string::npos);
  BOOST_TEST(mail->photo == "");
  BOOST_TEST(mail->defects.empty());
  BOOST_TEST(mail->lone_line_ends == 0U);
  BOOST_TEST(std::get<Delivered>(outcome).provider_id == headers.at("Message-ID"));
}

BOOST_FIXTURE_TEST_CASE(nasty_names_arrive_whole_and_change_no_header, PlainMail) {
  auto plain = message_to("anna@example.org");
  BOOST_REQUIRE(is_delivered(channel.send(plain, {})));
  const auto names_of_headers = server.next()->header_names;
  for (const auto& name : test::nasty_names()) {
    BOOST_TEST_CONTEXT(json_quote(name)) {
      auto message = plain;
      message.subject = name;
      message.facts = {{"Guest", name}, {name, "value"}};
      message.text = name;
      message.link = name;
      BOOST_REQUIRE(is_delivered(channel.send(message, {})));
      const auto mail = server.next();
      BOOST_REQUIRE(mail.has_value());
      BOOST_TEST(mail->header_names == names_of_headers, boost::test_tools::per_element());
      BOOST_TEST(mail->to.size() == 1U);
      BOOST_TEST(mail->type == "multipart/alternative");
      for (const auto& defect : mail->defects) BOOST_TEST(defect == "");
      BOOST_TEST(mail->longest_line <= 998U);
      BOOST_TEST(mail->lone_line_ends == 0U);
      for (const auto& [header, value] : mail->raw_headers) {
        std::size_t begin = 0;
        for (auto end = value.find("\r\n"); begin != std::string::npos; end = value.find("\r\n", begin)) {
          const auto first = begin == 0 ? header.size() + 2 : 0;
          BOOST_TEST(first + std::min(end, value.size()) - begin <= 78U, value);
          begin = end == std::string::npos ? end : end + 2;
        }
      }
      // The subject in one line, as people see it.
      std::string line = name;
      for (auto& c : line)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
      BOOST_TEST(mail->headers.at("Subject") == line);
      // The text in full: further lines of a value are set in.
      std::string set_in;
      for (std::size_t at = 0; at < name.size(); ++at) {
        if (name[at] == '\r' && at + 1 < name.size() && name[at + 1] == '\n') continue;
        set_in += name[at] == '\r' || name[at] == '\n' ? std::string{"\n    "} : std::string{name[at]};
      }
      const auto facts = "\nGuest: " + set_in + "\n" + set_in + ": value\n";
      BOOST_TEST(mail->text.find(facts) != std::string::npos, json_quote(mail->text) << " lacks " << json_quote(facts));
      BOOST_TEST(mail->html.find("<script") == std::string::npos);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(messages_of_an_incident_are_one_conversation, PlainMail) {
  auto first = message_to("anna@example.org");
  const auto sent = channel.send(first, {});
  BOOST_REQUIRE(is_delivered(sent));
  auto second = message_to("anna@example.org");
  second.alert = AlertId{18};
  second.delivery = DeliveryId{24};
  second.kind = domain::AlertKind::incident_ended;
  second.replaces = std::get<Delivered>(sent).provider_id;
  BOOST_REQUIRE(is_delivered(channel.send(second, {})));
  const auto one = server.next();
  const auto two = server.next();
  BOOST_REQUIRE((one && two));
  BOOST_TEST(two->headers.at("In-Reply-To") == one->headers.at("Message-ID"));
  BOOST_TEST(two->headers.at("References") == "<incident-42.visitor@example.org> " + one->headers.at("Message-ID"));
  BOOST_TEST(one->headers.at("Message-ID") != two->headers.at("Message-ID"));
}

BOOST_AUTO_TEST_CASE(what_another_channel_called_a_message_stays_out_of_the_header) {
  auto message = message_to("anna@example.org");
  message.replaces = "x>\r\nBcc: evil@example.org";
  message.thread = "a b\r\n";
  const auto mail = email_message(message, kSender, false);
  BOOST_TEST(mail.find("evil") == std::string::npos);
  BOOST_TEST(mail.find("References") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_repetition_has_the_same_message_id_and_says_that_it_may_be_one, PlainMail) {
  auto message = message_to("anna@example.org");
  message.language = domain::Language::russian;
  BOOST_REQUIRE(is_delivered(channel.send(message, {})));
  message.possibly_repeated = true;
  BOOST_REQUIRE(is_delivered(channel.send(message, {})));
  const auto one = server.next();
  const auto two = server.next();
  BOOST_REQUIRE((one && two));
  BOOST_TEST(one->headers.at("Message-ID") == two->headers.at("Message-ID"));
  BOOST_TEST(one->text.find("возможно, уже приходило") == std::string::npos);
  BOOST_TEST(two->text.find("возможно, уже приходило") != std::string::npos);
  BOOST_TEST(two->html.find("возможно, уже приходило") != std::string::npos);
  BOOST_TEST(two->headers.at("Content-Language") == "ru");
}

BOOST_FIXTURE_TEST_CASE(the_photo_goes_along, PlainMail) {
  auto message = message_to("anna@example.org");
  message.photo = Photo{"image/jpeg", std::string("\xff\xd8\xff\x00\r\n.\r\n", 9)};
  BOOST_REQUIRE(is_delivered(channel.send(message, {})));
  const auto mail = server.next();
  BOOST_REQUIRE(mail.has_value());
  BOOST_TEST(mail->photo == "ffd8ff000d0a2e0d0a");
  BOOST_TEST(mail->html.find("<img src=\"cid:photo\"") != std::string::npos);
  BOOST_TEST(mail->text.find("Guest: Anna Petrova") != std::string::npos);
  BOOST_TEST(mail->defects.empty());
}

BOOST_AUTO_TEST_CASE(a_photo_that_is_too_large_for_the_server_stays_behind) {
  MailServer server{"--largest 20000"};
  EmailChannel channel{plain_options(server.port()), kSender};
  auto message = message_to("anna@example.org");
  message.photo = Photo{"image/png", std::string(40'000, 'p')};
  BOOST_REQUIRE(is_delivered(channel.send(message, {})));
  const auto mail = server.next();
  BOOST_REQUIRE(mail.has_value());
  BOOST_TEST(mail->photo == "");
  BOOST_TEST(mail->text.find("Anna Petrova") != std::string::npos);

  // Without one there is nothing to leave out.
  message.photo.reset();
  message.text = std::string(40'000, 'x');
  BOOST_TEST(refused(channel.send(message, {})).reason.find("552 5.3.4 message too large") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_size_that_the_server_announces_is_kept) {
  MailServer server{"--announced 20000"};
  EmailChannel channel{plain_options(server.port()), kSender};
  auto message = message_to("anna@example.org");
  message.photo = Photo{"image/png", std::string(40'000, 'p')};
  BOOST_REQUIRE(is_delivered(channel.send(message, {})));
  BOOST_TEST(server.next()->photo == "");
  message.photo.reset();
  message.text = std::string(40'000, 'x');
  BOOST_TEST(refused(channel.send(message, {})).reason.find(" answers: 552 ") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_greylisted_message_goes_later_and_then_arrives, PlainMail) {
  const auto first = later(send("greylist@example.org"));
  BOOST_TEST((first.wait == 1min));
  BOOST_TEST((first.scope == Scope::recipient));
  BOOST_TEST(first.reason.find("451 4.7.1 greylisted") != std::string::npos);
  BOOST_TEST(!server.has_more());
  BOOST_TEST(is_delivered(send("greylist@example.org")));
  BOOST_TEST(server.next().has_value());
}

BOOST_FIXTURE_TEST_CASE(every_answer_of_the_server_has_its_outcome, PlainMail) {
  // A full mailbox is emptied again, also where the server says so with a 5.
  for (const auto* full : {"full@example.org", "full4@example.org", "exceeded@example.org"}) {
    const auto outcome = later(send(full));
    BOOST_TEST((outcome.scope == Scope::recipient), full);
    BOOST_TEST((outcome.wait == 15min), full);
  }
  BOOST_TEST(refused(send("unknown@example.org")).reason ==
             "mail server 127.0.0.1 port " + std::to_string(server.port()) +
                 " answers: 550 5.1.1 there is no such mailbox, 5.1.1 and there never was");
  BOOST_TEST(refused(send("spam@example.org")).reason.find("554 5.7.1 looks like spam") != std::string::npos);
  BOOST_TEST((later(send("busy@example.org")).scope == Scope::message));
  BOOST_TEST((later(send("closing@example.org")).scope == Scope::channel));
  // What a server says reaches no terminal as it is.
  BOOST_TEST(refused(send("leaky@example.org")).reason.find('\x1b') == std::string::npos);
  BOOST_TEST(!server.has_more());
}

BOOST_FIXTURE_TEST_CASE(a_sender_that_is_not_welcome_is_nothing_against_the_message, PlainMail) {
  auto sender = kSender;
  sender.address = "unwelcome@example.org";
  EmailChannel unwelcome{plain_options(server.port()), sender};
  const auto outcome = later(unwelcome.send(message_to("anna@example.org"), {}));
  BOOST_TEST((outcome.scope == Scope::channel));
  BOOST_TEST(outcome.reason.find("550 5.7.1 this sender is not welcome") != std::string::npos);
  sender.address = "hasty@example.org";
  EmailChannel hasty{plain_options(server.port()), sender};
  BOOST_TEST((later(hasty.send(message_to("anna@example.org"), {})).scope == Scope::channel));
}

BOOST_FIXTURE_TEST_CASE(odd_addresses_are_refused_before_anything_goes_out, PlainMail) {
  for (const std::string odd :
       {"", "anna", "anna@example.org\r\nRCPT TO:<evil@example.org>", "<anna@example.org>", "anna@example.org>",
        "a b@example.org", "анна@example.org", "a@b,c@d", "anna@example.org\nDATA"}) {
    const auto reason = refused(send(odd)).reason;
    BOOST_TEST(reason.find("is not an address that mail can go to") != std::string::npos);
    BOOST_TEST(reason.find('\n') == std::string::npos);
  }
  BOOST_TEST(!server.has_more());
}

BOOST_FIXTURE_TEST_CASE(a_server_that_drops_the_line_is_tried_again, PlainMail) {
  const auto within = later(send("drop@example.org"));
  BOOST_TEST((within.scope == Scope::channel));
  BOOST_TEST(within.reason.find("hung up (content)") != std::string::npos);
  // The whole message had been handed over: it may have arrived.
  const auto after = later(send("vanish@example.org"));
  BOOST_TEST(after.reason.find("hung up (content)") != std::string::npos);
  BOOST_TEST(after.in_doubt);
  BOOST_TEST(is_delivered(send("anna@example.org")));
}

BOOST_FIXTURE_TEST_CASE(a_server_that_hangs_costs_no_more_than_the_deadline, PlainMail) {
  auto options = plain_options(server.port());
  options.timeout = 300ms;
  EmailChannel impatient{options, kSender};
  for (const auto* recipient : {"hang@example.org", "sleepy@example.org"}) {
    const auto begun = std::chrono::steady_clock::now();
    const auto outcome = later(impatient.send(message_to(recipient), {}));
    BOOST_TEST((std::chrono::steady_clock::now() - begun < 2s), recipient);
    BOOST_TEST(outcome.reason.find("did not answer in time") != std::string::npos);
    BOOST_TEST(outcome.in_doubt == (std::string_view{recipient} == "sleepy@example.org"));
  }
  const test::RawServer mute{[](test::RawPeer& peer) { peer.hang(); }};
  auto to_mute = options;
  to_mute.port = static_cast<std::uint16_t>(mute.port());
  EmailChannel ungreeted{to_mute, kSender};
  BOOST_TEST((later(ungreeted.send(message_to("anna@example.org"), {})).scope == Scope::channel));
}

BOOST_FIXTURE_TEST_CASE(a_stop_ends_the_wait_at_once, PlainMail) {
  for (const auto* recipient : {"hang@example.org", "sleepy@example.org"}) {
    std::stop_source stop;
    const std::jthread stopper{[&] {
      std::this_thread::sleep_for(100ms);
      stop.request_stop();
    }};
    const auto begun = std::chrono::steady_clock::now();
    const auto outcome = later(channel.send(message_to(recipient), stop.get_token()));
    BOOST_TEST((std::chrono::steady_clock::now() - begun < 2500ms), recipient);
    BOOST_TEST(outcome.reason.find("was interrupted") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_never_says_goodbye_costs_a_second) {
  MailServer server{"--mute-goodbye"};
  EmailChannel channel{plain_options(server.port()), kSender};
  const auto begun = std::chrono::steady_clock::now();
  BOOST_TEST(is_delivered(channel.send(message_to("anna@example.org"), {})));
  BOOST_TEST((std::get<Refused>(channel.send(message_to("unknown@example.org"), {})).reason.find("550 5.1.1") !=
              std::string::npos));
  BOOST_TEST((std::chrono::steady_clock::now() - begun < 4s));
}

BOOST_AUTO_TEST_CASE(a_dead_server_is_tried_again) {
  int port = 0;
  {
    const test::RawServer gone{[](test::RawPeer&) {}};
    port = gone.port();
  }
  EmailChannel channel{plain_options(port), kSender};
  const auto outcome = later(channel.send(message_to("anna@example.org"), {}));
  BOOST_TEST((outcome.scope == Scope::channel));
  BOOST_TEST(outcome.reason == "mail server 127.0.0.1 port " + std::to_string(port) + " cannot be reached");
}

BOOST_AUTO_TEST_CASE(a_greeting_that_refuses_is_tried_again) {
  const test::RawServer closed{[](test::RawPeer& peer) {
    peer.send("554 5.3.2 no service here\r\n");
    peer.hang();
  }};
  EmailChannel channel{plain_options(closed.port()), kSender};
  const auto outcome = later(channel.send(message_to("anna@example.org"), {}));
  BOOST_TEST((outcome.scope == Scope::channel));
  BOOST_TEST(outcome.reason.find("554 5.3.2 no service here") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_server_that_talks_nonsense_or_without_end_is_tried_again) {
  const test::RawServer babbler{[](test::RawPeer& peer) {
    while (peer.send(std::string(4096, 'x'))) {
    }
  }};
  auto options = plain_options(babbler.port());
  options.timeout = 500ms;
  EmailChannel channel{options, kSender};
  BOOST_TEST((later(channel.send(message_to("anna@example.org"), {})).scope == Scope::channel));
  const test::RawServer endless{[](test::RawPeer& peer) {
    while (peer.send("220-" + std::string(400, 'x') + "\r\n")) {
    }
  }};
  options.port = static_cast<std::uint16_t>(endless.port());
  EmailChannel another{options, kSender};
  BOOST_TEST(later(another.send(message_to("anna@example.org"), {})).reason.size() < 400U);
}

BOOST_FIXTURE_TEST_CASE(starttls_and_login_keep_the_mail_private, Certified) {
  MailServer server{"--tls starttls --certificate " + certificate + " --login visitor:geheim"};
  auto options = this->options(server.port(), net::SmtpSecurity::starttls);
  options.user = "visitor";
  options.password = Secret{std::string_view{"geheim"}};
  EmailChannel channel{options, kSender};
  BOOST_REQUIRE(is_delivered(channel.send(message_to("anna@example.org"), {})));
  const auto mail = server.next();
  BOOST_REQUIRE(mail.has_value());
  BOOST_TEST(mail->tls);
  BOOST_TEST(mail->login == "visitor");
}

BOOST_FIXTURE_TEST_CASE(tls_from_the_first_byte_works_too, Certified) {
  MailServer server{"--tls tls --certificate " + certificate};
  EmailChannel channel{options(server.port(), net::SmtpSecurity::tls), kSender};
  BOOST_REQUIRE(is_delivered(channel.send(message_to("anna@example.org"), {})));
  BOOST_TEST(server.next()->tls);
}

BOOST_FIXTURE_TEST_CASE(a_refused_login_stops_the_channel_and_tells_no_password, Certified) {
  MailServer server{"--tls starttls --certificate " + certificate + " --login visitor:geheim"};
  auto options = this->options(server.port(), net::SmtpSecurity::starttls);
  options.user = "visitor";
  options.password = Secret{std::string_view{"falsch"}};
  EmailChannel channel{options, kSender};
  const auto outcome = later(channel.send(message_to("anna@example.org"), {}));
  BOOST_TEST((outcome.scope == Scope::channel));
  BOOST_TEST(outcome.reason.find("refuses the login of \"visitor\": 535 5.7.8") != std::string::npos);
  BOOST_TEST(outcome.reason.find("falsch") == std::string::npos);
  BOOST_TEST(!server.has_more());
}

BOOST_FIXTURE_TEST_CASE(a_server_without_starttls_gets_neither_login_nor_mail, Certified) {
  MailServer server;
  auto options = this->options(server.port(), net::SmtpSecurity::starttls);
  options.user = "visitor";
  options.password = Secret{std::string_view{"geheim"}};
  EmailChannel channel{options, kSender};
  const auto outcome = later(channel.send(message_to("anna@example.org"), {}));
  BOOST_TEST((outcome.scope == Scope::channel));
  BOOST_TEST(outcome.reason.find("offers no STARTTLS") != std::string::npos);
  BOOST_TEST(!server.has_more());
}

BOOST_FIXTURE_TEST_CASE(a_certificate_that_nobody_vouches_for_is_not_believed, Certified) {
  MailServer server{"--tls starttls --certificate " + certificate};
  auto options = this->options(server.port(), net::SmtpSecurity::starttls);
  options.ca_file.clear();
  EmailChannel stranger{options, kSender};
  const auto unknown = later(stranger.send(message_to("anna@example.org"), {}));
  BOOST_TEST((unknown.scope == Scope::channel));
  BOOST_TEST(unknown.reason.find("no TLS session") != std::string::npos);

  options.ca_file = authority;
  options.server = "127.0.0.1";  // not the name in the certificate
  EmailChannel misnamed{options, kSender};
  BOOST_TEST(later(misnamed.send(message_to("anna@example.org"), {})).reason.find("no TLS session") !=
             std::string::npos);

  options.ca_file = (path / "nowhere.pem").string();
  EmailChannel misled{options, kSender};
  BOOST_TEST(later(misled.send(message_to("anna@example.org"), {})).reason.find("cannot be read as PEM") !=
             std::string::npos);
  BOOST_TEST(!server.has_more());
}

BOOST_AUTO_TEST_CASE(a_message_that_smtp_does_not_allow_never_leaves) {
  net::SmtpClient client{plain_options(9)};
  for (const auto& content :
       {std::string{"a\nb\r\n"}, std::string{"no end"}, std::string{"a\0b\r\n", 5}, std::string{"\xff\r\n"}})
    BOOST_CHECK_THROW(client.send({"a@b", "c@d", content}), Error);
  BOOST_CHECK_THROW(client.send({"a@b", "c@d", std::string(999, 'x') + "\r\n"}), Error);
  BOOST_CHECK_THROW(client.send({"a@b", "c@d>\r\nDATA", "x\r\n"}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
