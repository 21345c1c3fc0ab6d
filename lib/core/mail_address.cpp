#include "core/mail_address.hpp"

#include <algorithm>

namespace visitor {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_label(std::string_view label) {
  constexpr std::size_t kLongest = 63;
  if (label.empty() || label.size() > kLongest || label.front() == '-' || label.back() == '-') return false;
  return std::ranges::all_of(label, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

bool is_atom(std::string_view atom) {
  static constexpr std::string_view kOther = "!#$%&'*+-/=?^_`{|}~";
  return !atom.empty() && std::ranges::all_of(atom, [](char c) {
    return is_letter_or_digit(c) || kOther.find(c) != std::string_view::npos;
  });
}

/// Whether \p good holds for each of the parts of \p text between dots.
template <class Good>
bool all_parts(std::string_view text, Good good) {
  for (;;) {
    const auto dot = text.find('.');
    if (!good(text.substr(0, dot))) return false;
    if (dot == text.npos) return true;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

bool is_host_name(std::string_view text) {
  constexpr std::size_t kLongest = 253;
  return text.size() <= kLongest && all_parts(text, is_label);
}

bool is_mail_address(std::string_view text) {
  constexpr std::size_t kLongest = 254;
  constexpr std::size_t kLongestLocal = 64;
  const auto at = text.find('@');
  if (at == text.npos || text.size() > kLongest || at > kLongestLocal) return false;
  return all_parts(text.substr(0, at), is_atom) && is_host_name(text.substr(at + 1));
}

}  // namespace visitor
