#include "hikvision/search.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <string_view>

#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::hikvision {
namespace {

std::string filters(const SearchRequest& request) {
  auto text = fmt::format(R"("major":{},"minor":{})", request.major, request.minor);
  const auto add_text = [&](std::string_view name, const std::optional<std::string>& value) {
    if (value) text += fmt::format(R"(,"{}":{})", name, json_quote(*value));
  };
  const auto add_number = [&](std::string_view name, const std::optional<std::uint64_t>& value) {
    if (value) text += fmt::format(R"(,"{}":{})", name, *value);
  };
  add_text("startTime", request.start_time);
  add_text("endTime", request.end_time);
  add_text("cardNo", request.card_no);
  add_text("employeeNoString", request.employee_no);
  add_number("beginSerialNo", request.begin_serial);
  add_number("endSerialNo", request.end_serial);
  return text;
}

void add_flag(std::string& text, std::string_view name, const std::optional<bool>& value) {
  if (value) text += fmt::format(R"(,"{}":{})", name, *value);
}

}  // namespace

std::string search_body(const SearchRequest& request) {
  auto text = fmt::format(R"({{"AcsEventCond":{{"searchID":{},"searchResultPosition":{},"maxResults":{},{})",
                          json_quote(request.search_id), request.position, request.max_results, filters(request));
  add_flag(text, "picEnable", request.pictures);
  add_flag(text, "timeReverseOrder", request.newest_first);
  return text += "}}";
}

std::string total_body(const SearchRequest& request) {
  auto text = fmt::format(R"({{"AcsEventTotalNumCond":{{{})", filters(request));
  add_flag(text, "picEnable", request.pictures);
  return text += "}}";
}

std::string search_time(Instant instant, std::chrono::seconds offset) {
  using namespace std::chrono;
  // Not fmt's %H: it would add the zone of this process.
  auto clock_face = to_iso(floor<seconds>(instant) + offset);
  clock_face.pop_back();
  const auto minutes_off = duration_cast<minutes>(abs(offset)).count();
  return fmt::format("{}{}{:02}:{:02}", clock_face, offset.count() < 0 ? '-' : '+', minutes_off / 60, minutes_off % 60);
}

std::string make_search_id() {
  constexpr std::string_view kSigns = "abcdefghijklmnopqrstuvwxyz0123456789";
  if (sodium_init() < 0) throw Error(Errc::failed, "libsodium finds no source of randomness");
  std::string id;
  for (int i = 0; i < 8; ++i) id += kSigns[randombytes_uniform(kSigns.size())];
  return id;
}

}  // namespace visitor::hikvision
