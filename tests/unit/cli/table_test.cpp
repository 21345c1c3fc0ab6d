#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "cli/table.hpp"
#include "core/text.hpp"

namespace visitor::cli {
namespace {

Table guests() {
  Table table{{{"ID", Column::Align::right}, {"Name", {}, Column::Fit::give}, {"Status"}}};
  table.add({VisitId{7}, "Елена Петрова", {"CHECKED_IN", Tone::good}});
  table.add({VisitId{112}, "Wu", ""});
  return table;
}

BOOST_AUTO_TEST_SUITE(table)

BOOST_AUTO_TEST_CASE(columns_are_aligned_by_what_a_terminal_shows_not_by_bytes) {
  BOOST_TEST(guests().aligned(0, false) ==
             " ID  Name           Status\n"
             "  7  Елена Петрова  CHECKED_IN\n"
             "112  Wu\n");
}

BOOST_AUTO_TEST_CASE(a_column_gives_way_where_the_terminal_is_narrow) {
  const auto text = guests().aligned(26, false);

  BOOST_TEST(text ==
             " ID  Name       Status\n"
             "  7  Елена Пе…  CHECKED_IN\n"
             "112  Wu\n");
}

BOOST_AUTO_TEST_CASE(columns_that_must_stay_whole_do_so_however_narrow_the_terminal_is) {
  BOOST_TEST(guests().aligned(10, false).find("CHECKED_IN") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(where_no_table_fits_each_row_is_a_paragraph) {
  BOOST_TEST(guests().aligned(20, false) ==
             "ID: 7\nName: Елена Петрова\nStatus: CHECKED_IN\n"
             "\n"
             "ID: 112\nName: Wu\n");
}

BOOST_AUTO_TEST_CASE(an_empty_column_goes_where_the_terminal_is_narrow_and_stays_elsewhere) {
  Table table{{{"ID"}, {"Problem", {}, Column::Fit::give}, {"Name", {}, Column::Fit::give}}};
  table.add({VisitId{1}, "", "Daniyar"});

  BOOST_TEST(table.aligned(14, false) == "ID  Name\n1   Daniyar\n");
  BOOST_TEST(table.aligned(80, false) == "ID  Problem  Name\n1            Daniyar\n");
  BOOST_TEST(table.tsv() == "1\t\tDaniyar\n");
}

BOOST_AUTO_TEST_CASE(colour_changes_no_width) {
  const auto text = guests().aligned(0, true);

  BOOST_TEST(text.find("\x1b[32mCHECKED_IN\x1b[0m\n") != std::string::npos);
  BOOST_TEST(text.find("\x1b[1m ID  Name           Status\x1b[0m\n") == 0);
}

BOOST_AUTO_TEST_CASE(an_empty_table_is_no_text_at_all) {
  const Table empty{{{"ID"}}};
  BOOST_TEST(empty.aligned(80, true) == "");
  BOOST_TEST(empty.tsv() == "");
}

BOOST_AUTO_TEST_CASE(programs_get_a_line_for_each_row_and_no_header) {
  BOOST_TEST(guests().tsv() == "7\tЕлена Петрова\tCHECKED_IN\n112\tWu\t\n");
}

BOOST_AUTO_TEST_CASE(programs_get_the_exact_value_where_a_cell_has_one) {
  Table table{{{"At"}}};
  table.add({Cell{"2026-09-01 17:27", std::string{"2026-09-01T17:27:53+05:00"}}});

  BOOST_TEST(table.tsv() == "2026-09-01T17:27:53+05:00\n");
  BOOST_TEST(table.aligned(0, false) == "At\n2026-09-01 17:27\n");
}

BOOST_AUTO_TEST_CASE(a_field_can_neither_end_its_line_nor_begin_another_field) {
  Table table{{{"A"}, {"B"}}};
  table.add({"one\ttwo\nthree\r", "back\\slash"});

  BOOST_TEST(table.tsv() == "one\\ttwo\\nthree\\r\tback\\\\slash\n");
}

BOOST_AUTO_TEST_CASE(a_name_cannot_reach_the_terminal) {
  BOOST_TEST(printable("a\x1b[2Jb\x07") == "a\uFFFD[2Jb\uFFFD");
  BOOST_TEST(printable("\xC2\x9B"
                       "2J") == "\uFFFD2J");                              // CSI in one character
  BOOST_TEST(printable("\u202Egpj.exe\u2066") == "\uFFFDgpj.exe\uFFFD");  // turned around
  BOOST_TEST(printable("bad \xFF\xFE") == "bad \uFFFD\uFFFD");
  BOOST_TEST(printable("Жанна ✓ 漢") == "Жанна ✓ 漢");
}

BOOST_AUTO_TEST_CASE(shortened_text_fits_also_where_characters_are_wide) {
  BOOST_TEST(shortened("short", 5) == "short");
  BOOST_TEST(shortened("longer", 5) == "long…");
  BOOST_TEST(shortened("漢字漢字", 5) == "漢字…");
  BOOST_TEST(display_width(shortened("漢字漢字", 4)) <= 4U);
  BOOST_TEST(shortened("anything", 1) == "…");
  BOOST_TEST(shortened("anything", 0) == "");
}

BOOST_AUTO_TEST_CASE(a_row_with_the_wrong_number_of_cells_is_a_defect) {
  Table table{{{"A"}, {"B"}}};
  BOOST_CHECK_THROW(table.add({"only one"}), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_card_leaves_out_for_people_what_is_empty_and_never_for_programs) {
  Card card;
  card.add("Guest", GuestId{3});
  card.add("Company", "");
  card.add("Telephone number", "+77011234567");

  BOOST_TEST(card.aligned(false) == "Guest:             3\nTelephone number:  +77011234567\n");
  BOOST_TEST(card.tsv() == "guest\t3\ncompany\t\ntelephone_number\t+77011234567\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace visitor::cli
