#include "support/visitor_sim_json.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace visitor::sim {
namespace {

namespace json = boost::json;

void print(const json::value& value, std::size_t depth, std::string& out) {
  if (const auto* array = value.if_array()) {
    out += '[';
    const char* separator = "";
    for (const auto& item : *array) {
      out += separator;
      print(item, depth + 1, out);
      separator = ", ";
    }
    out += ']';
  } else if (const auto* object = value.if_object()) {
    out += '{';
    const char* separator = "\n";
    for (const auto& member : *object) {
      out += separator;
      out.append(depth + 1, '\t');
      out += json::serialize(member.key());
      out += ":\t";
      print(member.value(), depth + 1, out);
      separator = ",\n";
    }
    out += '\n';
    out.append(depth, '\t');
    out += '}';
  } else if (const auto* number = value.if_double()) {
    out += fmt::format("{:.15g}", *number);
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

std::string print_cjson(const json::value& value) {
  std::string out;
  print(value, 0, out);
  return out;
}

}  // namespace visitor::sim
