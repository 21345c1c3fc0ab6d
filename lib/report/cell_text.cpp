#include "report/cell_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/utf8.hpp"

namespace visitor::report {
namespace {

using std::chrono::minutes;

constexpr std::chrono::microseconds kQuarter = minutes{15};

bool is_control(unsigned char c) {
  return (c < 0x20 && c != '\t' && c != '\n') || c == 0x7F;
}

/// Nothing to look at twice: printable ASCII, tabs and line feeds.
bool is_simple(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x80 && !is_control(byte);
  });
}

void count(Losses& losses, Loss loss) {
  ++losses[static_cast<std::size_t>(loss)];
}

void put_two(std::string& out, unsigned value) {
  out += static_cast<char>('0' + value / 10 % 10);
  out += static_cast<char>('0' + value % 10);
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
    } else if (replaces && length == 3) {
      const auto point = utf8_point(text.substr(i, 3));
      controlled = controlled || point == 0xFFFE || point == 0xFFFF;
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
    } else if (replaces && ((length == 1 && is_control(static_cast<unsigned char>(sequence[0]))) ||
                            sequence == "\xEF\xBF\xBE" || sequence == "\xEF\xBF\xBF")) {
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
  const auto second = static_cast<unsigned>(std::chrono::duration_cast<std::chrono::seconds>(local - day).count());
  out += ' ';
  put_two(out, second / 3600);
  out += ':';
  put_two(out, second / 60 % 60);
  out += ':';
  put_two(out, second % 60);
}

void put_span(std::string& out, std::chrono::seconds span) {
  auto seconds = static_cast<std::uint64_t>(span.count());
  if (span.count() < 0) {
    out += '-';
    seconds = 0 - seconds;
  }
  fmt::format_to(std::back_inserter(out), "{}:", seconds / 3600);
  put_two(out, static_cast<unsigned>(seconds / 60 % 60));
  out += ':';
  put_two(out, static_cast<unsigned>(seconds % 60));
}

std::string_view CellText::of(const Column& column, const Cell& cell) {
  if (const auto* text = std::get_if<std::string_view>(&cell))
    return column.kind == Kind::word && column.words ? column.words(*text, language_) : *text;
  buffer_.clear();
  if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    fmt::format_to(std::back_inserter(buffer_), "{}", *number);
  } else if (const auto* real = std::get_if<double>(&cell)) {
    fmt::format_to(std::back_inserter(buffer_), "{}", *real);
    if (decimal_point_ != '.') std::replace(buffer_.begin(), buffer_.end(), '.', decimal_point_);
  } else if (const auto* truth = std::get_if<bool>(&cell)) {
    if (language_ == domain::Language::russian) return *truth ? "да" : "нет";
    return *truth ? "yes" : "no";
  } else if (const auto* moment = std::get_if<Instant>(&cell)) {
    put_stamp(buffer_, clock_.local(*moment));
  } else if (const auto* date = std::get_if<std::chrono::year_month_day>(&cell)) {
    put_date(buffer_, *date);
  } else if (const auto* span = std::get_if<std::chrono::seconds>(&cell)) {
    put_span(buffer_, *span);
  }
  return buffer_;
}

}  // namespace visitor::report
