#include "report/code_page.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/utf8.hpp"

namespace visitor::report {
namespace {

// What 0x80 … 0xBF stand for; from 0xC0 on follow U+0410 … U+044F. 0x98 is not used.
// Source: https://encoding.spec.whatwg.org/index-windows-1251.txt
constexpr std::array<std::uint16_t, 64> kUpper{
    0x0402, 0x0403, 0x201A, 0x0453, 0x201E, 0x2026, 0x2020, 0x2021, 0x20AC, 0x2030, 0x0409, 0x2039, 0x040A,
    0x040C, 0x040B, 0x040F, 0x0452, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0xFFFF, 0x2122,
    0x0459, 0x203A, 0x045A, 0x045C, 0x045B, 0x045F, 0x00A0, 0x040E, 0x045E, 0x0408, 0x00A4, 0x0490, 0x00A6,
    0x00A7, 0x0401, 0x00A9, 0x0404, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x0407, 0x00B0, 0x00B1, 0x0406, 0x0456,
    0x0491, 0x00B5, 0x00B6, 0x00B7, 0x0451, 0x2116, 0x0454, 0x00BB, 0x0458, 0x0405, 0x0455, 0x0457};

}  // namespace

bool put_windows_1251(std::string& out, std::string_view text) {
  bool whole = true;
  while (!text.empty()) {
    const auto length = std::max<std::size_t>(utf8_length(text), 1);
    const auto point = utf8_point(text.substr(0, length));
    text.remove_prefix(length);
    if (point < 0x80) {
      out += static_cast<char>(point);
    } else if (point >= 0x0410 && point <= 0x044F) {
      out += static_cast<char>(0xC0 + (point - 0x0410));
    } else if (const auto found = std::find(kUpper.begin(), kUpper.end(), point);
               found != kUpper.end() && point != 0xFFFF) {
      out += static_cast<char>(0x80 + (found - kUpper.begin()));
    } else {
      out += '?';
      whole = false;
    }
  }
  return whole;
}

}  // namespace visitor::report
