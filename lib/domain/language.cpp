#include "domain/language.hpp"

namespace visitor::domain {

template <>
std::span<const Name<Language>> names() {
  static constexpr Name<Language> kNames[] = {
      {Language::english, "en", "English", "Английский"},
      {Language::russian, "ru", "Russian", "Русский"},
  };
  return kNames;
}

}  // namespace visitor::domain
