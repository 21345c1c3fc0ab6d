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
std::optional<std::string> plain(const api::Values& values) {
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

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = [](std::string_view body) { return api::read_body(body, fuzz::fields(), fuzz::kNow); };
  fuzz::check_reading({reinterpret_cast<const char*>(data), size}, read, plain);
  return 0;
}
