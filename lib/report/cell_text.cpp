#include "report/cell_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "core/utf8.hpp"

namespace visitor::report {
namespace {

using std::chrono::minutes;

constexpr std::chrono::microseconds kQuarter = minutes{15};

bool is_control(unsigned char c) {
  return (c < 0x20 && c != '\t' && c != '\n') || c == 0x7F;
}

/// One of the 66 code points that will never be characters, which XML and Cairo refuse: U+FDD0 to U+FDEF, and the last
/// two of each plane. Source: The Unicode Standard, 23.7.
bool is_noncharacter(std::string_view sequence) {
  if (sequence.size() < 3) return false;
  const auto point = utf8_point(sequence);
  return (point >= 0xFDD0 && point <= 0xFDEF) || (point & 0xFFFE) == 0xFFFE;
}

/// Nothing to look at twice: printable ASCII, tabs and line feeds, and whole sequences of two bytes that are no control
/// characters (Latin with marks, Cyrillic).
bool is_simple(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (byte(i) < 0x80) {
      if (is_control(byte(i))) return false;
      continue;
    }
    if (byte(i) < 0xC2 || byte(i) > 0xDF || i + 1 == text.size() || (byte(i + 1) & 0xC0) != 0x80) return false;
    ++i;
  }
  return true;
}

void count(Losses& losses, Loss loss) {
  ++losses[static_cast<std::size_t>(loss)];
}

void put_two(std::string& out, unsigned value) {
  out += static_cast<char>('0' + value / 10 % 10);
  out += static_cast<char>('0' + value % 10);
}

/// " 17:27:53".
void put_time(std::string& out, std::chrono::microseconds of_day) {
  const auto second = static_cast<unsigned>(std::chrono::duration_cast<std::chrono::seconds>(of_day).count());
  std::array text{' ', '0', '0', ':', '0', '0', ':', '0', '0'};
  const auto set = [&text](std::size_t at, unsigned value) {
    text[at] = static_cast<char>('0' + value / 10);
    text[at + 1] = static_cast<char>('0' + value % 10);
  };
  set(1, second / 3600);
  set(4, second / 60 % 60);
  set(7, second % 60);
  out.append(text.data(), text.size());
}

}  // namespace

std::chrono::local_time<std::chrono::microseconds> LocalClock::local(Instant instant) {
  const auto number =
      std::chrono::floor<std::chrono::duration<std::int64_t, std::ratio<900>>>(instant.time_since_epoch()).count();
  auto& slot = slots_[static_cast<std::size_t>(number) % slots_.size()];
  if (slot.number != number) {
    const Instant begin{number * kQuarter};
    slot = {number, zone_.offset(begin), false};
    slot.even = zone_.offset(begin + kQuarter) == slot.offset;
  }
  const auto offset = slot.even ? slot.offset : zone_.offset(instant);
  return std::chrono::local_time<std::chrono::microseconds>{instant.time_since_epoch() + offset};
}

std::string_view clean_text(std::string_view text, Controls controls, std::string& buffer, Losses& losses) {
  if (is_simple(text)) return text;
  bool broken = false;
  bool controlled = false;
  bool line_ends = false;
  const auto replaces = controls == Controls::replaced;
  // First whether there is anything to do; that is rare.
  for (std::size_t i = 0; i < text.size();) {
    const auto length = utf8_length(text.substr(i));
    if (length == 0) {
      broken = true;
    } else if (replaces && length == 1 && is_control(static_cast<unsigned char>(text[i]))) {
      (text[i] == '\r' ? line_ends : controlled) = true;
    } else if (replaces && is_noncharacter(text.substr(i, length))) {
      controlled = true;
    }
    i += std::max<std::size_t>(length, 1);
  }
  if (!broken && !controlled && !line_ends) return text;

  buffer.clear();
  for (std::size_t i = 0; i < text.size();) {
    const auto length = utf8_length(text.substr(i));
    const auto sequence = text.substr(i, std::max<std::size_t>(length, 1));
    i += sequence.size();
    if (length == 0) {
      buffer += kReplacementCharacter;
    } else if (replaces && sequence == "\r") {
      if (i >= text.size() || text[i] != '\n') buffer += '\n';
    } else if (replaces &&
               ((length == 1 && is_control(static_cast<unsigned char>(sequence[0]))) || is_noncharacter(sequence))) {
      buffer += kReplacementCharacter;
    } else {
      buffer += sequence;
    }
  }
  if (broken) count(losses, Loss::broken_text);
  if (controlled) count(losses, Loss::control_characters);
  return buffer;
}

void put_date(std::string& out, std::chrono::year_month_day date) {
  const auto year = static_cast<int>(date.year());
  if (year >= 0 && year <= 9999) {
    put_two(out, static_cast<unsigned>(year) / 100);
    put_two(out, static_cast<unsigned>(year) % 100);
  } else {
    fmt::format_to(std::back_inserter(out), "{:05}", year);
  }
  out += '-';
  put_two(out, static_cast<unsigned>(date.month()));
  out += '-';
  put_two(out, static_cast<unsigned>(date.day()));
}

void put_stamp(std::string& out, std::chrono::local_time<std::chrono::microseconds> local) {
  const auto day = std::chrono::floor<std::chrono::days>(local);
  put_date(out, std::chrono::year_month_day{day});
  put_time(out, local - day);
}

void put_number(std::string& out, std::int64_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void put_span(std::string& out, std::chrono::seconds span) {
  auto seconds = static_cast<std::uint64_t>(span.count());
  if (span.count() < 0) {
    out += '-';
    seconds = 0 - seconds;
  }
  put_number(out, static_cast<std::int64_t>(seconds / 3600));
  out += ':';
  put_two(out, static_cast<unsigned>(seconds / 60 % 60));
  out += ':';
  put_two(out, static_cast<unsigned>(seconds % 60));
}

void CellText::put_moment(std::chrono::local_time<std::chrono::microseconds> local) {
  const auto day = std::chrono::floor<std::chrono::days>(local);
  if (day_ != day) {
    day_ = day;
    date_.clear();
    put_date(date_, std::chrono::year_month_day{day});
  }
  buffer_ += date_;
  put_time(buffer_, local - day);
}

std::string_view CellText::of(const Column& column, const Cell& cell) {
  if (const auto* text = std::get_if<std::string_view>(&cell))
    return column.kind == Kind::word && column.words ? column.words(*text, language_) : *text;
  buffer_.clear();
  if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    put_number(buffer_, *number);
  } else if (const auto* real = std::get_if<double>(&cell)) {
    fmt::format_to(std::back_inserter(buffer_), "{}", *real);
    if (decimal_point_ != '.') std::replace(buffer_.begin(), buffer_.end(), '.', decimal_point_);
  } else if (const auto* truth = std::get_if<bool>(&cell)) {
    if (language_ == domain::Language::russian) return *truth ? "да" : "нет";
    return *truth ? "yes" : "no";
  } else if (const auto* moment = std::get_if<Instant>(&cell)) {
    put_moment(clock_.local(*moment));
  } else if (const auto* date = std::get_if<std::chrono::year_month_day>(&cell)) {
    put_date(buffer_, *date);
  } else if (const auto* span = std::get_if<std::chrono::seconds>(&cell)) {
    put_span(buffer_, *span);
  }
  return buffer_;
}

}  // namespace visitor::report
