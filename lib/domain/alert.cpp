#include "domain/alert.hpp"

#include <array>

namespace visitor::domain {

template <>
std::span<const Name<AlertKind>> names() {
  using enum AlertKind;
  static constexpr std::array<Name<AlertKind>, 12> kNames{{
      {incident_opened, "incident_opened", "Incident opened", "Новый инцидент"},
      {incident_updated, "incident_updated", "Incident updated", "Инцидент обновлен"},
      {incident_ended, "incident_ended", "Incident ended", "Инцидент закрыт"},
      {incident_escalated, "incident_escalated", "Incident escalated", "Инцидент передан выше"},
      {guest_arrived, "guest_arrived", "Guest arrived", "Гость прибыл"},
      {guest_left, "guest_left", "Guest left", "Гость ушел"},
      {guest_no_show, "guest_no_show", "Guest did not come", "Гость не пришел"},
      {storm, "storm", "Many alerts", "Много оповещений"},
      {daily_summary, "daily_summary", "Daily summary", "Сводка за день"},
      {weekly_report, "weekly_report", "Weekly incident report", "Отчет об инцидентах за неделю"},
      {test, "test", "Test message", "Проверочное сообщение"},
      {canary, "canary", "Channel check", "Проверка канала"},
  }};
  return kNames;
}

template <>
std::span<const Name<Channel>> names() {
  using enum Channel;
  static constexpr std::array<Name<Channel>, 5> kNames{{
      {log, "log", "Log", "Журнал"},
      {telegram, "telegram", "Telegram", "Telegram"},
      {email, "email", "E-mail", "Эл. почта"},
      {webhook, "webhook", "Webhook", "Вебхук"},
      {exec, "exec", "Program", "Программа"},
  }};
  return kNames;
}

template <>
std::span<const Name<DeliveryState>> names() {
  using enum DeliveryState;
  static constexpr std::array<Name<DeliveryState>, 5> kNames{{
      {waiting, "waiting", "Waiting", "Ожидает"},
      {sending, "sending", "Being sent", "Отправляется"},
      {sent, "sent", "Sent", "Отправлено"},
      {failed, "failed", "Failed", "Не доставлено"},
      {withheld, "withheld", "Withheld", "Удержано"},
  }};
  return kNames;
}

template <>
std::span<const Name<AttemptOutcome>> names() {
  using enum AttemptOutcome;
  static constexpr std::array<Name<AttemptOutcome>, 4> kNames{{
      {sent, "sent", "Sent", "Отправлено"},
      {later, "later", "Later", "Позже"},
      {refused, "refused", "Refused", "Отказано"},
      {unknown, "unknown", "Unknown", "Неизвестно"},
  }};
  return kNames;
}

}  // namespace visitor::domain
