#include "report/badge_card.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/text.hpp"
#include "report/canvas.hpp"
#include "report/qr_code.hpp"

namespace visitor::report {
namespace {

using config::BadgeElement;
using config::BadgePart;
using domain::BadgeFormat;

constexpr double kWidth = config::kBadgeWidth * kPointsPerMillimetre;
constexpr double kHeight = config::kBadgeHeight * kPointsPerMillimetre;
constexpr double kPictureDots = 300, kLabelDots = 203;

Colour to_colour(const config::BadgeColour& colour) {
  return {colour.red, colour.green, colour.blue};
}

Box to_box(const BadgeElement& element) {
  return {element.x * kPointsPerMillimetre, element.y * kPointsPerMillimetre, element.width * kPointsPerMillimetre,
          element.height * kPointsPerMillimetre};
}

Side to_side(std::string_view align) {
  if (align == "right") return Side::right;
  return align == "centre" ? Side::centre : Side::left;
}

class Card {
 public:
  Card(const BadgeFace& face, const config::BadgeTemplate& design, Canvas& canvas, BadgeFile& file)
      : face_(face), design_(design), canvas_(canvas), file_(file) {}

  void draw(const std::optional<Picture>& logo, const std::optional<Picture>& photo) {
    canvas_.fill({0, 0, kWidth, kHeight}, to_colour(design_.background));
    for (const auto& element : design_.elements) {
      switch (element.part) {
        case BadgePart::box:
          canvas_.fill(to_box(element), to_colour(element.colour));
          break;
        case BadgePart::logo:
          if (logo) canvas_.draw(*logo, to_box(element));
          break;
        case BadgePart::photo:
          if (photo) canvas_.draw(*photo, to_box(element));
          break;
        case BadgePart::qr:
          canvas_.draw(encode_qr(face_.token), to_box(element));
          break;
        default:
          write(element);
      }
    }
  }

 private:
  void write(const BadgeElement& element) {
    const auto [value, what] = value_of(element);
    if (value.empty()) return;
    const bool labelled = element.part != BadgePart::title && element.part != BadgePart::text && !element.text.empty();
    const Text text{labelled ? fmt::format("{}: {}", element.text, printable(value)) : printable(value),
                    {element.size, element.bold},
                    to_side(element.align),
                    to_colour(element.colour)};
    if (!canvas_.draw_fitting(text, to_box(element), element.least)) file_.cut.emplace_back(what);
  }

  std::pair<std::string, std::string_view> value_of(const BadgeElement& element) const {
    switch (element.part) {
      case BadgePart::name:
        return {face_.name, "the name"};
      case BadgePart::company:
        return {face_.company, "the company"};
      case BadgePart::host:
        return {face_.host, "the host"};
      case BadgePart::department:
        return {face_.department, "the department"};
      case BadgePart::date:
        return {face_.date, "the date"};
      default:
        return {element.text, "a text of the template"};
    }
  }

  const BadgeFace& face_;
  const config::BadgeTemplate& design_;
  Canvas& canvas_;
  BadgeFile& file_;
};

/// How often what follows comes: G to Y are 1 to 19, g to z are 20 to 400 in twenties.
void append_count(std::string& out, std::size_t count) {
  for (; count >= 400; count -= 400) out += 'z';
  if (count >= 20) out += static_cast<char>('g' + (count / 20 - 1));
  if (count % 20 > 0) out += static_cast<char>('G' + (count % 20 - 1));
}

}  // namespace

std::string to_zpl(std::size_t width, std::size_t height, const std::vector<unsigned char>& bits) {
  const auto row_bytes = (width + 7) / 8;
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string data, before;
  for (std::size_t y = 0; y < height; ++y) {
    std::string digits;
    for (std::size_t x = 0; x < row_bytes; ++x) {
      const auto byte = bits[y * row_bytes + x];
      digits += kDigits[byte >> 4];
      digits += kDigits[byte & 15];
    }
    if (digits == before) {
      data += ':';  // as the row above
      continue;
    }
    for (std::size_t at = 0; at < digits.size();) {
      const auto end = std::min(digits.find_first_not_of(digits[at], at), digits.size());
      const bool rest = end == digits.size();
      if (rest && (digits[at] == '0' || digits[at] == 'F')) {
        data += digits[at] == '0' ? ',' : '!';  // and so to the end of the row
      } else {
        if (end - at > 2)
          append_count(data, end - at), data += digits[at];
        else
          data.append(end - at, digits[at]);
      }
      at = end;
    }
    before = std::move(digits);
  }
  return fmt::format("^XA\n^PW{}\n^LL{}\n^FO0,0^GFA,{},{},{},{}^FS\n^PQ1\n^XZ\n", width, height, row_bytes * height,
                     row_bytes * height, row_bytes, data);
}

BadgeFile draw_badge(const BadgeFace& face, const config::BadgeTemplate& design, const std::vector<std::byte>& logo,
                     BadgeFormat format, Instant at) {
  std::optional<Picture> logo_picture, photo_picture;
  if (!logo.empty()) logo_picture = decode_picture(logo, "the logo of the template");
  if (face.photo) photo_picture = decode_picture(*face.photo, face.photo_is);
  BadgeFile file;
  if (format == BadgeFormat::pdf) {
    auto canvas = Canvas::pdf(kWidth, kHeight, design.font, [&](std::string_view bytes) { file.bytes.append(bytes); });
    canvas.set_info({"Badge", {}, {}, "visitor " VISITOR_VERSION, at});
    Card{face, design, canvas, file}.draw(logo_picture, photo_picture);
    canvas.end_page();
    canvas.finish();
    return file;
  }
  auto canvas = Canvas::picture(kWidth, kHeight, format == BadgeFormat::png ? kPictureDots : kLabelDots, design.font);
  Card{face, design, canvas, file}.draw(logo_picture, photo_picture);
  if (format == BadgeFormat::png) {
    file.bytes = canvas.png();
  } else {
    const auto bits = canvas.bits();
    file.bytes = to_zpl(bits.width, bits.height, bits.bytes);
  }
  return file;
}

}  // namespace visitor::report
