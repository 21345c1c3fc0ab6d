#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string_view>
#include <variant>

namespace visitor::bench {

/// A word that a bench takes on its command line, and where what it says goes.
struct Word {
  std::string_view name;  ///< "--rounds"
  /// A switch, which is turned over; a number, or a folder, which is the next word.
  std::variant<bool*, int*, std::int64_t*, std::filesystem::path*> into;
  std::int64_t least = 1;  ///< of a number
  std::int64_t most = 100'000;
};

/// \returns whether each word of the command line is one of \p words, and good
bool read_words(int argc, char** argv, std::initializer_list<Word> words);

}  // namespace visitor::bench
