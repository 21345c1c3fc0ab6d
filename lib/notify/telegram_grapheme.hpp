#pragma once

#include <cstdint>
#include <span>

namespace visitor::notify {

/// Whether a reader sees a border between \p before and \p after it in \p points: not within a letter and its marks, a
/// Hangul syllable, a flag, or emoji that are joined. Source: Unicode 14, annex 29, rules GB3 to GB13.
/// \param at  index of the point after the border, 1 or more
bool is_grapheme_border(std::span<const std::uint32_t> points, std::size_t at);

}  // namespace visitor::notify
