#include "domain/names.hpp"
#include "domain/permission.hpp"

#include <boost/test/unit_test.hpp>
#include <set>
#include <tuple>

#include "domain/access_event.hpp"
#include "domain/alert.hpp"
#include "domain/fold.hpp"
#include "domain/incident.hpp"
#include "domain/people.hpp"
#include "domain/photo.hpp"
#include "domain/session.hpp"
#include "domain/terminal.hpp"
#include "domain/visit.hpp"

using namespace visitor;
using namespace visitor::domain;

using Enums = std::tuple<Direction, EventClass, TimeSource, ActionKind, ActionHow, StepKind, IncidentType, Severity,
                         IncidentStatus, CredentialKind, TerminalState, VisitStatus, Purpose, VisitKind, How,
                         PhotoFormat, Permission, AlertKind, Channel, DeliveryState, AttemptOutcome>;

BOOST_AUTO_TEST_SUITE(names_of_enums)

BOOST_AUTO_TEST_CASE_TEMPLATE(every_value_has_its_row_in_order_with_a_name_of_its_own, E, Enums) {
  std::set<std::string_view> seen;
  std::size_t index = 0;
  for (const auto& row : names<E>()) {
    BOOST_TEST(static_cast<std::size_t>(row.value) == index++);
    BOOST_TEST(!row.name.empty());
    BOOST_TEST(!row.english.empty());
    BOOST_TEST(!row.russian.empty());
    BOOST_TEST(seen.insert(row.name).second);
    BOOST_TEST((find_named<E>(row.name) == row.value));
  }
  BOOST_TEST(!find_named<E>("no such word").has_value());
}

BOOST_AUTO_TEST_CASE(every_enum_is_complete) {
  BOOST_TEST(names<Direction>().size() == static_cast<std::size_t>(Direction::none) + 1);
  BOOST_TEST(names<EventClass>().size() == static_cast<std::size_t>(EventClass::unknown) + 1);
  BOOST_TEST(names<Permission>().size() == static_cast<std::size_t>(Permission::lock_take_over) + 1);
  BOOST_TEST(names<SecondFactorKind>().size() == static_cast<std::size_t>(SecondFactorKind::recovery) + 1);
  BOOST_TEST(names<SessionEnd>().size() == static_cast<std::size_t>(SessionEnd::disabled) + 1);
  BOOST_TEST(names<TotpAlgorithm>().size() == static_cast<std::size_t>(TotpAlgorithm::sha512) + 1);
  BOOST_TEST(names<TimeSource>().size() == static_cast<std::size_t>(TimeSource::received) + 1);
  BOOST_TEST(names<ActionKind>().size() == static_cast<std::size_t>(ActionKind::reopen) + 1);
  BOOST_TEST(names<StepKind>().size() == static_cast<std::size_t>(StepKind::exit_without_visit) + 1);
  BOOST_TEST(names<IncidentType>().size() == static_cast<std::size_t>(IncidentType::other) + 1);
  BOOST_TEST(names<TerminalState>().size() == static_cast<std::size_t>(TerminalState::error) + 1);
  BOOST_TEST(names<Purpose>().size() == static_cast<std::size_t>(Purpose::other) + 1);
  BOOST_TEST(names<How>().size() == static_cast<std::size_t>(How::presumed) + 1);
  BOOST_TEST(names<AlertKind>().size() == static_cast<std::size_t>(AlertKind::canary) + 1);
  BOOST_TEST(names<Channel>().size() == static_cast<std::size_t>(Channel::exec) + 1);
  BOOST_TEST(names<DeliveryState>().size() == static_cast<std::size_t>(DeliveryState::withheld) + 1);
  BOOST_TEST(names<AttemptOutcome>().size() == static_cast<std::size_t>(AttemptOutcome::unknown) + 1);
}

BOOST_AUTO_TEST_CASE(words_that_operators_know_are_kept) {
  BOOST_TEST(name(VisitStatus::checked_in) == "CHECKED_IN");
  BOOST_TEST(label(VisitStatus::no_show, Language::russian) == "Не пришел");
  BOOST_TEST(name(IncidentStatus::fresh) == "new");
  BOOST_TEST(label(IncidentType::exit_without_entry, Language::russian) == "Выход без входа");
  BOOST_TEST(label(Purpose::interview, Language::russian) == "Собеседование");
  BOOST_TEST(label(Severity::critical, Language::english) == "Critical");
}

BOOST_AUTO_TEST_CASE(an_unknown_word_from_the_database_is_an_integrity_error) {
  BOOST_CHECK_EXCEPTION(get_named<VisitStatus>("ACTIVE"), Error,
                        [](const Error& error) { return error.code() == Errc::integrity; });
}

BOOST_AUTO_TEST_SUITE_END()
