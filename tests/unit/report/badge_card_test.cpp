#include "report/badge_card.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <string>

#include "core/error.hpp"
#include "core/process.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

using namespace visitor;
using domain::BadgeFormat;
using report::BadgeFace;
using report::draw_badge;
using visitor::test::at;

namespace {

const std::string kToken = "vb1." + std::string(118, 'x');
const Instant kNow = at("2026-11-23T08:30:00Z");

struct Cards : visitor::test::TemporaryFolder {
  config::BadgeTemplate design = config::parse_badge_template(config::badge_template_toml("en"), {});

  static BadgeFace face(std::string name) {
    BadgeFace made;
    made.name = std::move(name);
    made.company = "ТОО «Қазақстан Темір Жолы»";
    made.host = "Дана Омарова";
    made.department = "Приёмная комиссия";
    made.date = "2026-11-23";
    made.token = kToken;
    return made;
  }

  std::string draw(const BadgeFace& face, BadgeFormat format) {
    const auto file = draw_badge(face, design, {}, format, kNow);
    BOOST_TEST(file.cut.empty());
    return file.bytes;
  }

  std::filesystem::path write(const std::string& name, const std::string& bytes) {
    std::ofstream{path / name, std::ios::binary} << bytes;
    return path / name;
  }

  static std::string run(std::vector<std::string> words) {
    ProcessOptions options;
    options.argv = std::move(words);
    const auto result = run_process(options);
    BOOST_TEST(result.status == 0, options.argv.front() << ": " << result.err);
    return result.out;
  }

  static std::string scanned(const std::filesystem::path& picture) {
    return run(
        {"zbarimg", "--nodbus", "--quiet", "--raw", "--set", "disable", "--set", "qrcode.enable", picture.string()});
  }
};

/// The picture of a label as PBM, by the rules of Zebra's manual.
std::string to_pbm(const std::string& zpl) {
  const auto begin = zpl.find("^GFA,");
  std::size_t at = begin + 5, total = 0, row = 0;
  const auto number = [&] {
    std::size_t value = 0;
    for (; std::isdigit(static_cast<unsigned char>(zpl[at])) != 0; ++at) value = value * 10 + (zpl[at] - '0');
    ++at;
    return value;
  };
  number();
  total = number();
  row = number();
  const auto digits_in_row = row * 2;
  std::string digits, line, before;
  const auto end_row = [&] {
    BOOST_REQUIRE(line.size() == digits_in_row);
    digits += line;
    before = std::exchange(line, {});
  };
  std::size_t count = 0;
  for (; zpl[at] != '^'; ++at) {
    const char c = zpl[at];
    if (c >= 'G' && c <= 'Y') {
      count += static_cast<std::size_t>(c - 'G' + 1);
    } else if (c >= 'g' && c <= 'z') {
      count += static_cast<std::size_t>(c - 'g' + 1) * 20;
    } else if (c == ',' || c == '!') {
      line.resize(digits_in_row, c == ',' ? '0' : 'F');
      end_row();
    } else if (c == ':') {
      line = before;
      end_row();
    } else {
      BOOST_REQUIRE(std::isxdigit(static_cast<unsigned char>(c)));
      line.append(std::max<std::size_t>(count, 1), c);
      count = 0;
      if (line.size() == digits_in_row) end_row();
    }
  }
  BOOST_TEST(digits.size() == total * 2);
  std::string pbm = "P4\n" + std::to_string(row * 8) + " " + std::to_string(total / row) + "\n";
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    pbm += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return pbm;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(badge_cards, Cards)

BOOST_AUTO_TEST_CASE(the_qr_code_of_a_png_is_read_by_others) {
  const auto file = write("badge.png", draw(face("Елена Петрова"), BadgeFormat::png));
  BOOST_TEST(scanned(file) == kToken + "\n");
}

BOOST_AUTO_TEST_CASE(a_pdf_has_the_size_of_the_card_and_its_text_and_qr_code_are_read_by_others) {
  const auto pdf = write("badge.pdf", draw(face("Әлия Қуанышқызы"), BadgeFormat::pdf));
  run({"qpdf", "--check", pdf.string()});
  const auto info = run({"pdfinfo", pdf.string()});
  BOOST_TEST(info.find("Page size:       242.646 x 153.071 pts") != std::string::npos, info);
  BOOST_TEST(info.find("Pages:           1") != std::string::npos);
  const auto text = run({"pdftotext", pdf.string(), "-"});
  for (const auto* wanted : {"VISITOR", "Әлия Қуанышқызы", "ТОО «Қазақстан Темір Жолы»", "Host: Дана Омарова",
                             "Department: Приёмная комиссия", "Date: 2026-11-23"})
    BOOST_TEST(text.find(wanted) != std::string::npos, wanted << " is not in " << text);
  run({"pdftoppm", "-r", "300", "-png", "-singlefile", pdf.string(), (path / "page").string()});
  BOOST_TEST(scanned(path / "page.png") == kToken + "\n");
}

BOOST_AUTO_TEST_CASE(the_same_badge_is_the_same_bytes) {
  for (const auto format : {BadgeFormat::pdf, BadgeFormat::png, BadgeFormat::zpl})
    BOOST_TEST((draw(face("Елена"), format) == draw(face("Елена"), format)));
}

BOOST_AUTO_TEST_CASE(names_of_any_length_and_script_are_there_to_the_last_letter) {
  std::string long_cyrillic, long_word(200, 'W');
  for (int i = 0; i < 13; ++i) long_cyrillic += "Абдурахманова ";
  long_cyrillic += "Конец";
  for (const auto& [name, last] : std::vector<std::pair<std::string, std::string>>{
           {long_cyrillic, "Конец"},
           {"Мұхаммедқали Сүлейменұлы Тұрсынбекұлы Әбдірахманов-Жүсіпбеков", "Жүсіпбеков"},
           {"王小明", "王小明"},
           {"محمد", "محمد"},
           {long_word, "W"}}) {
    const auto pdf = write("badge.pdf", draw(face(name), BadgeFormat::pdf));
    const auto text = run({"pdftotext", pdf.string(), "-"});
    BOOST_TEST(text.find(last) != std::string::npos, last << " is not in " << text);
    BOOST_TEST(text.find("…") == std::string::npos);
    if (name == long_word) BOOST_TEST(std::count(text.begin(), text.end(), 'W') == 200);
    BOOST_TEST(scanned(write("badge.png", draw(face(name), BadgeFormat::png))) == kToken + "\n");
  }
}

BOOST_AUTO_TEST_CASE(what_fits_in_no_type_is_told) {
  std::string endless;
  for (int i = 0; i < 3'000; ++i) endless += "name ";
  const auto file = draw_badge(face(endless), design, {}, BadgeFormat::png, kNow);
  BOOST_REQUIRE(file.cut.size() == 1U);
  BOOST_TEST(file.cut.front() == "the name");
}

BOOST_AUTO_TEST_CASE(names_are_no_commands_of_a_label_printer) {
  const auto zpl = draw(face("^XZ^XA^FO0,0^GB900,900,900^FS~JR~DGR:X.GRF"), BadgeFormat::zpl);
  BOOST_TEST(zpl.starts_with("^XA\n^PW684\n^LL432\n^FO0,0^GFA,"));
  BOOST_TEST(zpl.ends_with("^FS\n^PQ1\n^XZ\n"));
  BOOST_TEST(std::count(zpl.begin(), zpl.end(), '^') == 8);
  BOOST_TEST(std::count(zpl.begin(), zpl.end(), '~') == 0);
  BOOST_TEST(zpl.find("JR") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_qr_code_of_a_label_is_read_by_others) {
  BOOST_TEST(scanned(write("label.pbm", to_pbm(draw(face("Елена"), BadgeFormat::zpl)))) == kToken + "\n");
}

BOOST_AUTO_TEST_CASE(rows_of_a_label_are_compressed_as_the_manual_says) {
  const std::vector<unsigned char> bits{0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xAA, 0xAA, 0xAB, 0xAA, 0xAA, 0xAB};
  BOOST_TEST(report::to_zpl(24, 4, bits) == "^XA\n^PW24\n^LL4\n^FO0,0^GFA,12,12,3,JF,,KAB:^FS\n^PQ1\n^XZ\n");
}

BOOST_AUTO_TEST_CASE(a_photo_that_cannot_be_decoded_is_refused_with_its_name) {
  auto with = face("Елена");
  with.photo_is = "the photo of guest 17";
  with.photo.emplace(5'000, std::byte{0});
  BOOST_CHECK_EXCEPTION(draw_badge(with, design, {}, BadgeFormat::png, kNow), Error, [](const Error& error) {
    return error.code() == Errc::usage && error.message().starts_with("the photo of guest 17 is no picture");
  });
}

BOOST_AUTO_TEST_SUITE_END()
