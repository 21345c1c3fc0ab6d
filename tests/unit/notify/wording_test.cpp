#include "notify/wording.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <string>

#include "notify/texts.hpp"

using namespace visitor;
using namespace std::chrono_literals;
using domain::AlertKind;
using domain::Language;
using notify::Message;

namespace {

const Instant kNight = std::chrono::sys_days{std::chrono::year{2026} / 9 / 1} + 22h + 27min + 53s;

std::string of_255(std::string_view letter) {
  std::string name;
  for (int i = 0; i < 255; ++i) name += letter;
  return name;
}

const std::array<std::string, 8> kNasty{
    "<b>&\"</b>'",
    "\u202E\u05D0\u05D1\u05D2 gro.live",                        // right to left, and turned round
    "\U0001F469\u200D\U0001F680 \U0001F1F0\U0001F1FF e\u0301",  // joined, flags, combining
    of_255("\u0416"),
    "a\x01\x02\x1B[31mred\x7F\u0085\u2028z",
    "line\r\nBcc: all@example.org\n.\n",
    "{} {0} %s ${name} {{",
    "\xFF\xFEnot UTF-8\xC3",
};

notify::IncidentTold incident_of(const std::string& name) {
  notify::IncidentTold told;
  told.type = domain::IncidentType::long_stay;
  told.occurred_at = kNight;
  told.detected_at = kNight + 1min;
  told.last_seen_at = kNight + 2min;
  told.details = R"({"visit":7,"hours":8})";
  told.guest = name;
  told.host = name + "h";
  told.department = name + "d";
  told.assigned_to = name + "a";
  told.note = name + "n";
  return told;
}

notify::VisitTold visit_of(const std::string& name) {
  notify::VisitTold told;
  told.at = kNight;
  told.expected_from = kNight - 1h;
  told.expected_until = kNight + 1h;
  told.guest = name;
  told.company = name + "c";
  told.host = name + "h";
  told.department = name + "d";
  return told;
}

notify::Digest digest_of(const std::string& name) {
  notify::Digest digest;
  digest.site = name;
  digest.at = kNight;
  digest.from = kNight - 7 * 24h;
  digest.inside = 12;
  digest.awaited = 3;
  digest.current.arrivals = 130;
  digest.current.incidents = 4;
  digest.current.open = 1;
  digest.current.types = {{domain::IncidentType::long_stay, 3}, {domain::IncidentType::duress, 1}};
  digest.current.severities = {{domain::Severity::medium, 3}, {domain::Severity::critical, 1}};
  return digest;
}

/// A message of that kind about somebody of that name.
Message worded(AlertKind kind, Language language, const std::string& name) {
  const auto zone = Zone::named("Asia/Almaty");
  Message message;
  message.kind = kind;
  message.language = language;
  message.severity = domain::Severity::high;
  message.visit = VisitId{7};
  switch (kind) {
    case AlertKind::incident_opened:
    case AlertKind::incident_updated:
    case AlertKind::incident_ended:
    case AlertKind::incident_escalated: {
      auto told = incident_of(name);
      if (kind == AlertKind::incident_ended) {
        told.status = domain::IncidentStatus::resolved;
        told.ended_by = name + "e";
      }
      notify::word_incident(message, told, zone);
      break;
    }
    case AlertKind::guest_arrived:
    case AlertKind::guest_left:
    case AlertKind::guest_no_show:
      notify::word_visit(message, visit_of(name), zone);
      break;
    case AlertKind::storm: {
      notify::StormTold told;
      told.counts = {{domain::Severity::low, AlertKind::incident_opened, domain::IncidentType::overstay, 8000},
                     {domain::Severity::low, AlertKind::incident_updated, domain::IncidentType::overstay, 1000},
                     {domain::Severity::low, AlertKind::guest_arrived, {}, 10},
                     {domain::Severity::critical, AlertKind::incident_opened, domain::IncidentType::tamper, 990}};
      told.first = {{IncidentId{42}, domain::IncidentType::tamper, domain::Severity::critical, kNight}};
      told.from = kNight;
      told.until = kNight + 1min;
      notify::word_storm(message, told, zone);
      break;
    }
    case AlertKind::daily_summary:
    case AlertKind::weekly_report:
      notify::word_digest(message, digest_of(name), zone);
      break;
    case AlertKind::test:
    case AlertKind::canary:
      notify::word_check(message);
      break;
  }
  return message;
}

std::vector<std::string> labels_of(const Message& message) {
  std::vector<std::string> labels;
  for (const auto& fact : message.facts) labels.push_back(fact.label);
  return labels;
}

std::string value_of(const Message& message, std::string_view label) {
  for (const auto& fact : message.facts)
    if (fact.label == label) return fact.value;
  return "(none)";
}

bool names_somewhere(const Message& message, const std::string& text) {
  return message.subject.find(text) != std::string::npos || message.text.find(text) != std::string::npos ||
         std::ranges::any_of(message.facts,
                             [&](const auto& fact) { return fact.value.find(text) != std::string::npos; });
}

bool names_people(AlertKind kind) {
  return kind != AlertKind::storm && kind != AlertKind::test && kind != AlertKind::canary;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(wording)

BOOST_AUTO_TEST_CASE(every_kind_has_a_subject_of_one_line_in_both_languages_whatever_people_are_called) {
  for (const auto& kind : domain::names<AlertKind>())
    for (const auto language : {Language::english, Language::russian})
      for (const auto& name : kNasty) {
        const auto message = worded(kind.value, language, name);
        BOOST_TEST_CONTEXT(kind.name << ", " << (language == Language::english ? "en" : "ru") << ": " << name) {
          BOOST_TEST(!message.subject.empty());
          BOOST_TEST(message.subject == notify::one_line(message.subject));
          BOOST_TEST((!message.facts.empty() || !message.text.empty()));
        }
      }
}

BOOST_AUTO_TEST_CASE(names_are_given_to_the_channel_byte_for_byte) {
  for (const auto& kind : domain::names<AlertKind>()) {
    if (!names_people(kind.value)) continue;
    for (const auto& name : kNasty) BOOST_TEST_CONTEXT(kind.name << ": " << name)
    BOOST_TEST(names_somewhere(worded(kind.value, Language::english, name), name));
  }
}

BOOST_AUTO_TEST_CASE(no_place_stays_empty_and_no_label_is_missing) {
  for (const auto& kind : domain::names<AlertKind>())
    for (const auto language : {Language::english, Language::russian}) {
      const auto message = worded(kind.value, language, "Anna");
      BOOST_TEST_CONTEXT(kind.name) {
        BOOST_TEST(message.subject.find("{}") == std::string::npos);
        BOOST_TEST(message.text.find("{}") == std::string::npos);
        for (const auto& fact : message.facts) {
          BOOST_TEST(!fact.label.empty());
          BOOST_TEST(!fact.value.empty());
          BOOST_TEST(fact.value.find("{}") == std::string::npos);
        }
      }
    }
}

BOOST_AUTO_TEST_CASE(the_languages_have_the_same_places_to_fill_in) {
  const auto places = [](std::string_view words) {
    int count = 0;
    for (auto at = words.find("{}"); at != std::string_view::npos; at = words.find("{}", at + 2)) ++count;
    return count;
  };
  int number = 0;
  for (const auto& row : domain::names<notify::Phrase>()) {
    BOOST_TEST(static_cast<int>(row.value) == number++);
    BOOST_TEST_CONTEXT(row.name) {
      BOOST_TEST(!row.english.empty());
      BOOST_TEST(!row.russian.empty());
      BOOST_TEST(places(row.english) == places(row.russian));
      BOOST_TEST(row.english != row.russian);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_incident_is_told_in_the_order_that_people_know) {
  const std::vector<std::string> english{"Type", "Severity",   "Status", "Time",       "Guest",
                                         "Host", "Department", "Visit",  "Assigned to"};
  BOOST_TEST(labels_of(worded(AlertKind::incident_opened, Language::english, "Anna")) == english,
             boost::test_tools::per_element());
  const std::vector<std::string> russian{"Тип",         "Уровень", "Статус", "Время",   "Гость",
                                         "Принимающий", "Отдел",   "Визит",  "Назначен"};
  BOOST_TEST(labels_of(worded(AlertKind::incident_opened, Language::russian, "Anna")) == russian,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_alert_is_called_as_it_always_was_and_its_time_is_the_sites) {
  const auto message = worded(AlertKind::incident_opened, Language::english, "Anna");
  BOOST_TEST(message.subject == "Security Alert: Long stay");
  BOOST_TEST(value_of(message, "Time") == "2026-09-02 03:27:53 (Asia/Almaty)");
  BOOST_TEST(!message.late);
}

BOOST_AUTO_TEST_CASE(what_became_known_late_says_so_in_its_subject_and_names_both_times) {
  auto told = incident_of("Anna");
  told.late = true;
  told.detected_at = kNight + 2h;
  Message message;
  notify::word_incident(message, told, Zone::utc());
  BOOST_TEST(message.late);
  BOOST_TEST(message.subject == "Late Security Alert: Long stay");
  BOOST_TEST(value_of(message, "Time") == "2026-09-01 22:27:53 (Etc/UTC)");
  BOOST_TEST(value_of(message, "Learned late") == "2026-09-02 00:27:53 (Etc/UTC)");
}

BOOST_AUTO_TEST_CASE(an_escalation_says_since_when_nobody_has_answered_unless_somebody_has_meanwhile) {
  auto told = incident_of("Anna");
  told.assigned_to.clear();
  Message message;
  message.kind = AlertKind::incident_escalated;
  notify::word_incident(message, told, Zone::utc());
  BOOST_TEST(message.text.find("Nobody has taken this on since 2026-09-01 22:28:53") != std::string::npos);

  told.status = domain::IncidentStatus::investigating;
  told.assigned_to = "boris";
  Message later;
  later.kind = AlertKind::incident_escalated;
  notify::word_incident(later, told, Zone::utc());
  BOOST_TEST(later.text.find("Nobody") == std::string::npos);
  BOOST_TEST(later.text.find("Taken on by boris.") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_person_reported_is_told_in_the_persons_words) {
  auto told = incident_of("Anna");
  told.type = domain::IncidentType::other;
  told.summary = "A pane is broken <here>";
  told.details = "{}";
  told.note.clear();
  told.assigned_to.clear();
  Message message;
  notify::word_incident(message, told, Zone::utc());
  BOOST_TEST(message.text == "A pane is broken <here>");
}

BOOST_AUTO_TEST_CASE(what_is_not_known_leaves_no_empty_line) {
  notify::IncidentTold told;
  told.type = domain::IncidentType::tamper;
  Message message;
  notify::word_incident(message, told, Zone::utc());
  const std::vector<std::string> labels{"Type", "Severity", "Status", "Time"};
  BOOST_TEST(labels_of(message) == labels, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_storm_names_the_gravest_first_and_counts_the_rest) {
  const auto message = worded(AlertKind::storm, Language::english, "Anna");
  BOOST_TEST(message.subject == "10000 alerts");
  BOOST_REQUIRE(message.facts.size() == 2U);
  BOOST_TEST(message.facts[0].label == "Critical");
  BOOST_TEST(message.facts[1].value == "Overstay 9000, Guest arrived 10");
  BOOST_TEST(message.text.find("№ 42: Tamper") != std::string::npos);
  BOOST_TEST(message.text.find("… and 9999 more") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_digest_is_kept_as_figures_without_losing_anything) {
  for (const auto& name : kNasty) {
    if (name.find('\xFF') != std::string::npos) continue;  // the database holds no such text
    auto digest = digest_of(name);
    digest.previous.no_shows = 5;
    digest.previous.severities = {{domain::Severity::low, 2}};
    BOOST_TEST((notify::digest_of(domain::Figures::parse(notify::to_figures(digest).json())) == digest));
  }
}

BOOST_AUTO_TEST_CASE(a_daily_summary_tells_today_and_yesterday) {
  const auto message = worded(AlertKind::daily_summary, Language::english, "Main");
  BOOST_TEST(message.subject == "Daily summary: Main, 2026-09-02");
  BOOST_TEST(message.text.find("Came: 130") != std::string::npos);
  BOOST_TEST(message.text.find("By type: Long stay 3, Entry under duress 1") != std::string::npos);
  BOOST_TEST(message.text.find("Yesterday\nCame: 0\nLeft: 0\nNo incidents.") != std::string::npos);
  BOOST_TEST(message.text.find("In the building now: 12") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(values_are_filled_in_literally_and_once) {
  const std::array<std::string_view, 2> values{"{}", "b"};
  BOOST_TEST(notify::fill("{} and {} and {}", values) == "{} and b and ");
  BOOST_TEST(notify::fill("none", values) == "none");
  BOOST_TEST(notify::fill("", values) == "");
}

BOOST_AUTO_TEST_SUITE_END()
