#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/digest.hpp"

/// Any bytes as WWW-Authenticate: whatever is read out of them can be answered on one header line, and the answer
/// reads back as one header.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{reinterpret_cast<const char*>(data), size};
  static const visitor::Secret password{std::string_view{"Circle of Life"}};
  for (const auto& challenge : visitor::net::parse_digest_challenges(text)) {
    const auto header = visitor::net::digest_authorization(
        challenge, {"Mufasa", password, "GET", "/dir/index.html?format=json", "0a4f113b", 1});
    for (const char c : header) {
      if (c == '\r' || c == '\n' || c == '\0') __builtin_trap();
    }
    if (header.size() > 4 * visitor::net::kMostChallengeBytes) __builtin_trap();
  }
  const std::vector<std::string> headers{text, text};
  if (visitor::net::choose_digest_challenge(headers).has_value() !=
      !visitor::net::parse_digest_challenges(text).empty()) {
    __builtin_trap();
  }
  return 0;
}
