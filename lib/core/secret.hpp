#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace visitor {

/// Bytes that are wiped when the object goes, and print as "***".
///
/// Whoever needs the bytes says so with reveal(), which a reader can search for.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text);
  explicit Secret(std::span<const std::byte> bytes);
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  bool empty() const { return bytes_.empty(); }
  std::size_t size() const { return bytes_.size(); }
  std::string_view reveal() const { return {bytes_.data(), bytes_.size()}; }
  std::span<const std::byte> reveal_bytes() const { return std::as_bytes(std::span{bytes_}); }

 private:
  void wipe() noexcept;
  std::vector<char> bytes_;  // never a string: its small buffer would be copied and left behind
};

}  // namespace visitor

template <>
struct fmt::formatter<visitor::Secret> : fmt::formatter<std::string_view> {
  auto format(const visitor::Secret&, fmt::format_context& out) const {
    return fmt::formatter<std::string_view>::format("***", out);
  }
};
