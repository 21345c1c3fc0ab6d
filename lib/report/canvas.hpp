#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/instant.hpp"
#include "report/picture.hpp"
#include "report/qr_code.hpp"

/// Paper to draw on: the pages of a PDF, or a picture. Lengths are points (1/72 inch) from the upper left corner.
///
/// Text is laid out by Pango: any script, either direction, fonts chosen as fontconfig finds them for what the wanted
/// one lacks. Control characters are the caller's business.
namespace visitor::report {

constexpr double kPointsPerMillimetre = 72 / 25.4;

struct Box {
  double x = 0, y = 0, width = 0, height = 0;
};

struct Colour {
  double red = 0, green = 0, blue = 0;  ///< 0 to 1
  bool operator==(const Colour&) const = default;
};
constexpr Colour kBlack{}, kWhite{1, 1, 1};

enum class Side { left, centre, right };

struct Type {
  double size = 9;
  bool bold = false;
  bool operator==(const Type&) const = default;
};

/// A text in a box.
struct Text {
  std::string text;
  Type type;
  Side side = Side::left;
  Colour colour;
};

/// What a reader shows about a document.
struct DocumentInfo {
  std::string title;
  std::string author;
  std::string subject;
  std::string creator;
  Instant created;
};

class Canvas {
 public:
  using Sink = std::function<void(std::string_view)>;

  /// A PDF whose bytes go to \p sink as they come, the last of them in finish(). What \p sink throws comes out of
  /// finish() or of the next end_page().
  static Canvas pdf(double width, double height, std::string font, Sink sink);
  /// A picture of that many dots an inch, white.
  static Canvas picture(double width, double height, double dots_per_inch, std::string font);

  Canvas(Canvas&&) noexcept;
  ~Canvas();

  /// Height that \p text takes where it may be \p width wide: words wrap, and what is too long for a line breaks.
  double height_of(const Text& text, double width);
  struct Measure {
    std::size_t bytes = 0;        ///< of the text, in whole lines
    double height = 0;            ///< that these take
    bool missing_glyphs = false;  ///< no font has a character of it
  };
  /// How much of \p text, at least a line, fits a height, where it may be \p width wide.
  Measure measure(const Text& text, double width, double height);
  /// Width of \p text in one line.
  double width_of(const Text& text);
  /// Height of what is usual in a table, quickly: of Latin and Cyrillic texts that are not long. Nothing of others;
  /// measure() knows all.
  std::optional<double> height_of_cell(const Text& text, double width);
  /// Draws it from the top of \p box. Nothing is cut: what does not fit reaches over the lower edge.
  void draw(const Text& text, const Box& box);
  /// The same, where much of it is of the kind that height_of_cell() knows, or comes again and again.
  void draw_cell(const Text& text, const Box& box);
  /// Draws it in the middle of the height of \p box, in the largest type between that of \p text and \p least in which
  /// all of it fits; wrapping comes before shrinking to less than two thirds.
  /// \returns whether all of it is there; otherwise it ends with "…"
  bool draw_fitting(Text text, const Box& box, double least);

  void fill(const Box& box, const Colour& colour);
  void line(double x1, double y1, double x2, double y2, double width, const Colour& colour);
  /// A piece of a circle between two angles, clockwise from the top, in turns (0 to 1).
  void slice(double x, double y, double radius, double from, double to, const Colour& colour);
  /// As large as fits, in the middle, in its own proportions.
  void draw(const Picture& picture, const Box& box);
  /// With the light border that it needs. Modules of a picture are whole dots, all of the same size.
  void draw(const QrCode& code, const Box& box);

  // Of a PDF only.
  void set_info(const DocumentInfo& info);
  /// An entry of the outline that leads to the page which is being drawn.
  void add_outline(const std::string& title, int page);
  /// What is drawn between these is such an element: "H1", "Table", "TR", "TD". \see ISO 32000-1, 14.8.4
  void begin_tag(const char* name);
  void end_tag(const char* name);
  /// Before anything is drawn on a page that has another size than the one before.
  void begin_page(double width, double height);
  void end_page();
  void finish();

  // Of a picture only.
  /// \returns a PNG
  std::string png();
  /// One bit for each dot, rows from the top, each begun with a new byte, most significant first; 1 is dark.
  struct Bits {
    std::size_t width = 0, height = 0;
    std::vector<unsigned char> bytes;
    std::size_t row_bytes() const { return (width + 7) / 8; }
  };
  Bits bits();

 private:
  struct Impl;
  explicit Canvas(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace visitor::report
