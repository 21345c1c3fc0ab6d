#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace visitor::config {

/// A badge is a card of this size. Source: ISO/IEC 7810, ID-1.
constexpr double kBadgeWidth = 85.6, kBadgeHeight = 54.0;

struct BadgeColour {
  double red = 0, green = 0, blue = 0;  ///< 0 to 1
};

/// What an element shows.
enum class BadgePart : std::uint8_t { box, text, title, logo, photo, qr, name, company, host, department, date };

/// Something on the card, in millimetres from its upper left corner.
struct BadgeElement {
  BadgePart part = BadgePart::text;
  double x = 0, y = 0, width = 0, height = 0;
  double size = 9;  ///< of text, in points; it shrinks to `least` where it does not fit
  double least = 3;
  bool bold = false;
  std::string align = "left";  ///< left, centre, right
  BadgeColour colour;
  std::string text;  ///< of a text: itself; of others: what stands before it, "Host"
};

/// How badges look, where they are printed, and how long they are valid.
struct BadgeTemplate {
  std::string printer;                        ///< queue of CUPS; empty: each print names one
  std::chrono::seconds valid_for{12 * 3600};  ///< at most, 5 minutes to 24 hours
  std::string font = "sans";
  BadgeColour background{1, 1, 1};
  std::filesystem::path logo;  ///< PNG or JPEG; empty: none
  std::vector<BadgeElement> elements;
};

/// Reads a template in TOML; badge_template_toml() is an example with every key.
///
/// \p text has 64 KiB at most and 40 elements; each lies on the card; one shows the name, and one the QR code, which is
/// 18 mm wide at least, because a smaller one cannot be relied on to be read.
/// \param file  for messages, and what a relative logo is relative to
/// \throws Error config  every problem, a line each: "badge.toml:7: element.2.x: must be from 0 to 85.6, not 90"
BadgeTemplate parse_badge_template(std::string_view text, const std::filesystem::path& file);

/// What is wrong with the name of a queue of CUPS ("must be 1 to 127 letters, …"), or empty.
std::string wrong_printer(std::string_view text);

/// The template that is built in, with titles in English or, for "ru", Russian.
std::string badge_template_toml(std::string_view language);

}  // namespace visitor::config
