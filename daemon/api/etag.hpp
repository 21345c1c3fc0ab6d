#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace visitor::api {

/// A strong validator of this representation: "\"3-9f86d081884c7d65\"" with the version of the thing, where it has one.
std::string etag_of(std::string_view body, std::optional<int> version);

/// Whether \p header (of If-Match or If-None-Match: "*", or ETags with commas between) names \p etag.
/// \param weak  weak ones count, too, as they do for If-None-Match. Source: RFC 9110, 8.8.3.2.
bool names_etag(std::string_view header, std::string_view etag, bool weak);

}  // namespace visitor::api
