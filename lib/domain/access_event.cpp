#include "domain/access_event.hpp"

namespace visitor::domain {

template <>
std::span<const Name<Direction>> names() {
  static constexpr Name<Direction> kNames[] = {
      {Direction::entry, "entry", "Entry", "Вход"},
      {Direction::exit, "exit", "Exit", "Выход"},
      {Direction::none, "none", "None", "Нет"},
  };
  return kNames;
}

template <>
std::span<const Name<EventClass>> names() {
  static constexpr Name<EventClass> kNames[] = {
      {EventClass::granted, "granted", "Access granted", "Доступ разрешен"},
      {EventClass::denied, "denied", "Access denied", "Доступ запрещен"},
      {EventClass::door_state, "door_state", "Door state", "Состояние двери"},
      {EventClass::alarm, "alarm", "Alarm", "Тревога"},
      {EventClass::operation, "operation", "Operation", "Действие оператора"},
      {EventClass::own_noise, "own_noise", "Own log-in", "Собственное подключение"},
      {EventClass::exception, "exception", "Device exception", "Сбой устройства"},
      {EventClass::state, "state", "Device state", "Состояние устройства"},
      {EventClass::unknown, "unknown", "Unknown", "Неизвестно"},
  };
  return kNames;
}

template <>
std::span<const Name<TimeSource>> names() {
  static constexpr Name<TimeSource> kNames[] = {
      {TimeSource::offset, "offset", "Offset in the text", "Смещение в тексте"},
      {TimeSource::utc, "utc", "UTC in the text", "UTC в тексте"},
      {TimeSource::terminal, "terminal", "Clock of the terminal", "Часы терминала"},
      {TimeSource::site, "site", "Time zone of the site", "Часовой пояс площадки"},
      {TimeSource::received, "received", "Time of receipt", "Время получения"},
  };
  return kNames;
}

}  // namespace visitor::domain
