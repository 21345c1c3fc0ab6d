#pragma once

#include <optional>
#include <string_view>

namespace visitor::hikvision {

/// Reads a short text from left to right; a step that does not fit takes nothing.
class TextCursor {
 public:
  explicit TextCursor(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  std::string_view rest() const { return rest_; }
  void skip(std::size_t count) { rest_.remove_prefix(count); }

  bool take(char c) {
    if (peek() != c || rest_.empty()) return false;
    skip(1);
    return true;
  }
  bool take_any(std::string_view characters) {
    if (rest_.empty() || characters.find(peek()) == std::string_view::npos) return false;
    skip(1);
    return true;
  }
  /// A number of \p least to \p most digits (as many as there are).
  std::optional<int> number(std::size_t least, std::size_t most) {
    std::size_t digits = 0;
    int value = 0;
    while (digits < most && digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9')
      value = value * 10 + (rest_[digits++] - '0');
    if (digits < least) return std::nullopt;
    skip(digits);
    return value;
  }

 private:
  std::string_view rest_;
};

}  // namespace visitor::hikvision
