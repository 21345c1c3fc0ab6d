#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace visitor::report {

/// A decoded picture.
struct Picture {
  int width = 0, height = 0;
  /// Rows from the top, a dot each: alpha, red, green, blue from the most significant byte on, colours multiplied by
  /// alpha (CAIRO_FORMAT_ARGB32).
  std::vector<std::uint32_t> dots;
};

/// Decodes a PNG or JPEG, upright: where a camera has noted how it was held (Exif), that counts. A JPEG that is larger
/// than a badge needs is made smaller while it is decoded.
///
/// \param what  for messages: "the photo of guest 17"
/// \throws Error usage   it is neither, damaged, or has more than 16 million dots
/// \throws Error config  the library is not installed
Picture decode_picture(std::span<const std::byte> file, const std::string& what);

}  // namespace visitor::report
