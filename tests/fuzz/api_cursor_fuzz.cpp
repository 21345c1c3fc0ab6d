#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "daemon/api/cursor.hpp"

namespace {

using namespace visitor;

std::int64_t number_at(const std::uint8_t* data) {
  std::int64_t number = 0;
  std::memcpy(&number, data, sizeof number);
  return number;
}

/// What is handed out comes back as the same place; what could not be is not handed out as another one.
void require_round_trip(const api::Position& position) {
  const auto text = api::to_cursor(position);
  if (text.find_first_not_of("-.0123456789") != text.npos) std::abort();
  const auto again = api::parse_cursor(text);
  if (again && (again->at != position.at || again->id != position.id)) std::abort();
  const bool ordinary = position.at >= Instant{} && position.at < Instant{std::chrono::hours{24 * 365 * 1000}} &&
                        position.id >= 0 && position.id < (std::int64_t{1} << 53);
  if (ordinary && !again) std::abort();
}

}  // namespace

// A cursor that is taken is the one text for its place, and its place is one that a row can have.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto position = api::parse_cursor(text)) {
    if (api::to_cursor(*position) != text || position->id < 0) std::abort();
    require_round_trip(*position);
  }
  if (size >= 2 * sizeof(std::int64_t))
    require_round_trip({Instant{std::chrono::microseconds{number_at(data)}}, number_at(data + sizeof(std::int64_t))});
  return 0;
}
