#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What people type, checked before it is stored.
namespace visitor::app {

/// \p text without blanks at both ends.
/// \param field  "the name of a site", for the message
/// \param least  characters, not bytes
/// \throws Error usage  too short, too long, not UTF-8, or with control characters (line ends included)
std::string checked_text(std::string_view field, std::string_view text, std::size_t least, std::size_t most);

/// As checked_text, with line ends and tabs allowed: notes and reasons.
std::string checked_note(std::string_view field, std::string_view text, std::size_t most);

/// \returns the address, or an empty text for an empty one
/// \throws Error usage  it is no e-mail address
std::string checked_email(std::string_view text);

/// How many characters (code points) well-formed UTF-8 has.
std::size_t characters(std::string_view text);

/// "Did you mean 'Main'?" where a candidate is near \p word, otherwise \p otherwise.
std::string near_hint(std::string_view word, const std::vector<std::string>& candidates, std::string_view otherwise);

}  // namespace visitor::app
