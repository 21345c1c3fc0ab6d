#include "report/roll_call.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <sstream>

#include "core/text.hpp"
#include "support/manual_clock.hpp"

using namespace visitor;
using domain::How;
using domain::RollCall;
using domain::RollEntry;
using visitor::test::at;

namespace {

const Instant kNow = at("2026-09-01T08:40:00Z");

RollCall empty_roll() {
  RollCall roll;
  roll.at = kNow;
  roll.sites = {{{1}, "Head office", "Asia/Almaty"}};
  return roll;
}

RollEntry somebody(const std::string& name, const std::string& department, const std::string& host) {
  RollEntry entry;
  entry.visit = {42};
  entry.site = {1};
  entry.department = department;
  entry.host = host;
  entry.host_phone = "+77011234567";
  entry.guest_name = name;
  entry.phone = "+77020000000";
  entry.since = at("2026-09-01T03:05:00Z");
  entry.proof_at = at("2026-09-01T07:10:00Z");
  entry.entered_at = entry.proof_at;
  entry.place = "Turnstile 1";
  return entry;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roll_call_on_paper)

BOOST_AUTO_TEST_CASE(people_stand_under_their_department_and_host_with_their_telephone_numbers) {
  auto roll = empty_roll();
  roll.entries = {somebody("Zoya", "Sales", "Aida"), somebody("Anna", "Sales", "Aida"), somebody("Boris", "", ""),
                  somebody("Clara", "Admissions", "Daniyar")};
  domain::sort(roll);
  const auto text = report::roll_call_text(roll, kNow);
  BOOST_TEST(has(text, "EVACUATION ROLL CALL\n"));
  BOOST_TEST(has(text, "Head office"));
  BOOST_TEST(has(text, "2026-09-01 13:40 Asia/Almaty\n"));
  BOOST_TEST(has(text, "Inside: 4\n"));
  BOOST_TEST(text.find("Admissions") < text.find("Sales"));
  BOOST_TEST(text.find("Sales") < text.find("No department"));
  BOOST_TEST(text.find("Anna") < text.find("Zoya"));
  BOOST_TEST(count(text, "Aida") == 1U);
  BOOST_TEST(count(text, "[ ] ") == 4U);
  BOOST_TEST(has(text, "in since 08:05, Turnstile 1 at 12:10"));
  const auto lines = lines_of(text);
  BOOST_TEST(std::any_of(lines.begin(), lines.end(), [](const auto& line) {
    return line.starts_with("    [ ] Clara") && line.ends_with("+77020000000");
  }));
  BOOST_TEST(std::any_of(lines.begin(), lines.end(), [](const auto& line) {
    return line.starts_with("  Daniyar ") && line.ends_with("+77011234567");
  }));
}

BOOST_AUTO_TEST_CASE(who_left_by_presumption_stands_apart_and_is_not_counted_as_inside) {
  auto roll = empty_roll();
  auto gone = somebody("Galina", "Sales", "Aida");
  gone.how = How::presumed;
  gone.proof_at = at("2026-08-31T20:05:00Z");
  roll.entries = {gone, somebody("Anna", "Sales", "Aida")};
  domain::sort(roll);
  const auto text = report::roll_call_text(roll, kNow);
  BOOST_TEST(has(text, "Inside: 1"));
  BOOST_TEST(has(text, "Presumed left: 1"));
  BOOST_TEST(text.find("Anna") < text.find("PRESUMED LEFT, NOBODY SAW THEM LEAVE"));
  BOOST_TEST(text.find("PRESUMED LEFT, NOBODY SAW THEM LEAVE") < text.find("Galina"));
  BOOST_TEST(has(text, "presumed left at 01:05") == true);
}

BOOST_AUTO_TEST_CASE(no_line_is_wider_than_80_columns_whatever_things_are_called) {
  auto roll = empty_roll();
  roll.written_by = std::string(300, 'h');
  roll.sites[0].name = std::string(200, 'S');
  std::string russian;
  for (int i = 0; i < 60; ++i) russian += "Щука ";
  auto wide = somebody(russian, russian, russian);
  wide.company = russian;
  wide.phone = std::string(500, '7');
  wide.place = "東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京東京";
  auto hostile = somebody("Mallory\x1b[2J\f\n[ ] Nobody", "\x80\xff", "a\tb");
  hostile.how = How::person;
  hostile.login = std::string(100, 'l');
  roll.entries = {wide, hostile};
  domain::sort(roll);
  for (const auto language : {domain::Language::english, domain::Language::russian})
    for (const bool pages : {false, true}) {
      const auto text = report::roll_call_text(roll, kNow, {language, pages});
      for (const auto& line : lines_of(text)) BOOST_TEST(display_width(line) <= 80U, line);
      BOOST_TEST(!has(text, "\x1b"));
      BOOST_TEST(count(text, "\f") == 0U);
      BOOST_TEST(clean_utf8(text) == text);
    }
}

BOOST_AUTO_TEST_CASE(pages_have_a_heading_a_number_and_at_most_60_lines) {
  auto roll = empty_roll();
  for (int i = 0; i < 200; ++i)
    roll.entries.push_back(somebody(fmt::format("Guest {:03}", i), "Sales", i < 100 ? "Aida" : "Boris"));
  domain::sort(roll);
  const auto text = report::roll_call_text(roll, kNow, {domain::Language::english, true});
  std::vector<std::string> pages(1);
  for (const char c : text)
    if (c == '\f')
      pages.emplace_back();
    else
      pages.back() += c;
  BOOST_TEST(pages.size() == 8U);
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const auto lines = lines_of(pages[i]);
    BOOST_TEST(lines.size() <= 60U);
    BOOST_TEST(lines.at(0).starts_with("EVACUATION ROLL CALL"));
    BOOST_TEST(lines.at(0).ends_with(fmt::format("page {} of 8", i + 1)));
    BOOST_TEST(lines.at(1).starts_with("Head office"));
    if (i > 0) BOOST_TEST(has(pages[i], "… Sales / "));
  }
  BOOST_TEST(count(text, "[ ] ") == 200U);
}

BOOST_AUTO_TEST_CASE(a_snapshot_says_how_old_it_is_and_where_it_is_from_in_both_languages) {
  auto roll = empty_roll();
  roll.at = kNow - std::chrono::seconds{12'000};
  roll.written_by = "gate-1";
  const auto english = report::roll_call_text(roll, kNow);
  BOOST_TEST(has(english, "From a snapshot, 3 h 20 min old: the database does not answer"));
  BOOST_TEST(has(english, "gate-1"));
  BOOST_TEST(has(english, "Nobody is in the building."));
  const auto russian = report::roll_call_text(roll, kNow, {domain::Language::russian, false});
  BOOST_TEST(has(russian, "ПЕРЕКЛИЧКА ПРИ ЭВАКУАЦИИ"));
  BOOST_TEST(has(russian, "давность 3 ч 20 мин"));
  BOOST_TEST(has(russian, "В здании никого нет."));
  BOOST_TEST(!has(report::roll_call_text(empty_roll(), kNow), "snapshot"));
}

BOOST_AUTO_TEST_SUITE_END()
