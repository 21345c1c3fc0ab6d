#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "report/writer.hpp"

/// Answers that are files.
namespace visitor::api {

/// "text/csv; charset=utf-8".
std::string content_type_of(report::Format format, bool excel);

/// To be stored under that name, whatever is in it: what is not ASCII or would end the text is replaced in the plain
/// form, and escaped in the other one. Source: RFC 6266, RFC 8187.
std::string attachment(std::string_view name);

/// The one part, first byte and size, that a Range asks for; nothing where it asks for none, for several, or for what
/// is not there: then all of it is meant. Source: RFC 9110, 14.2.
std::optional<std::pair<std::uint64_t, std::uint64_t>> part_of(std::string_view range, std::uint64_t size);

}  // namespace visitor::api
