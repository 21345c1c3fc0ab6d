#include "config/values.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/calendar_span.hpp"
#include "core/key_text.hpp"
#include "core/mail_address.hpp"
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

std::string wrong_host(const std::string& text) {
  if (is_host_name(text) || is_ip_address(text)) return "";
  return fmt::format("must be the name of a host such as \"smtp.example.org\", not {}", json_quote(text));
}

std::string wrong_mail_address(const std::string& text) {
  if (is_mail_address(text)) return "";
  return fmt::format("must be an address such as \"visitor@example.org\", not {}", json_quote(text));
}

std::string wrong_network(const std::string& text) {
  const auto slash = text.find('/');
  const auto address = text.substr(0, slash);
  const int most = address.find(':') == std::string::npos ? 32 : 128;
  const auto bits = slash == std::string::npos ? most : to_integer(std::string_view{text}.substr(slash + 1));
  if (is_ip_address(address) && bits && *bits >= 0 && *bits <= most) return "";
  return fmt::format("must be an address or a network such as \"10.0.0.0/8\", not {}", json_quote(text));
}

std::string wrong_web_address(const std::string& text) {
  const auto scheme = text.starts_with("https://") ? 8U : text.starts_with("http://") ? 7U : 0U;
  const auto host =
      std::string_view{text}.substr(scheme, std::min(text.find_first_of("/?#", scheme), text.size()) - scheme);
  const bool plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
  if (scheme == 0 || host.empty() || !plain)
    return fmt::format("must be a web address such as \"https://example.org/hook\", not {}", json_quote(text));
  if (host.find('@') != std::string_view::npos) return "must not hold a name or a password";
  return "";
}

std::string wrong_origin(const std::string& text) {
  const auto scheme = text.find("://");
  if (wrong_web_address(text).empty() && text.find_first_of("/?#", scheme + 3) == std::string::npos &&
      text == lower(text))
    return "";
  return fmt::format("must be scheme, host and port such as \"https://intranet.example.org\", not {}",
                     json_quote(text));
}

std::string wrong_chat(const std::string& text) {
  const auto number = to_integer(text);
  if (number && *number != 0 && std::to_string(*number) == text) return "";
  return fmt::format("must be the id of a chat such as \"-1001234567890\", not {}", json_quote(text));
}

std::string wrong_telegram_person(const std::string& text) {
  const auto number = to_integer(text);
  if (number && *number > 0 && std::to_string(*number) == text) return "";
  return fmt::format("must be the id of a person such as \"123456789\", not {}", json_quote(text));
}

std::string wrong_time_zone(const std::string& text) {
  if (Zone::exists(text)) return "";
  return fmt::format("must be a time zone such as \"Asia/Almaty\", not {}", json_quote(text));
}

std::string wrong_calendar_span(const std::string& text) {
  if (parse_calendar_span(text)) return "";
  return fmt::format("must be years, months, days and hours in this order, such as \"1y6m14d12h\", not {}",
                     json_quote(text));
}

std::string wrong_backup_target(const std::string& text) {
  constexpr std::string_view kFile = "file://", kS3 = "s3://";
  if (text.starts_with(kFile))
    return text.substr(kFile.size()).starts_with('/') ? ""
                                                      : "must name a whole path, as in file:///var/backups/visitor";
  if (!text.starts_with(kS3)) return fmt::format("must begin with file:/// or s3://, not {}", json_quote(text));
  const auto bucket = text.substr(kS3.size(), text.find('/', kS3.size()) - kS3.size());
  constexpr std::size_t kShortest = 3, kLongest = 63;
  const bool good = std::ranges::all_of(bucket, [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
  });
  if (good && bucket.size() >= kShortest && bucket.size() <= kLongest) return "";
  return fmt::format("must name a bucket, as in s3://visitor-backups/house, not {}", json_quote(bucket));
}

std::string wrong_backup_key(const std::string& text) {
  if (read_key_text(kBackupKeyPrefix, text)) return "";
  return fmt::format("must be a line that 'visitorctl backup key create' printed, and {} is none, or mistyped",
                     json_quote(shortened(text, 20)));
}

std::string wrong_audit_place(const std::string& text) {
  if (wrong_backup_target(text).empty()) return "";
  for (const std::string_view scheme : {"https://", "http://"})
    if (text.starts_with(scheme) && text.size() > scheme.size()) return "";
  return fmt::format("must begin with file:///, s3:// or https://, not {}", json_quote(text));
}

std::string wrong_absolute_path(const std::string& text) {
  return text.starts_with('/') ? "" : fmt::format("must begin with a slash, not {}", json_quote(text));
}

std::string wrong_name(const std::string& text) {
  constexpr std::size_t kLongest = 64;
  const bool good = std::ranges::all_of(text, [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
  if (good && !text.empty() && text.size() <= kLongest) return "";
  return fmt::format("must be 1 to {} letters, digits, \"-\" and \"_\", not {}", kLongest, json_quote(text));
}

std::string wrong_addressee(const std::string& text) {
  constexpr std::size_t kLongest = 100;
  if (!text.starts_with(kUserGroup)) return wrong_name(text);
  const auto name = trim(std::string_view{text}.substr(kUserGroup.size()));
  if (!name.empty() && name.size() <= 4 * kLongest) return "";
  return fmt::format("must name a group of users after {}, not {}", json_quote(kUserGroup), json_quote(text));
}

std::string wrong_report_recipient(const std::string& text) {
  return text.find('@') == std::string::npos ? wrong_addressee(text) : wrong_mail_address(text);
}

std::string wrong_report_file(const std::string& text) {
  constexpr std::size_t kLongest = 100;
  auto rest = text;
  for (const std::string_view word : {"{name}", "{report}", "{date}", "{time}"})
    for (auto at = rest.find(word); at != std::string::npos; at = rest.find(word))
      rest.replace(at, word.size(), 1, 'x');
  const bool good = std::ranges::all_of(rest, [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
  });
  if (good && !rest.empty() && rest.front() != '.' && text.size() <= kLongest) return "";
  return fmt::format(
      "must be letters, digits, \".\", \"-\" and \"_\", with {{name}}, {{report}}, {{date}} and "
      "{{time}} among them, not {}",
      json_quote(text));
}

}  // namespace visitor::config
