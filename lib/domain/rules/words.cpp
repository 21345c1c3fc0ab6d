#include <array>

#include "domain/rules/rules.hpp"

namespace visitor::domain {

std::string guest_words(const Figures& figures, Language language) {
  if (const auto visit = figures.number("visit"))
    return phrase(language, "The guest of visit {}", "Гость визита {}", *visit);
  return phrase(language, "A guest", "Гость");
}

std::string terminal_words(const Figures& figures, Language language) {
  if (const auto name = figures.text("name")) return phrase(language, "terminal {}", "терминал «{}»", *name);
  return phrase(language, "a terminal", "терминал");
}

std::string door_words(const Figures& figures, Language language) {
  auto words = terminal_words(figures, language);
  if (const auto door = figures.number("door").value_or(0); door > 0)
    words += phrase(language, ", door {}", ", дверь {}", door);
  return words;
}

std::string span_words(const Figures& figures, std::string_view key, Language language) {
  const auto count = figures.number(key);
  if (!count) return {};
  const auto english = format_span(std::chrono::seconds{*count});
  if (language == Language::english) return english;

  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kUnits{
      {{"min", "мин"}, {"s", "с"}, {"h", "ч"}, {"d", "д"}}};
  std::string russian;
  for (std::size_t at = 0; at < english.size();) {
    const auto end = std::min(english.find(' ', at), english.size());
    std::string_view word = std::string_view{english}.substr(at, end - at);
    for (const auto& [unit, name] : kUnits) {
      if (word != unit) continue;
      word = name;
      break;
    }
    if (!russian.empty()) russian += ' ';
    russian += word;
    at = end + 1;
  }
  return russian;
}

}  // namespace visitor::domain
