#include "hikvision/device_zone.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "hikvision/text_cursor.hpp"

namespace visitor::hikvision {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// h[h][:mm[:ss]]
std::optional<seconds> read_span(TextCursor& cursor) {
  const auto hour = cursor.number(1, 2);
  if (!hour || *hour > 24) return std::nullopt;
  seconds span = hours{*hour};
  if (!cursor.take(':')) return span;
  const auto minute = cursor.number(2, 2);
  if (!minute || *minute > 59) return std::nullopt;
  span += minutes{*minute};
  if (!cursor.take(':')) return span;
  const auto second = cursor.number(2, 2);
  if (!second || *second > 59) return std::nullopt;
  return span + seconds{*second};
}

/// ,Mm.w.d[/time]
std::optional<DstDate> read_date(TextCursor& cursor) {
  if (!cursor.take(',') || !cursor.take('M')) return std::nullopt;
  const auto month = cursor.number(1, 2);
  if (!month || !cursor.take('.')) return std::nullopt;
  const auto week = cursor.number(1, 1);
  if (!week || !cursor.take('.')) return std::nullopt;
  const auto weekday = cursor.number(1, 1);
  if (!weekday || *month < 1 || *month > 12 || *week < 1 || *week > 5 || *weekday > 6) return std::nullopt;
  DstDate date{static_cast<unsigned>(*month), static_cast<unsigned>(*week), static_cast<unsigned>(*weekday)};
  if (cursor.take('/')) {
    const auto at = read_span(cursor);
    if (!at) return std::nullopt;
    date.at = *at;
  }
  return date;
}

void skip_name(TextCursor& cursor) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto rest = cursor.rest();
  cursor.skip(static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_letter) - rest.begin()));
}

std::optional<DeviceZone::Dst> read_dst(TextCursor& cursor) {
  if (cursor.at_end()) return std::nullopt;
  skip_name(cursor);
  DeviceZone::Dst dst;
  if (cursor.peek() != ',') {
    const auto forward = read_span(cursor);
    if (!forward || *forward > hours{3}) return std::nullopt;
    dst.forward = *forward;
  }
  const auto begin = read_date(cursor);
  const auto end = begin ? read_date(cursor) : std::nullopt;
  if (!end || !cursor.at_end()) return std::nullopt;
  dst.begin = *begin;
  dst.end = *end;
  return dst;
}

}  // namespace

LocalTime DstDate::in(std::chrono::year year) const {
  using namespace std::chrono;
  const std::chrono::weekday day{weekday};
  const auto date = week >= 5 ? local_days{year / std::chrono::month{month} / day[last]}
                              : local_days{year / std::chrono::month{month} / day[week]};
  return date + at;
}

seconds DeviceZone::offset_at(LocalTime local) const {
  if (!dst) return standard;
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const auto year = std::chrono::year_month_day{day}.year();
  const auto begin = dst->begin.in(year);
  const auto end = dst->end.in(year);
  const bool summer = begin < end ? local >= begin && local < end : local >= begin || local < end;
  return summer ? standard + dst->forward : standard;
}

LocalTime DeviceZone::local_at(Instant instant) const {
  const LocalTime winter = LocalTime{instant.time_since_epoch()} + standard;
  if (!dst) return winter;
  // Each change is told in the time that the clock shows before it.
  const auto summer = winter + dst->forward;
  const auto year = std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(winter)}.year();
  const bool begun = winter >= dst->begin.in(year);
  const bool ended = summer >= dst->end.in(year);
  const bool north = dst->begin.in(year) < dst->end.in(year);
  return (north ? begun && !ended : begun || !ended) ? summer : winter;
}

std::string device_zone_text(seconds offset) {
  const std::chrono::hh_mm_ss span{std::chrono::abs(offset)};
  return fmt::format("CST{}{}:{:02}:{:02}", offset.count() < 0 ? '+' : '-', span.hours().count(),
                     span.minutes().count(), span.seconds().count());
}

std::optional<DeviceZone> parse_device_zone(std::string_view text) {
  text = trim(text);
  if (text.size() > 128) return std::nullopt;
  TextCursor cursor{text};
  skip_name(cursor);
  const bool east = cursor.peek() == '-';
  cursor.take_any("+-");
  const auto span = read_span(cursor);
  if (!span || *span > hours{18}) return std::nullopt;
  DeviceZone zone;
  zone.standard = east ? *span : -*span;
  zone.dst = read_dst(cursor);
  return zone;
}

}  // namespace visitor::hikvision
