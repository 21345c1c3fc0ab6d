#include "archive/dump_reader.hpp"

#include <boost/test/unit_test.hpp>

#include "core/error.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using namespace visitor::archive;
using test::has_code;

namespace {

std::string number(long long value) {
  std::string out(1, value < 0 ? '\1' : '\0');
  const auto positive = static_cast<std::uint64_t>(value < 0 ? -value : value);
  for (int n = 0; n < 4; ++n) out += static_cast<char>((positive >> (8 * n)) & 0xff);
  return out;
}
std::string text(std::string_view value) {
  return number(static_cast<long long>(value.size())) + std::string{value};
}

struct Table {
  int id;
  std::string name;
  std::vector<std::string> rows;
};

/// As pg_dump of PostgreSQL 15 writes it.
std::string dump_of(const std::vector<Table>& tables, std::size_t chunk = 0) {
  std::string out = std::string{"PGDMP"} + '\1' + '\xe' + '\0' + '\4' + '\x8' + '\1' + number(0);
  for (int n = 0; n < 7; ++n) out += number(n);
  out += text("visitor") + text("15.20") + text("15.20") + number(static_cast<long long>(tables.size()) + 1);
  const auto entry = [](int id, bool data, const std::string& name, const std::string& what, const std::string& copy) {
    std::string entry = number(id) + number(data ? 1 : 0) + text("16384") + text("16385") + text(name) + text(what) +
                        number(3) + text("") + text("") + text(copy) + text("public") + text("") + text("") +
                        text("visitor") + text("false") + text("17") + number(-1);
    return entry + '\2' + std::string(8, '\0');
  };
  out += entry(900, false, "guest", "TABLE", "");
  for (const auto& table : tables)
    out += entry(table.id, true, table.name, "TABLE DATA",
                 "COPY public." + table.name + " (id, \"odd, name\") FROM stdin;\n");
  for (const auto& table : tables) {
    std::string rows;
    for (const auto& row : table.rows) rows += row + "\n";
    rows += "\\.\n\n\n";
    out += '\1' + number(table.id);
    for (std::size_t at = 0; at < rows.size();) {
      const auto size = std::min(chunk == 0 ? rows.size() : chunk, rows.size() - at);
      out += text(rows.substr(at, size));
      at += size;
    }
    out += number(0);
  }
  return out;
}

std::vector<TableSum> read(std::string_view dump, std::size_t piece) {
  DumpReader reader;
  for (std::size_t at = 0; at < dump.size(); at += piece) reader.add(std::as_bytes(std::span{dump.substr(at, piece)}));
  return reader.finish();
}

const std::vector<Table> kHouse{{11, "guest", {"1\tElena", "2\tAnton", "3\t\\N"}}, {12, "visit", {}}};

}  // namespace

BOOST_AUTO_TEST_SUITE(dump_reader)

BOOST_AUTO_TEST_CASE(rows_are_counted_and_summed_however_the_bytes_come) {
  const auto wanted = read(dump_of(kHouse), 1 << 20);
  BOOST_REQUIRE(wanted.size() == 2U);
  BOOST_TEST(wanted[0].name == "public.guest");
  BOOST_TEST(wanted[0].rows == 3);
  BOOST_TEST(wanted[1].rows == 0);
  for (const std::size_t piece : {1, 2, 3, 7, 64, 1000})
    for (const std::size_t chunk : {0, 1, 5, 9}) BOOST_TEST((read(dump_of(kHouse, chunk), piece) == wanted));
}

BOOST_AUTO_TEST_CASE(the_order_of_rows_makes_no_difference_and_every_other_change_does) {
  auto house = kHouse;
  const auto sum = [](const std::vector<Table>& tables) { return read(dump_of(tables), 4096)[0]; };
  const auto before = sum(house);
  std::swap(house[0].rows[0], house[0].rows[2]);
  BOOST_TEST((sum(house) == before));
  house[0].rows[1] = "2\tanton";
  BOOST_TEST((sum(house) != before));
  house = kHouse;
  house[0].rows.push_back(house[0].rows.front());
  const auto twice = sum(house);
  BOOST_TEST(twice.rows == 4);
  BOOST_TEST(twice.sum != before.sum);
}

BOOST_AUTO_TEST_CASE(every_truncation_is_found) {
  const auto dump = dump_of(kHouse);
  for (std::size_t size = 0; size < dump.size(); ++size)
    BOOST_CHECK_EXCEPTION(read(std::string_view{dump}.substr(0, size), 100), Error, has_code(Errc::integrity));
}

BOOST_AUTO_TEST_CASE(what_is_no_dump_is_refused_and_a_later_format_is_named) {
  BOOST_CHECK_EXCEPTION(read("CREATE TABLE guest ();", 100), Error, has_code(Errc::integrity));
  auto later = dump_of(kHouse);
  later[6] = '\x20';
  BOOST_CHECK_EXCEPTION(read(later, 100), Error, has_code(Errc::config));
}

BOOST_AUTO_TEST_CASE(rows_are_handed_out_with_their_columns) {
  class Rows final : public DumpReader {
   public:
    std::vector<std::string> columns;
    std::vector<std::string> rows;

   protected:
    void on_table(const DumpedTable& table) override { columns = table.columns; }
    void on_row(std::string_view row) override { rows.emplace_back(row); }
  };
  Rows rows;
  const auto dump = dump_of({kHouse[0]}, 4);
  rows.add(std::as_bytes(std::span{dump}));
  rows.finish();
  BOOST_TEST(rows.columns == (std::vector<std::string>{"id", "odd, name"}), boost::test_tools::per_element());
  BOOST_TEST(rows.rows == kHouse[0].rows, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(fields_are_read_as_copy_writes_them) {
  const auto fields = copy_fields("1\t\\N\ta\\tb\\\\c\\n\t");
  BOOST_REQUIRE(fields.size() == 4U);
  BOOST_TEST(*fields[0] == "1");
  BOOST_TEST(!fields[1]);
  BOOST_TEST(*fields[2] == "a\tb\\c\n");
  BOOST_TEST(*fields[3] == "");
}

BOOST_AUTO_TEST_CASE(differences_name_the_table_and_the_numbers) {
  const std::vector<TableSum> wanted{{"public.a", 1, "x"}, {"public.b", 2, "x"}, {"public.c", 3, "x"}};
  const std::vector<TableSum> found{
      {"public.a", 1, "x"}, {"public.b", 1, "x"}, {"public.c", 3, "y"}, {"public.d", 4, "x"}};
  BOOST_TEST(differences(wanted, wanted).empty());
  const auto lines = differences(wanted, found);
  BOOST_TEST(
      lines == (std::vector<std::string>{"public.b: 1 rows instead of 2",
                                         "public.c: as many rows (3), and other contents", "public.d is new (4 rows)"}),
      boost::test_tools::per_element());
  BOOST_TEST(differences(wanted, {}).size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
