#include "report/typesetter.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "core/utf8.hpp"

namespace visitor::report {
namespace {

/// Ranges that simple characters are of: letters; punctuation; the signs of currencies and "№".
struct Range {
  std::uint32_t first, end;
};
constexpr std::array<Range, 4> kRanges{{{0x20, 0x530}, {0x2010, 0x205F}, {0x20A0, 0x20C0}, {0x2116, 0x2123}}};
constexpr std::uint8_t kUnknown = 0, kNotSimple = 1, kFirstLetter = 2;
constexpr std::size_t kMostLetters = 192;
/// What is longer is no cell that is worth remembering.
constexpr std::size_t kMostBytes = 256;
constexpr std::size_t kMostTexts = 4096;
constexpr float kNotKnown = std::numeric_limits<float>::quiet_NaN();

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Where a character stands in one list of all ranges, which is so long.
constexpr std::size_t kPlaces = [] {
  std::size_t sum = 0;
  for (const auto& range : kRanges) sum += range.end - range.first;
  return sum;
}();
std::optional<std::size_t> place_of(std::uint32_t point) {
  std::size_t before = 0;
  for (const auto& [first, end] : kRanges) {
    if (point >= first && point < end) return before + (point - first);
    before += end - first;
  }
  return std::nullopt;
}

/// Latin in one piece, Cyrillic and signs; without controls (also those of direction and lines), the soft hyphen,
/// marks, and the scripts between them.
bool may_be_simple(std::uint32_t point) {
  return (point < 0x7F || point >= 0xA0) && point != 0xAD && (point < 0x2B0 || point >= 0x400) &&
         (point < 0x483 || point > 0x489) && (point < 0x2028 || point > 0x202F);
}

double points(int units) {
  return static_cast<double>(units) / PANGO_SCALE;
}

/// The glyphs of a text in one line; nothing unless they are in one run of one font.
const PangoGlyphItem* only_run(PangoLayout* layout, std::string_view text) {
  pango_layout_set_width(layout, -1);
  pango_layout_set_alignment(layout, PANGO_ALIGN_LEFT);
  pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));
  const auto* line = pango_layout_get_line_readonly(layout, 0);
  if (line == nullptr || line->runs == nullptr || line->runs->next != nullptr) return nullptr;
  return static_cast<const PangoGlyphItem*>(line->runs->data);
}

bool is_plain(const PangoGlyphInfo& glyph) {
  return (glyph.glyph & PANGO_GLYPH_UNKNOWN_FLAG) == 0 && glyph.glyph != PANGO_GLYPH_EMPTY &&
         glyph.geometry.x_offset == 0 && glyph.geometry.y_offset == 0;
}

}  // namespace

Typesetter::Typesetter(PangoLayout* layout) : numbers_(kPlaces, kUnknown), letters_(kFirstLetter) {
  const auto* run = only_run(layout, "Xg");
  baseline_ = points(pango_layout_get_baseline(layout));
  int width = 0, height = 0;
  pango_layout_get_size(layout, &width, &height);
  line_height_ = points(height);
  one_line_.height = line_height_;
  kernings_.assign(kMostLetters * kMostLetters, kNotKnown);
  if (run == nullptr) return;  // no font for Latin letters: nothing is simple
  font_.reset(static_cast<PangoFont*>(g_object_ref(run->item->analysis.font)));
  scaled_ = pango_cairo_font_get_scaled_font(reinterpret_cast<PangoCairoFont*>(font_.get()));
}

Typesetter::Typesetter(Typesetter&&) noexcept = default;
Typesetter::~Typesetter() = default;

std::optional<double> Typesetter::height_of(PangoLayout* layout, std::string_view text, double width) {
  const auto* lines = break_lines(layout, text, width);
  return lines == nullptr ? std::nullopt : std::optional{lines->height};
}

bool Typesetter::set(PangoLayout* layout, std::string_view text, const Box& box, Side side, GlyphRun& run) {
  const auto* lines = break_lines(layout, text, box.width);
  if (lines == nullptr) return false;
  double y = box.y + baseline_;
  std::size_t at = 0, bytes = 0;
  for (std::size_t line = 0; line <= lines->begins.size(); ++line) {
    const auto end_byte = line < lines->begins.size() ? lines->begins[line] : text.size();
    const auto begin = at;
    for (; bytes < end_byte; ++at) bytes += spelt_[at].bytes;
    const double room = side == Side::left ? 0 : box.width - width(begin, at);
    double x = box.x + (side == Side::centre ? room / 2 : room);
    for (auto i = begin; i < at; ++i) {
      run.glyphs.push_back({letters_[spelt_[i].letter].glyph, x, y});
      run.clusters.push_back({spelt_[i].bytes, 1});
      x += advance(i);
    }
    y += line_height_;
  }
  run.text += text;
  return true;
}

/// Fills spelt_. \returns false where \p text is not simple
bool Typesetter::spell(PangoLayout* layout, std::string_view text) {
  if (scaled_ == nullptr || text.size() > kMostBytes) return false;
  spelt_.clear();
  for (std::size_t at = 0; at < text.size();) {
    const auto length = utf8_length(text.substr(at));
    if (length == 0 || length > 3) return false;
    const auto letter = text.substr(at, length);
    const auto place = place_of(utf8_point(letter));
    if (!place) return false;
    auto number = numbers_[*place];
    if (number == kUnknown) number = numbers_[*place] = letter_of(layout, letter);
    if (number == kNotSimple) return false;
    spelt_.push_back({number, static_cast<std::uint8_t>(length), 0});
    at += length;
  }
  std::size_t at = 0;
  for (std::size_t i = 0; i + 1 < spelt_.size(); ++i) {
    auto& known = kernings_[spelt_[i].letter * kMostLetters + spelt_[i + 1].letter];
    if (std::isnan(known)) {
      const auto* run = only_run(layout, text.substr(at, std::size_t{spelt_[i].bytes} + spelt_[i + 1].bytes));
      const auto& first = letters_[spelt_[i].letter];
      const auto& second = letters_[spelt_[i + 1].letter];
      known = 0;
      if (run != nullptr && run->glyphs->num_glyphs == 2 && is_plain(run->glyphs->glyphs[0]) &&
          is_plain(run->glyphs->glyphs[1]) && run->glyphs->glyphs[0].glyph == first.glyph &&
          run->glyphs->glyphs[1].glyph == second.glyph)
        known =
            static_cast<float>(points(run->glyphs->glyphs[0].geometry.width + run->glyphs->glyphs[1].geometry.width) -
                               first.advance - second.advance);
    }
    spelt_[i].kerning = known;
    at += spelt_[i].bytes;
  }
  return true;
}

/// Asks Pango about a character that has not come yet.
std::uint8_t Typesetter::letter_of(PangoLayout* layout, std::string_view letter) {
  if (!may_be_simple(utf8_point(letter)) || letters_.size() == kMostLetters) return kNotSimple;
  const auto* run = only_run(layout, letter);
  if (run == nullptr || run->item->analysis.font != font_.get() || run->glyphs->num_glyphs != 1) return kNotSimple;
  const auto& glyph = run->glyphs->glyphs[0];
  if (!is_plain(glyph)) return kNotSimple;
  letters_.push_back({glyph.glyph, points(glyph.geometry.width)});
  return static_cast<std::uint8_t>(letters_.size() - 1);
}

/// Of spelt_, without the blanks at the end.
double Typesetter::width(std::size_t begin, std::size_t end) const {
  const auto blank = numbers_[place_of(' ').value_or(0)];
  while (end > begin && spelt_[end - 1].letter == blank) --end;
  double sum = 0;
  for (auto i = begin; i < end; ++i) sum += i + 1 < end ? advance(i) : letters_[spelt_[i].letter].advance;
  return sum;
}

/// Spells \p text, and says where its lines begin.
const Typesetter::Lines* Typesetter::break_lines(PangoLayout* layout, std::string_view text, double width) {
  if (!spell(layout, text)) return nullptr;
  if (this->width(0, spelt_.size()) <= width) return &one_line_;
  key_.assign(text);
  // Times and numbers of one shape break alike where all digits are of one width.
  if (digits_alike(layout)) std::replace_if(key_.begin(), key_.end(), is_digit, '0');
  key_.append(reinterpret_cast<const char*>(&width), sizeof width);
  const auto found = lines_.find(key_);
  if (found != lines_.end()) return &found->second;

  if (lines_.size() >= kMostTexts) lines_.clear();
  auto& lines = lines_[key_];
  pango_layout_set_alignment(layout, PANGO_ALIGN_LEFT);
  pango_layout_set_width(layout, static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));
  int unused = 0, height = 0;
  pango_layout_get_size(layout, &unused, &height);
  lines.height = points(height);
  const Owned<PangoLayoutIter> at{pango_layout_get_iter(layout)};
  while (pango_layout_iter_next_line(at.get()) != FALSE)
    lines.begins.push_back(static_cast<std::size_t>(pango_layout_iter_get_index(at.get())));
  return &lines;
}

bool Typesetter::digits_alike(PangoLayout* layout) {
  if (digits_alike_) return *digits_alike_;
  // spelt_ is of a text that is still wanted.
  auto kept = std::exchange(spelt_, {});
  bool alike = spell(layout, "00112233445566778899");
  for (std::size_t i = 0; alike && i < spelt_.size(); i += 2) alike = std::abs(width(i, i + 2) - width(0, 2)) < 0.01;
  spelt_ = std::move(kept);
  digits_alike_ = alike;
  return alike;
}

}  // namespace visitor::report
