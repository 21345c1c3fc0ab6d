#include "cli/qr_text.hpp"

namespace visitor::cli {
namespace {

constexpr std::ptrdiff_t kBorder = 4;
// Of the 256 colours, whose 16 and 231 no theme changes.
constexpr auto kBlackOnWhite = "\x1b[38;5;16;48;5;231m";
constexpr auto kPlain = "\x1b[0m";

}  // namespace

std::string qr_text(const report::QrCode& code) {
  const auto end = static_cast<std::ptrdiff_t>(code.width) + kBorder;
  std::string text;
  for (auto y = -kBorder; y < end; y += 2) {
    text += kBlackOnWhite;
    for (auto x = -kBorder; x < end; ++x) {
      const bool upper = code.is_dark(x, y);
      const bool lower = code.is_dark(x, y + 1);
      text += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
    }
    text += kPlain;
    text += '\n';
  }
  return text;
}

std::size_t qr_columns(const report::QrCode& code) {
  return code.width + 2 * static_cast<std::size_t>(kBorder);
}

}  // namespace visitor::cli
