#include "cli/qr_text.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "auth/totp.hpp"
#include "core/file.hpp"
#include "core/process.hpp"
#include "core/text.hpp"
#include "support/has_code.hpp"
#include "support/temporary_folder.hpp"

using namespace visitor;

namespace {

constexpr std::string_view kBlackOnWhite = "\x1b[38;5;16;48;5;231m";
constexpr std::string_view kPlain = "\x1b[0m";

struct Cell {
  std::string_view text;
  bool upper;
  bool lower;
};
constexpr std::array<Cell, 4> kCells{{{" ", false, false}, {"▀", true, false}, {"▄", false, true}, {"█", true, true}}};

/// What a terminal shows for it: a row of modules to each inner vector, true is black. Empty where a line does not say
/// its colours, or ends without giving them back.
std::vector<std::vector<bool>> shown(std::string_view text) {
  std::vector<std::vector<bool>> rows;
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() + 1);
    if (!line.starts_with(kBlackOnWhite) || !line.ends_with(kPlain)) return {};
    line.remove_prefix(kBlackOnWhite.size());
    line.remove_suffix(kPlain.size());
    std::vector<bool> upper;
    std::vector<bool> lower;
    while (!line.empty()) {
      const auto* cell =
          std::find_if(kCells.begin(), kCells.end(), [&](auto one) { return line.starts_with(one.text); });
      if (cell == kCells.end()) return {};
      line.remove_prefix(cell->text.size());
      upper.push_back(cell->upper);
      lower.push_back(cell->lower);
    }
    rows.push_back(upper);
    rows.push_back(lower);
  }
  return rows;
}

/// As a picture that zbarimg reads, of \p scale pixels to a module.
std::string as_picture(const std::vector<std::vector<bool>>& rows, std::size_t scale) {
  std::string picture =
      "P1\n" + std::to_string(rows.front().size() * scale) + " " + std::to_string(rows.size() * scale) + "\n";
  for (const auto& row : rows)
    for (std::size_t again = 0; again < scale; ++again) {
      for (const bool dark : row)
        for (std::size_t i = 0; i < scale; ++i) picture += dark ? "1 " : "0 ";
      picture += '\n';
    }
  return picture;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(qr_text_of, test::TemporaryFolder)

BOOST_AUTO_TEST_CASE(a_scanner_reads_from_the_terminal_what_an_app_needs) {
  for (const auto* login : {"anna", "анна.каренина@университет.example", "o'brien & sons: 100%"}) {
    const auto uri = auth::totp_uri(auth::new_totp_key(), {domain::TotpAlgorithm::sha512, 8}, "Visitor", login);
    const auto code = report::encode_qr(uri.reveal());
    const auto rows = shown(cli::qr_text(code));
    BOOST_REQUIRE(!rows.empty());
    BOOST_TEST(rows.front().size() == cli::qr_columns(code));
    write_file(path / "code.pbm", as_picture(rows, 4));
    ProcessOptions options;
    options.argv = {"zbarimg", "-q", "--raw", (path / "code.pbm").string()};
    const auto read = run_process(options);
    BOOST_TEST(read.status == 0);
    BOOST_TEST(trim(read.out) == uri.reveal());
  }
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
  BOOST_CHECK_NO_THROW(report::encode_qr(std::string(2000, 'x')));
  BOOST_CHECK_EXCEPTION(report::encode_qr(std::string(3000, 'x')), Error, test::has_code(Errc::usage));
}

BOOST_AUTO_TEST_SUITE_END()
