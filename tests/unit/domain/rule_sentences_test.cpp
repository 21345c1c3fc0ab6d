#include <boost/test/unit_test.hpp>

#include "domain/rules.hpp"

using namespace visitor;
using namespace visitor::domain;

namespace {

std::string english(IncidentType type, std::string_view details) {
  return summary(type, details, Language::english);
}
std::string russian(IncidentType type, std::string_view details) {
  return summary(type, details, Language::russian);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sentences_of_incidents)

BOOST_AUTO_TEST_CASE(figures_are_put_into_the_sentence_of_each_language) {
  const auto* details = R"({"visit": 42, "checked_in_at": "2026-09-01T04:00:00Z", "limit_seconds": 30600})";
  BOOST_TEST(english(IncidentType::long_stay, details) ==
             "The guest of visit 42 has been in the building for more than 8 h 30 min.");
  BOOST_TEST(russian(IncidentType::long_stay, details) == "Гость визита 42 находится в здании более 8 ч 30 мин.");
  BOOST_TEST(russian(IncidentType::capacity, R"({"inside":101,"limit":100})") ==
             "В здании 101 чел., разрешено не более 100.");
  BOOST_TEST(russian(IncidentType::door_forced, R"({"name":"Lobby","door":2})") ==
             "Дверь открыта без разрешения: терминал «Lobby», дверь 2.");
  BOOST_TEST(english(IncidentType::suspicious_time, R"({"local":"2026-09-01T23:30:00+05:00","day_off":true})") ==
             "A guest came in at 23:30 local time, on a day off.");
  BOOST_TEST(russian(IncidentType::multiple_failed_access, R"({"count":3,"seconds":95,"subject":"card:1"})") ==
             "Отказов в доступе: 3, за 1 мин (одна и та же карта).");
}

BOOST_AUTO_TEST_CASE(a_clock_is_ahead_or_behind_or_calls_local_time_utc) {
  BOOST_TEST(english(IncidentType::clock_drift, R"({"name":"Lobby","offset_ms":-45000,"offset_seconds":45})") ==
             "The clock of terminal Lobby is 45 s behind.");
  BOOST_TEST(russian(IncidentType::clock_drift, R"({"name":"Lobby","offset_ms":45000,"offset_seconds":45})") ==
             "Часы спешат на 45 с: терминал «Lobby».");
  BOOST_TEST(english(IncidentType::clock_drift,
                     R"({"name":"Lobby","offset_ms":18000000,"offset_seconds":18000,"local_as_utc":true})") ==
             "The clock of terminal Lobby shows local time and calls it UTC (+00:00): it is 5 h ahead.");
}

BOOST_AUTO_TEST_CASE(incidents_of_older_versions_have_fewer_figures_and_still_say_something) {
  for (const auto& rule : rules()) {
    for (const auto language : {Language::english, Language::russian}) {
      for (const auto* details :
           {"{}", "", "null", "{\"visit\":", "[1,2]", R"({"visit":{"a":[1]},"limit_seconds":1.5})"}) {
        const auto sentence = summary(rule.type, details, language);
        BOOST_TEST_CONTEXT(name(rule.type) << " of " << details)
        BOOST_TEST((sentence.size() > 5 && sentence.ends_with('.')));
      }
    }
  }
  BOOST_TEST(english(IncidentType::exit_without_entry, R"({"terminal":3,"serial":5})") ==
             "A guest left without having come in.");
}

BOOST_AUTO_TEST_CASE(every_rule_has_a_meaning_and_an_example_in_both_languages) {
  for (const auto& rule : rules()) {
    BOOST_TEST_CONTEXT(name(rule.type)) {
      BOOST_TEST(rule.meaning.english.ends_with('.'));
      BOOST_TEST(rule.meaning.russian.ends_with('.'));
      BOOST_TEST(Figures::parse(rule.example).json() == rule.example);
      BOOST_TEST(english(rule.type, rule.example) != russian(rule.type, rule.example));
    }
  }
}

BOOST_AUTO_TEST_CASE(what_a_person_opened_says_what_the_person_said) {
  BOOST_TEST(russian(IncidentType::other, R"({"text":"Разбито окно"})") == "Разбито окно");
  BOOST_TEST(russian(IncidentType::other, "{}") == "Другое");
}

BOOST_AUTO_TEST_CASE(figures_survive_json_and_what_postgresql_makes_of_it) {
  Figures figures;
  figures.add("text", "a \"b\" \\ \n «я»").add("number", -42).add("yes", true).add("no", false).add("id", VisitId{7});
  for (const auto& json :
       {figures.json(), std::string{R"( {"id": 7, "no": false, "yes": true, "text": "a \"b\" \\ \n «я»",
      "nested": {"text": "}"}, "list": [1, "]"], "none": null, "number": -42} )"}}) {
    const auto read = Figures::parse(json);
    BOOST_TEST(read.text("text").value_or("") == "a \"b\" \\ \n «я»");
    BOOST_TEST(read.number("number").value_or(0) == -42);
    BOOST_TEST(read.number("id").value_or(0) == 7);
    BOOST_TEST(read.flag("yes"));
    BOOST_TEST(!read.flag("no"));
    BOOST_TEST(!read.flag("nothing"));
    BOOST_TEST(!read.text("number").has_value());
    BOOST_TEST(!read.text("nested").has_value());
  }
  BOOST_TEST(Figures::parse(R"({"a":"\u0416\ud83d\u0000x"})").text("a").value_or("") == "Ж\uFFFD\uFFFDx");
  BOOST_TEST(Figures{}.json() == "{}");
}

BOOST_AUTO_TEST_CASE(text_that_is_no_json_gives_what_came_before) {
  for (const auto* broken : {R"({"a":1,"b":"x)", R"({"a":1,"b":"\)", R"({"a":1,"b":"\u12)", R"({"a":1,"b":"\q"})",
                             R"({"a":1,)", R"({"a":1,"b":[[[[)", R"({"a":1,"b":{"c":"})"}) {
    const auto read = Figures::parse(broken);
    BOOST_TEST(read.number("a").value_or(0) == 1, broken);
    BOOST_TEST(!read.text("b").has_value(), broken);
  }
  const auto deep = std::string(200'000, '[');
  BOOST_TEST(Figures::parse(R"({"a":)" + deep).json() == "{}");
}

BOOST_AUTO_TEST_SUITE_END()
