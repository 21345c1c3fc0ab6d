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
std::string plain(const api::Values& values) {
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

// A query is refused in words, or every value keeps to its field and says the same when it is written plainly.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  api::Values values;
  try {
    values = api::read_query(text, fuzz::fields(), fuzz::kNow);
  } catch (const api::Refusal& refusal) {
    fuzz::require_told(refusal);
    return 0;
  }
  fuzz::require_checked(values);
  const auto moment = values.moment("created_after");
  if (moment && to_iso(*moment).find('-') != 4) return 0;
  // One list element is one parameter then, and there may be fewer of these.
  if (values.texts("status").size() + values.texts("fields").size() > 50) return 0;
  if (fuzz::text_of(api::read_query(plain(values), fuzz::fields(), fuzz::kNow)) != fuzz::text_of(values)) std::abort();
  return 0;
}
