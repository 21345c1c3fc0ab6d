#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace visitor::report {

/// A QR code as a square of modules, without the light border of four modules that it needs around.
struct QrCode {
  std::size_t width = 0;
  std::vector<bool> dark;  ///< width * width, row by row

  /// Outside of the square everything is light.
  bool is_dark(std::ptrdiff_t x, std::ptrdiff_t y) const {
    const auto size = static_cast<std::ptrdiff_t>(width);
    return x >= 0 && y >= 0 && x < size && y < size && dark[static_cast<std::size_t>(y * size + x)];
  }
};

/// The smallest code that holds \p text and can be read with an eighth of it spoilt (level M).
/// \throws Error usage   it does not fit: more than 2,331 bytes
/// \throws Error config  libqrencode is not installed
QrCode encode_qr(std::string_view text);

}  // namespace visitor::report
