#include "domain/audit.hpp"

#include <array>

namespace visitor::domain {

template <>
std::span<const Name<AuditAction>> names() {
  using enum AuditAction;
  static constexpr std::array<Name<AuditAction>, 11> kNames{{
      {create, "create", "Create", "Создание"},
      {update, "update", "Update", "Обновление"},
      {remove, "delete", "Delete", "Удаление"},
      {view, "view", "View", "Просмотр"},
      {login, "login", "Log-in", "Вход"},
      {logout, "logout", "Log-out", "Выход"},
      {login_failed, "login_failed", "Failed log-in", "Неудачный вход"},
      {permission_change, "permission_change", "Change of permissions", "Изменение прав"},
      {exported, "export", "Export", "Экспорт"},
      {bulk_operation, "bulk_operation", "Bulk operation", "Массовая операция"},
      {refused, "refused", "Refused", "Отказано"},
  }};
  return kNames;
}

}  // namespace visitor::domain
