#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "report/writer.hpp"

/// What writers of several formats do with cells alike.
namespace visitor::report {

/// Wall clocks in one zone; fast where moments lie near each other.
class LocalClock {
 public:
  explicit LocalClock(Zone zone) : zone_(std::move(zone)) {}
  std::chrono::local_time<std::chrono::microseconds> local(Instant instant);

 private:
  struct Slot {
    std::int64_t number = INT64_MIN;  ///< which quarter of an hour; none yet
    std::chrono::minutes offset{};
    bool even = false;  ///< the offset holds all through
  };
  Zone zone_;
  std::array<Slot, 64> slots_{};
};

enum class Controls {
  kept,
  replaced  ///< all but tab and line feed; the two line ends that have a carriage return become a line feed
};

/// \p text as well-formed UTF-8, counting what was replaced; also noncharacters (U+FFFE), with the controls.
/// \param buffer  what the view is into, unless it is \p text itself
std::string_view clean_text(std::string_view text, Controls controls, std::string& buffer, Losses& losses);

/// Cells as people read them: a moment as "2026-09-01 17:27:53" on the clock of the zone, a span as "1:05:00", a word
/// as its label, truth as yes or no.
class CellText {
 public:
  CellText(domain::Language language, const Zone& zone, char decimal_point = '.')
      : language_(language), clock_(zone), decimal_point_(decimal_point) {}

  /// Texts as they are, any bytes. \returns a view that is good until the next call, or as long as the cell's own
  std::string_view of(const Column& column, const Cell& cell);

 private:
  void put_moment(std::chrono::local_time<std::chrono::microseconds> local);

  domain::Language language_;
  LocalClock clock_;
  char decimal_point_;
  std::string buffer_;
  std::optional<std::chrono::local_days> day_;  // of the moment before, which the next one often shares
  std::string date_;
};

/// "2026-09-01".
void put_date(std::string& out, std::chrono::year_month_day date);
/// "2026-09-01 17:27:53".
void put_stamp(std::string& out, std::chrono::local_time<std::chrono::microseconds> local);
/// "1:05:00", with "-" in front of a negative one.
void put_span(std::string& out, std::chrono::seconds span);

/// Gathers small pieces for a sink.
class Buffered {
 public:
  explicit Buffered(Sink sink) : sink_(std::move(sink)) { text_.reserve(kFull + kRoom); }

  /// What is appended to this goes to the sink at the next settle() or flush().
  std::string& text() { return text_; }
  /// To be called every row or so.
  void settle() {
    if (text_.size() >= kFull) flush();
  }
  void flush() {
    if (text_.empty()) return;
    sink_(text_);
    text_.clear();
  }

 private:
  static constexpr std::size_t kFull = std::size_t{64} << 10;
  static constexpr std::size_t kRoom = std::size_t{16} << 10;
  Sink sink_;
  std::string text_;
};

}  // namespace visitor::report
