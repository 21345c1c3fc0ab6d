#include "notify/texts.hpp"

namespace visitor::domain {

template <>
std::span<const Name<notify::Phrase>> names() {
  using enum notify::Phrase;
  static constexpr Name<notify::Phrase> kNames[] = {
      {type, "type", "Type", "Тип"},
      {severity, "severity", "Severity", "Уровень"},
      {status, "status", "Status", "Статус"},
      {time, "time", "Time", "Время"},
      {known_since, "known_since", "Learned late", "Стало известно позже"},
      {seen, "seen", "Seen", "Замечено"},
      {guest, "guest", "Guest", "Гость"},
      {host, "host", "Host", "Принимающий"},
      {department, "department", "Department", "Отдел"},
      {visit, "visit", "Visit", "Визит"},
      {assigned_to, "assigned_to", "Assigned to", "Назначен"},
      {expected, "expected", "Expected", "Ожидался"},
      {site, "site", "Site", "Объект"},

      {security_alert, "security_alert", "Security Alert: {}", "Инцидент безопасности: {}"},
      {late_security_alert, "late_security_alert", "Late Security Alert: {}",
       "Инцидент безопасности (узнали поздно): {}"},
      {reminder, "reminder", "Reminder: Security Alert: {}", "Напоминание: инцидент безопасности: {}"},
      {update, "update", "Security Alert, news: {}", "Инцидент безопасности, новости: {}"},
      {closed, "closed", "Security Alert closed: {}", "Инцидент безопасности закрыт: {}"},
      {escalated, "escalated", "Security Alert, nobody has answered: {}", "Инцидент безопасности без ответа: {}"},
      {arrived, "arrived", "Guest arrived: {}", "Гость прибыл: {}"},
      {left, "left", "Guest left: {}", "Гость ушел: {}"},
      {no_show, "no_show", "Guest did not come: {}", "Гость не пришел: {}"},
      {storm, "storm", "{} alerts", "Оповещений: {}"},
      {daily, "daily", "Daily summary: {}, {}", "Сводка за день: {}, {}"},
      {weekly, "weekly", "Weekly incident report: {}, {}", "Отчет об инцидентах за неделю: {}, {}"},
      {test, "test", "Test message", "Проверочное сообщение"},
      {canary, "canary", "Channel check", "Проверка канала"},

      {nobody_since, "nobody_since", "Nobody has taken this on since {}.", "С {} никто не взялся за это."},
      {taken_by, "taken_by", "Taken on by {}.", "Взял на себя {}."},
      {ended_by, "ended_by", "{} by {}.", "{}: {}."},
      {seen_times, "seen_times", "{} times, last at {}", "раз: {}, последний в {}"},
      {test_text, "test_text", "Somebody wanted to see whether messages arrive here. Nothing has happened.",
       "Кто-то проверил, доходят ли сюда сообщения. Ничего не случилось."},
      {canary_text, "canary_text",
       "This message is sent at times to see whether the channel works. Nothing has happened.",
       "Такое сообщение иногда отправляется, чтобы проверить канал. Ничего не случилось."},
      {storm_text, "storm_text", "So many at once are told together, from {} to {}.",
       "Так много сразу сообщается вместе, с {} до {}."},
      {and_more, "and_more", "… and {} more", "… и еще {}"},
      {nothing_happened, "nothing_happened", "No incidents.", "Инцидентов не было."},
      {possibly_repeated, "possibly_repeated", "This message may have come before.",
       "Это сообщение, возможно, уже приходило."},

      {today, "today", "Today until {}", "Сегодня до {}"},
      {yesterday, "yesterday", "Yesterday", "Вчера"},
      {week, "week", "The week", "Неделя"},
      {week_before, "week_before", "The week before", "Неделя до этого"},
      {arrivals, "arrivals", "Came: {}", "Пришли: {}"},
      {departures, "departures", "Left: {}", "Вышли: {}"},
      {presumed, "presumed", "Presumed to have left: {}", "Считаются ушедшими: {}"},
      {no_shows, "no_shows", "Did not come: {}", "Не пришли: {}"},
      {cancelled, "cancelled", "Cancelled: {}", "Отменены: {}"},
      {inside_now, "inside_now", "In the building now: {}", "Сейчас в здании: {}"},
      {awaited_now, "awaited_now", "Still awaited: {}", "Еще ожидаются: {}"},
      {incidents, "incidents", "Incidents: {}", "Инциденты: {}"},
      {of_them_open, "of_them_open", "Of them open: {}", "Из них открыты: {}"},
      {by_type, "by_type", "By type", "По типам"},
      {by_severity, "by_severity", "By severity", "По уровню"},
  };
  return kNames;
}

}  // namespace visitor::domain

namespace visitor::notify {

std::string_view phrase(Phrase phrase, domain::Language language) {
  return domain::label(phrase, language);
}

std::string fill(std::string_view words, std::span<const std::string_view> values) {
  std::string filled;
  auto value = values.begin();
  while (!words.empty()) {
    const auto place = words.find("{}");
    filled += words.substr(0, place);
    if (place == std::string_view::npos) break;
    if (value != values.end()) filled += *value++;
    words.remove_prefix(place + 2);
  }
  return filled;
}

std::string one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const auto rest = text.substr(at);
    if (byte < 0x20 || byte == 0x7F) {
      line += ' ';
    } else if (byte == 0xC2 && rest.size() > 1 && static_cast<unsigned char>(rest[1]) < 0xA0) {
      line += ' ';  // C1 controls, NEL among them
      ++at;
    } else if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) {
      line += ' ';  // line and paragraph separator
      at += 2;
    } else {
      line += static_cast<char>(byte);
    }
  }
  return line;
}

}  // namespace visitor::notify
