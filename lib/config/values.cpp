#include "config/values.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <utility>

#include "core/text.hpp"
#include "core/zone.hpp"

namespace visitor::config {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr std::array<std::pair<std::string_view, std::size_t>, 3> kUnits{
    {{"GiB", std::size_t{1} << 30}, {"MiB", std::size_t{1} << 20}, {"KiB", std::size_t{1} << 10}}};

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  if (text.empty() || !is_digit(text.front()) || is_digit(text.back())) return std::nullopt;
  if (text.ends_with("ms")) {
    const auto count = to_integer(text.substr(0, text.size() - 2));
    constexpr long long kYear = 366LL * 86'400'000;
    if (!count || *count > kYear) return std::nullopt;
    return std::chrono::milliseconds{*count};
  }
  return parse_span(text);
}

std::string span_text(std::chrono::milliseconds span) {
  const auto count = span.count();
  if (count % 1000 != 0) return fmt::format("{}ms", count);
  const auto seconds = count / 1000;
  if (seconds % 86400 == 0 && seconds >= 2 * 86400) return fmt::format("{}d", seconds / 86400);
  if (seconds % 3600 == 0 && seconds != 0) return fmt::format("{}h", seconds / 3600);
  if (seconds % 60 == 0 && seconds != 0) return fmt::format("{}m", seconds / 60);
  return fmt::format("{}s", seconds);
}

std::optional<std::chrono::minutes> parse_clock_time(std::string_view text) {
  if (text.size() != 5 || text[2] != ':' || !is_digit(text[0]) || !is_digit(text[3])) return std::nullopt;
  const auto hour = to_integer(text.substr(0, 2));
  const auto minute = to_integer(text.substr(3));
  if (!hour || !minute || *minute > 59 || *hour * 60 + *minute > 24 * 60) return std::nullopt;
  return std::chrono::minutes{*hour * 60 + *minute};
}

std::string clock_text(std::chrono::minutes time) {
  return fmt::format("{:02}:{:02}", time.count() / 60, time.count() % 60);
}

std::optional<std::size_t> parse_size(std::string_view text) {
  std::size_t unit = 1;
  for (const auto& [name, bytes] : kUnits) {
    if (!text.ends_with(name)) continue;
    unit = bytes;
    text.remove_suffix(name.size());
    break;
  }
  const auto count = to_integer(text);
  constexpr long long kMost = 1LL << 50;
  if (!count || *count < 0 || *count > kMost / static_cast<long long>(unit)) return std::nullopt;
  return static_cast<std::size_t>(*count) * unit;
}

std::string size_text(std::size_t bytes) {
  for (const auto& [name, unit] : kUnits)
    if (bytes != 0 && bytes % unit == 0) return fmt::format("{}{}", bytes / unit, name);
  return std::to_string(bytes);
}

bool is_ip_address(const std::string& text) {
  in6_addr address{};
  return inet_pton(AF_INET, text.c_str(), &address) == 1 || inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

}  // namespace visitor::config
