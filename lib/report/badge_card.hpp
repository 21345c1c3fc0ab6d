#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "config/badge_template.hpp"
#include "core/instant.hpp"
#include "domain/badge.hpp"

namespace visitor::report {

/// What stands on a badge. Empty texts leave their elements out.
struct BadgeFace {
  std::string name;
  std::string company;
  std::string host;
  std::string department;
  std::string date;
  std::string token;  ///< becomes the QR code
  std::optional<std::vector<std::byte>> photo;
  std::string photo_is = "the photo";  ///< for messages
};

struct BadgeFile {
  std::string bytes;
  /// What did not fit even in the least type, and ends with "…": "the company".
  std::vector<std::string> cut;
};

/// Draws a badge of 85.6 x 54 mm. The same face, template, format and moment give the same bytes.
///
/// A PNG has 300 dots an inch. ZPL is for printers of 203 dots an inch, and is one picture: what people are called
/// can be in any script, and is never read as a command.
/// \param logo  a PNG or JPEG; empty: none
/// \param at    what the PDF says it was made at
/// \throws Error usage   logo or photo cannot be decoded
/// \throws Error config  a library is not installed
BadgeFile draw_badge(const BadgeFace& face, const config::BadgeTemplate& design, const std::vector<std::byte>& logo,
                     domain::BadgeFormat format, Instant at);

/// A picture as one ZPL label, its rows in hexadecimal with repetitions counted. Source: Zebra, ZPL II Programming
/// Guide, ^GF and "Alternative Data Compression Scheme".
std::string to_zpl(std::size_t width, std::size_t height, const std::vector<unsigned char>& bits);

}  // namespace visitor::report
