#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "report/cairo.hpp"
#include "report/canvas.hpp"

/// Sets simple texts letter by letter, as Pango would: for tables, where there are hundreds of thousands of them. For
/// canvas.cpp only.
namespace visitor::report {

/// Gives back what Cairo, Pango and GObject have made.
struct Destroy {
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
  void operator()(PangoContext* context) const { g_object_unref(context); }
  void operator()(PangoFont* font) const { g_object_unref(font); }
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
  void operator()(PangoLayoutIter* at) const { pango_layout_iter_free(at); }
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
};
template <class T>
using Owned = std::unique_ptr<T, Destroy>;

/// Letters of one font on their places, with the text that they stand for.
struct GlyphRun {
  std::vector<cairo_glyph_t> glyphs;
  std::vector<cairo_text_cluster_t> clusters;
  std::string text;
};

/// One type.
///
/// A text is simple where each of its characters is Latin or Cyrillic in one piece, a digit or a sign, and the
/// font has it: then it has one glyph for each, from left to right, and a place that follows from the one before. What
/// Pango says of single letters and of pairs of them (kerning) is remembered; ligatures are not formed. Where lines
/// break is what Pango says of the whole text, remembered for all that differ in their digits only. A word that is
/// broken gets no hyphen: it may be an address that somebody copies.
class Typesetter {
 public:
  /// \param layout  in the font of the type, wrapping as texts are to; lent for the time of a call
  explicit Typesetter(PangoLayout* layout);
  Typesetter(Typesetter&&) noexcept;
  ~Typesetter();

  cairo_scaled_font_t* font() const { return scaled_; }

  /// Height of \p text where it may be \p width wide; nothing where it is not simple, or too long to be remembered.
  std::optional<double> height_of(PangoLayout* layout, std::string_view text, double width);
  /// Appends \p text to \p run, from the upper left corner of \p box. \returns false where it is not simple, or too
  /// long: then \p run is as it was
  bool set(PangoLayout* layout, std::string_view text, const Box& box, Side side, GlyphRun& run);

 private:
  struct Letter {
    unsigned long glyph = 0;
    double advance = 0;
  };
  struct Lines {
    std::vector<std::size_t> begins;  ///< of all but the first, in bytes
    double height = 0;
  };

  bool spell(PangoLayout* layout, std::string_view text);
  std::uint8_t letter_of(PangoLayout* layout, std::string_view letter);
  double advance(std::size_t at) const { return letters_[spelt_[at].letter].advance + spelt_[at].kerning; }
  double width(std::size_t begin, std::size_t end) const;
  const Lines* break_lines(PangoLayout* layout, std::string_view text, double width);
  bool digits_alike(PangoLayout* layout);

  /// A character of the text in hand.
  struct Spelt {
    std::uint8_t letter = 0;
    std::uint8_t bytes = 0;
    double kerning = 0;  ///< after it
  };

  Owned<PangoFont> font_;
  cairo_scaled_font_t* scaled_ = nullptr;
  double baseline_ = 0, line_height_ = 0;
  std::vector<std::uint8_t> numbers_;  // of the characters, in letters_
  std::vector<Letter> letters_;
  std::vector<float> kernings_;  // of pairs of letters
  std::unordered_map<std::string, Lines> lines_;
  Lines one_line_;
  std::optional<bool> digits_alike_;
  std::vector<Spelt> spelt_;
  std::string key_;
};

}  // namespace visitor::report
