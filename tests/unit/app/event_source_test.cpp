#include "app/event_source.hpp"

#include <boost/test/unit_test.hpp>

#include "hikvision/page.hpp"
#include "support/manual_clock.hpp"

using namespace visitor;
using namespace std::chrono_literals;
using visitor::app::to_incoming;
using visitor::test::at;

namespace {

app::IncomingEvent read(const std::string& members, const app::SourceContext& context) {
  const auto page =
      hikvision::decode_page(R"({"AcsEvent":{"responseStatusStrg":"OK","InfoList":[{)" + members + "}]}}");
  return to_incoming(page.events.at(0), context);
}

app::SourceContext context() {
  return {.site_zone = Zone::named("Asia/Almaty"),
          .device_offset = std::nullopt,
          .received_at = at("2026-09-01T10:00:00Z"),
          .username = "visitor",
          .local_address = "192.0.2.5"};
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_time_with_offset_counts_as_written_and_its_text_is_kept) {
  const auto event = read(R"("major":5,"minor":75,"serialNo":7,"time":"2026-09-01T08:00:00-04:00")", context());
  BOOST_TEST(event.occurred_at == at("2026-09-01T12:00:00Z"));
  BOOST_TEST((event.time_source == domain::TimeSource::offset));
  BOOST_TEST(event.time_text == "2026-09-01T08:00:00-04:00");
}

BOOST_AUTO_TEST_CASE(a_time_without_offset_is_the_terminals_then_the_sites) {
  auto where = context();
  const std::string members = R"("major":5,"minor":75,"serialNo":7,"time":"2026-09-01T08:00:00")";
  BOOST_TEST(read(members, where).occurred_at == at("2026-09-01T03:00:00Z"));
  BOOST_TEST((read(members, where).time_source == domain::TimeSource::site));

  where.device_offset = 3h;
  BOOST_TEST(read(members, where).occurred_at == at("2026-09-01T05:00:00Z"));
  BOOST_TEST((read(members, where).time_source == domain::TimeSource::terminal));
}

BOOST_AUTO_TEST_CASE(what_is_no_time_is_dated_when_it_was_received_and_says_so) {
  const auto event = read(R"("major":5,"minor":75,"serialNo":7,"time":"yesterday")", context());
  BOOST_TEST(event.occurred_at == at("2026-09-01T10:00:00Z"));
  BOOST_TEST((event.time_source == domain::TimeSource::received));
}

BOOST_AUTO_TEST_CASE(a_row_without_serial_is_the_same_event_at_every_delivery_and_differs_from_another_row) {
  const auto a = read(R"("major":5,"minor":75,"time":"2026-09-01T08:00:00Z","employeeNoString":"1")", context());
  const auto again = read(R"("major":5,"minor":75,"time":"2026-09-01T08:00:00Z","employeeNoString":"1")", context());
  const auto b = read(R"("major":5,"minor":75,"time":"2026-09-01T08:00:00Z","employeeNoString":"2")", context());
  BOOST_TEST(a.serial < 0);
  BOOST_TEST(a.serial == again.serial);
  BOOST_TEST(a.serial != b.serial);
}

BOOST_AUTO_TEST_CASE(our_own_log_in_is_noise_and_that_of_somebody_else_an_operation) {
  const std::string log_in = R"("major":3,"minor":112,"serialNo":7,"time":"2026-09-01T08:00:00Z")";
  const auto class_of = [&](const std::string& more) { return read(log_in + more, context()).event_class; };
  BOOST_TEST((class_of("") == domain::EventClass::own_noise));
  BOOST_TEST((class_of(R"(,"remoteHostAddr":"192.0.2.5","netUser":"visitor")") == domain::EventClass::own_noise));
  BOOST_TEST((class_of(R"(,"remoteHostAddr":"192.0.2.77")") == domain::EventClass::operation));
  BOOST_TEST((class_of(R"(,"remoteHostAddr":"192.0.2.5","netUser":"admin")") == domain::EventClass::operation));
}

BOOST_AUTO_TEST_CASE(an_overlong_number_is_nobodys) {
  const auto event = read(R"("major":5,"minor":75,"serialNo":7,"time":"2026-09-01T08:00:00Z","employeeNoString":")" +
                              std::string(65, '9') + R"(","cardNo":"0012")",
                          context());
  BOOST_TEST(!event.employee_no.has_value());
  BOOST_TEST(*event.card_no == "0012");
}

BOOST_AUTO_TEST_CASE(an_alarm_that_a_rule_speaks_of_follows_from_what_is_stored_of_the_event) {
  using domain::AlarmKind;
  BOOST_TEST((app::alarm_of(1, 1034) == AlarmKind::duress));
  BOOST_TEST((app::alarm_of(5, 27) == AlarmKind::door_forced));
  BOOST_TEST((app::alarm_of(5, 28) == AlarmKind::door_held));
  for (const int minor : {1028, 1030, 1039, 1054, 1058}) BOOST_TEST((app::alarm_of(1, minor) == AlarmKind::tamper));
  // The same numbers under another major, restorations, other alarms, and what nobody has published.
  for (const auto& [major, minor] : {std::pair{2, 1028}, {3, 1034}, {1, 27}, {1, 1029}, {5, 75}, {1, 1048}, {9, 9}})
    BOOST_TEST((app::alarm_of(major, minor) == AlarmKind::none), major << "/" << minor);
}
