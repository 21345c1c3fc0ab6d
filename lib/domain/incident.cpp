#include "domain/incident.hpp"

namespace visitor::domain {

template <>
std::span<const Name<IncidentType>> names() {
  static constexpr Name<IncidentType> kNames[] = {
      {IncidentType::exit_without_entry, "exit_without_entry", "Exit without entry", "Выход без входа"},
      {IncidentType::long_stay, "long_stay", "Long stay", "Долгое пребывание"},
      {IncidentType::overstay, "overstay", "Overstay", "Превышено время визита"},
      {IncidentType::suspicious_time, "suspicious_time", "Access outside working hours", "Доступ в нерабочее время"},
      {IncidentType::multiple_failed_access, "multiple_failed_access", "Repeated failed attempts",
       "Многократные неудачные попытки"},
      {IncidentType::repeated_exit_entry, "repeated_exit_entry", "Frequent entries and exits", "Частые входы/выходы"},
      {IncidentType::entry_without_visit, "entry_without_visit", "Entry without a visit", "Вход без визита"},
      {IncidentType::blocked_guest, "blocked_guest", "Blocked guest", "Заблокированный гость"},
      {IncidentType::duress, "duress", "Entry under duress", "Проход под принуждением"},
      {IncidentType::door_forced, "door_forced", "Door forced", "Взлом двери"},
      {IncidentType::door_held, "door_held", "Door held open", "Дверь удерживается открытой"},
      {IncidentType::tamper, "tamper", "Tampering", "Вскрытие устройства"},
      {IncidentType::terminal_offline, "terminal_offline", "Terminal offline", "Терминал не на связи"},
      {IncidentType::event_gap, "event_gap", "Missing events", "Пропуск событий"},
      {IncidentType::clock_drift, "clock_drift", "Clock drift", "Расхождение часов"},
      {IncidentType::capacity, "capacity", "Too many people inside", "Превышена вместимость"},
      {IncidentType::backup, "backup", "Backups", "Резервные копии"},
      {IncidentType::other, "other", "Other", "Другое"},
  };
  return kNames;
}

template <>
std::span<const Name<Severity>> names() {
  static constexpr Name<Severity> kNames[] = {
      {Severity::low, "low", "Low", "Низкий"},
      {Severity::medium, "medium", "Medium", "Средний"},
      {Severity::high, "high", "High", "Высокий"},
      {Severity::critical, "critical", "Critical", "Критический"},
  };
  return kNames;
}

template <>
std::span<const Name<IncidentStatus>> names() {
  static constexpr Name<IncidentStatus> kNames[] = {
      {IncidentStatus::fresh, "new", "New", "Новый"},
      {IncidentStatus::investigating, "investigating", "Investigating", "Расследуется"},
      {IncidentStatus::resolved, "resolved", "Resolved", "Решен"},
      {IncidentStatus::false_alarm, "false_alarm", "False alarm", "Ложная тревога"},
  };
  return kNames;
}

}  // namespace visitor::domain
