#include "report/canvas.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <fstream>
#include <sstream>

#include "core/instant.hpp"
#include "report_support.hpp"

using namespace visitor;
using namespace visitor::report;
using namespace visitor::test;

namespace {

constexpr double kSide = 400, kColumn = 60, kStep = 40;

// What takes one line, and what wraps between words and within them.
const std::array<std::string, 12> kSimple{
    "AVATAR",           "To Wave LT.", "office fluffy",     "2026-09-01 17:27:53", "+77020000045", "-12.50",
    "Сотрудник Омаров", "Гуля Тата",   "Zoë Ångström Łódź", "Business meeting",    "a  b",         "№ 5 «Да» – 3"};

struct Word {
  double left = 0, top = 0, bottom = 0;
  std::string text;
};

/// The words of a page with the texts below each other, as pdftotext finds them.
template <class Draw>
std::vector<Word> words_of(Draw&& draw) {
  const TemporaryFolder folder;
  const auto name = (folder.path / "page.pdf").string();
  {
    std::ofstream out{name, std::ios::binary};
    auto canvas = Canvas::pdf(kSide, kStep * static_cast<double>(kSimple.size()), "sans",
                              [&](std::string_view bytes) { out << bytes; });
    canvas.set_info({"", "", "", "", Instant{}});
    draw(canvas);
    canvas.end_page();
    canvas.finish();
  }
  ProcessOptions options;
  options.argv = {"pdftotext", "-bbox", name, "-"};
  const auto result = run_process(options);
  BOOST_TEST_REQUIRE(result.status == 0, result.err);
  std::vector<Word> words;
  std::istringstream lines{result.out};
  for (std::string line; std::getline(lines, line);) {
    Word word;
    double right = 0;
    std::array<char, 200> text{};
    if (std::sscanf(line.c_str(), " <word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\">%199[^<]", &word.left,
                    &word.top, &right, &word.bottom, text.data()) != 5)
      continue;
    word.text = text.data();
    words.push_back(std::move(word));
  }
  return words;
}

Text text_of(std::string text, Side side = Side::left) {
  return {std::move(text), {8.5, false}, side, kBlack};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(canvases)

BOOST_AUTO_TEST_CASE(cells_stand_where_texts_that_are_laid_out_stand) {
  const auto page = [](auto draw) {
    return words_of([&](Canvas& canvas) {
      for (std::size_t i = 0; i < kSimple.size(); ++i)
        for (const auto side : {Side::left, Side::centre, Side::right})
          draw(canvas, text_of(kSimple[i], side),
               Box{20 + 110.0 * static_cast<double>(side), static_cast<double>(i) * kStep, kColumn, kStep});
    });
  };
  const auto laid_out = page([](Canvas& canvas, const Text& text, const Box& box) { canvas.draw(text, box); });
  const auto set = page([](Canvas& canvas, const Text& text, const Box& box) { canvas.draw_cell(text, box); });
  BOOST_TEST_REQUIRE(laid_out.size() > 3 * kSimple.size());
  BOOST_TEST_REQUIRE(set.size() == laid_out.size());
  for (std::size_t i = 0; i < set.size(); ++i) {
    BOOST_TEST(set[i].text == laid_out[i].text);
    BOOST_TEST(std::abs(set[i].left - laid_out[i].left) < 0.25, set[i].text);
    BOOST_TEST(std::abs(set[i].top - laid_out[i].top) < 0.05, set[i].text);
    BOOST_TEST(std::abs(set[i].bottom - laid_out[i].bottom) < 0.05, set[i].text);
  }
}

BOOST_AUTO_TEST_CASE(the_height_of_a_simple_cell_is_that_of_the_text_laid_out) {
  auto canvas = Canvas::pdf(kSide, kSide, "sans", [](std::string_view) {});
  for (const auto& text : kSimple)
    for (const double width : {12.0, 30.0, kColumn, 300.0}) {
      const auto height = canvas.height_of_cell(text_of(text), width);
      BOOST_TEST_REQUIRE(height.has_value(), text);
      BOOST_TEST(std::abs(*height - canvas.height_of(text_of(text), width)) < 0.01, text << " in " << width);
    }
  // Again, from memory, and with other digits.
  BOOST_TEST(*canvas.height_of_cell(text_of("2031-10-12 08:44:10"), 30) ==
             *canvas.height_of_cell(text_of("2026-09-01 17:27:53"), 30));
}

BOOST_AUTO_TEST_CASE(what_only_layout_can_tell_is_no_simple_cell) {
  auto canvas = Canvas::pdf(kSide, kSide, "sans", [](std::string_view) {});
  for (const std::string text :
       {"محمد", "王小明", "e\u0301", "co\u00ADoperate", "two\nlines", "a\tb", "🙂", "\u0483", "שלום", "\x7F", "\xC2"})
    BOOST_TEST(!canvas.height_of_cell(text_of(text), kColumn), text);
  BOOST_TEST(!canvas.height_of_cell(text_of(std::string(300, 'x')), kColumn));
}

BOOST_AUTO_TEST_CASE(a_cell_that_is_not_simple_is_drawn_all_the_same_and_in_its_order) {
  const auto words = words_of([](Canvas& canvas) {
    canvas.draw_cell(text_of("first"), {10, 10, 300, 20});
    canvas.draw_cell(text_of("王小明"), {10, 50, 300, 20});
    canvas.fill({0, 80, 100, 10}, {1, 0, 0});
    canvas.draw_cell(text_of("last"), {10, 90, 300, 20});
  });
  BOOST_TEST_REQUIRE(words.size() == 3U);
  BOOST_TEST(words[0].text == "first");
  BOOST_TEST(words[1].text == "王小明");
  BOOST_TEST(words[2].text == "last");
}

BOOST_AUTO_TEST_CASE(cells_of_several_types_and_colours_keep_them) {
  const auto words = words_of([](Canvas& canvas) {
    canvas.draw_cell({"small", {6, false}, Side::left, kBlack}, {10, 10, 300, 20});
    canvas.draw_cell({"large", {20, true}, Side::left, {0, 0, 1}}, {10, 50, 300, 20});
    canvas.draw_cell({"small", {6, false}, Side::left, kBlack}, {10, 90, 300, 20});
  });
  BOOST_TEST_REQUIRE(words.size() == 3U);
  BOOST_TEST(std::abs((words[0].bottom - words[0].top) - (words[2].bottom - words[2].top)) < 0.01);
  BOOST_TEST(words[1].bottom - words[1].top > 3 * (words[0].bottom - words[0].top));
}

BOOST_AUTO_TEST_SUITE_END()
