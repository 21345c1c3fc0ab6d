#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "api_fields.hpp"

namespace {

using namespace visitor;
namespace json = boost::json;

/// What a program would send that means the same.
std::string plain(const api::Values& values) {
  json::object object;
  for (const auto& field : fuzz::fields()) {
    const auto& name = field.name;
    if (!values.has(name)) continue;
    if (values.is_null(name)) object[name] = nullptr;
    if (const auto text = values.text(name)) object[name] = *text;
    if (const auto number = values.number(name)) object[name] = *number;
    if (const auto moment = values.moment(name)) object[name] = to_iso(*moment);
    if (field.type == api::Type::boolean) object[name] = values.yes(name);
    if (field.list) {
      json::array list;
      for (const auto& one : values.texts(name)) list.emplace_back(one);
      object[name] = std::move(list);
    }
  }
  return json::serialize(object);
}

}  // namespace

// A body is refused in words, or every member keeps to its field and says the same when it is written plainly.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  api::Values values;
  try {
    values = api::read_body(text, fuzz::fields(), fuzz::kNow);
  } catch (const api::Refusal& refusal) {
    fuzz::require_told(refusal);
    return 0;
  }
  fuzz::require_checked(values);
  const auto moment = values.moment("created_after");
  if (moment && to_iso(*moment).find('-') != 4) return 0;
  if (fuzz::text_of(api::read_body(plain(values), fuzz::fields(), fuzz::kNow)) != fuzz::text_of(values)) std::abort();
  return 0;
}
