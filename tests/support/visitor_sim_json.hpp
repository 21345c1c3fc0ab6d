#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace visitor::sim {

/// \p value as cJSON prints it, which is what terminals send: a tab per level, a tab behind each colon, objects of an
/// array joined by "}, {". Source: k1t342mwx_acsevent_page_more.json.
std::string print_cjson(const boost::json::value& value);

}  // namespace visitor::sim
