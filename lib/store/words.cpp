#include "store/words.hpp"

namespace visitor::store {

std::optional<std::string> like(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern += '%';
}

}  // namespace visitor::store
