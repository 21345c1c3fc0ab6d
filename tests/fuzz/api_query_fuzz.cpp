#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "api_fields.hpp"

namespace {

using namespace visitor;

std::string encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', kDigits[byte / 16U], kDigits[byte % 16U]};
  }
  return out;
}

/// What a program would send that wants the same.
std::optional<std::string> plain(const api::Values& values) {
  // An element of a list is a parameter then, and there may be fewer of these.
  if (values.texts("status").size() + values.texts("fields").size() > 50) return std::nullopt;
  std::vector<std::string> pairs;
  for (const auto& field : fuzz::fields()) {
    const auto& name = field.name;
    if (const auto text = values.text(name)) pairs.push_back(name + '=' + encoded(*text));
    if (const auto number = values.number(name)) pairs.push_back(name + '=' + std::to_string(*number));
    if (const auto moment = values.moment(name); moment && to_iso(*moment).find('-') == 4)
      pairs.push_back(name + '=' + encoded(to_iso(*moment)));
    if (field.type == api::Type::boolean && values.has(name)) pairs.push_back(name + (values.yes(name) ? "=1" : "=0"));
    for (const auto& one : values.texts(name)) pairs.push_back(name + '=' + encoded(one));
  }
  std::ranges::stable_sort(pairs, {}, [](const std::string& pair) { return pair.substr(0, pair.find('=')); });
  std::string out;
  for (const auto& pair : pairs) out += (out.empty() ? "" : "&") + pair;
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = [](std::string_view query) { return api::read_query(query, fuzz::fields(), fuzz::kNow); };
  fuzz::check_reading({reinterpret_cast<const char*>(data), size}, read, plain);
  return 0;
}
