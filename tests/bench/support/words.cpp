#include "words.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace visitor::bench {

bool read_words(int argc, char** argv, std::initializer_list<Word> words) {
  for (int i = 1; i < argc; ++i) {
    const auto* word = std::find_if(words.begin(), words.end(), [&](const Word& one) { return one.name == argv[i]; });
    if (word == words.end()) return false;
    if (auto* const* on = std::get_if<bool*>(&word->into)) {
      **on = !**on;
      continue;
    }
    if (++i == argc) return false;
    if (auto* const* path = std::get_if<std::filesystem::path*>(&word->into)) {
      **path = argv[i];
      continue;
    }
    const auto number = to_integer(argv[i]);
    if (!number || *number < word->least || *number > word->most) return false;
    if (auto* const* whole = std::get_if<int*>(&word->into))
      **whole = static_cast<int>(*number);
    else
      *std::get<std::int64_t*>(word->into) = *number;
  }
  return true;
}

}  // namespace visitor::bench
