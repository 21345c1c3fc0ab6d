#include "domain/terminal.hpp"

namespace visitor::domain {

template <>
std::span<const Name<TerminalState>> names() {
  static constexpr Name<TerminalState> kNames[] = {
      {TerminalState::fresh, "new", "New", "Новый"},
      {TerminalState::online, "online", "Online", "На связи"},
      {TerminalState::offline, "offline", "Offline", "Не на связи"},
      {TerminalState::locked, "locked", "Log-in locked", "Вход заблокирован"},
      {TerminalState::refused, "refused", "Log-in refused", "Вход отклонен"},
      {TerminalState::certificate_changed, "certificate_changed", "Certificate changed", "Сертификат изменился"},
      {TerminalState::error, "error", "Error", "Ошибка"},
  };
  return kNames;
}

}  // namespace visitor::domain
