#include "daemon/api/file_answer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"

namespace visitor::api {
namespace {

bool is_letter_or_digit(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Only digits, and no more of them than a number has.
std::optional<std::uint64_t> number_in(std::string_view text) {
  constexpr std::size_t kMost = 18;
  const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (text.empty() || text.size() > kMost || !digits) return std::nullopt;
  return static_cast<std::uint64_t>(to_integer(text).value_or(0));
}

}  // namespace

std::string content_type_of(report::Format format, bool excel) {
  switch (format) {
    case report::Format::xlsx:
      return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    case report::Format::pdf:
      return "application/pdf";
    case report::Format::csv:
      return excel ? "text/csv; charset=windows-1251" : "text/csv; charset=utf-8";
    case report::Format::json:
      return "application/json";
    case report::Format::jsonl:
      return "application/jsonl";
    case report::Format::html:
      return "text/html; charset=utf-8";
  }
  return "application/octet-stream";
}

std::string attachment(std::string_view name) {
  std::string plain;
  std::string escaped;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool goes_on = (byte & 0xC0U) == 0x80U;  // of one character one replacement is enough
    if (is_letter_or_digit(byte) || std::string_view{"-_.~ ()+,=@[]{}!#$&"}.find(c) != std::string_view::npos)
      plain += c;
    else if (!goes_on)
      plain += '_';
    if (is_letter_or_digit(byte) || std::string_view{"-_.~"}.find(c) != std::string_view::npos)
      escaped += c;
    else
      escaped += fmt::format("%{:02X}", byte);
  }
  return fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", plain, escaped);
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> part_of(std::string_view range, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  range = trim(range);
  if (!range.starts_with(kUnit)) return std::nullopt;
  range.remove_prefix(kUnit.size());
  const auto dash = range.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = number_in(range.substr(0, dash));
  const auto last = number_in(range.substr(dash + 1));
  if (dash == 0) {  // the last so many
    if (!last || *last == 0 || size == 0) return std::nullopt;
    const auto count = std::min(*last, size);
    return std::pair{size - count, count};
  }
  const bool open = dash + 1 == range.size();
  if (!first || *first >= size || (!open && (!last || *last < *first))) return std::nullopt;
  const auto end = open ? size : std::min(*last + 1, size);
  return std::pair{*first, end - *first};
}

}  // namespace visitor::api
