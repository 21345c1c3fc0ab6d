#include "domain/backup.hpp"

#include <array>

namespace visitor::domain {

template <>
std::span<const Name<VerifyLevel>> names() {
  using enum VerifyLevel;
  static constexpr std::array kNames{
      Name<VerifyLevel>{quick, "quick", "Hashes", "Контрольные суммы"},
      Name<VerifyLevel>{full, "full", "All contents", "Всё содержимое"},
      Name<VerifyLevel>{restore, "restore", "Trial restore", "Пробное восстановление"},
  };
  return kNames;
}

}  // namespace visitor::domain
