#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "domain/names.hpp"

/// What the bot says by itself, in the languages that people read. What a message says of an incident stands elsewhere.
namespace visitor::app::telegram_words {

struct Phrase {
  std::string_view english;
  std::string_view russian;
};

template <class... Args>
std::string say(domain::Language language, const Phrase& phrase, const Args&... args) {
  return fmt::format(fmt::runtime(language == domain::Language::russian ? phrase.russian : phrase.english), args...);
}

// Buttons, in the order of TelegramAction.
inline constexpr Phrase kButtons[] = {
    {"Take", "Взять"},
    {"Resolve", "Решить"},
    {"False alarm", "Ложная тревога"},
    {"Silence 1 h", "Тишина на 1 ч"},
};

// Answers to a press.
inline constexpr Phrase kNotListed{"You are not on the list of those who may do this.",
                                   "Вас нет в списке тех, кому это разрешено."};
inline constexpr Phrase kNoButton{"This button is not valid.", "Эта кнопка недействительна."};
inline constexpr Phrase kPressedBefore{"{} has pressed this already, at {}.", "Уже нажато: {}, {}."};
inline constexpr Phrase kMeanwhile{"Meanwhile: {}.", "Тем временем: {}."};
inline constexpr Phrase kNoIncident{"There is no incident {}.", "Инцидента {} нет."};
inline constexpr Phrase kEnded{"Incident {} has ended already.", "Инцидент {} уже закрыт."};
// Of an edit lock of somebody else: who, the incident and until when.
inline constexpr Phrase kLocked{"{} is editing incident {} until {}: try again then.",
                                "{} редактирует инцидент {} до {}: повторите позже."};
inline constexpr Phrase kWrittenPast{"{} is editing incident {} until {}, and may write over this.",
                                     "{} редактирует инцидент {} до {} и может переписать это."};
// What was done, in the order of TelegramAction; of a silence until when.
inline constexpr Phrase kDone[] = {
    {"Incident {} is yours.", "Инцидент {} за вами."},
    {"Incident {} is resolved.", "Инцидент {} решен."},
    {"Incident {} is a false alarm.", "Инцидент {} отмечен как ложная тревога."},
    {"Silence until {}: nobody is told of alerts like incident {}.",
     "Тишина до {}: об инцидентах, подобных {}, никому не сообщается."},
};

// Steps of an incident: who and when.
inline constexpr Phrase kTook{"{} took it on at {}", "взято: {}, {}"};
inline constexpr Phrase kGave{"{} assigned it at {}", "назначено: {}, {}"};
inline constexpr Phrase kResolved{"{} resolved it at {}", "решено: {}, {}"};
inline constexpr Phrase kFalseAlarm{"{} marked it as a false alarm at {}", "отмечено как ложная тревога: {}, {}"};
inline constexpr Phrase kReopened{"{} reopened it at {}", "открыто снова: {}, {}"};
inline constexpr Phrase kOpened{"{} opened it at {}", "открыто: {}, {}"};
inline constexpr Phrase kByItself{"visitor", "visitor"};
inline constexpr Phrase kWho{"Who", "Кто"};

// A silence that covers an incident: who and until when.
inline constexpr Phrase kSilence{"Silence", "Тишина"};
inline constexpr Phrase kSilenceLine{"{}, until {}", "{}, до {}"};

// Commands.
inline constexpr Phrase kHelp{
    "/inside - who is in the building\n/incidents - open incidents\n/ack 42 - take incident 42 on\n"
    "/status - the house in numbers",
    "/inside - кто в здании\n/incidents - открытые инциденты\n/ack 42 - взять инцидент 42 на себя\n"
    "/status - состояние в цифрах"};
inline constexpr Phrase kCommands{"Commands", "Команды"};
inline constexpr Phrase kAckHow{"Write /ack and the number of an incident: /ack 42",
                                "Напишите /ack и номер инцидента: /ack 42"};
inline constexpr Phrase kInside{"In the building: {}", "В здании: {}"};
inline constexpr Phrase kInsideLine{"{} - {} ({}), since {}", "{} - {} ({}), с {}"};
inline constexpr Phrase kPresumed{"Presumed to have left, and not seen leaving: {}",
                                  "Предположительно ушли, выход не отмечен: {}"};
inline constexpr Phrase kIncidents{"Open incidents: {}", "Открытые инциденты: {}"};
inline constexpr Phrase kMore{"and {} more", "и еще {}"};
inline constexpr Phrase kStatus{"Status", "Состояние"};
inline constexpr Phrase kStatusLines{
    "In the building: {}\nAwaited today: {}\nCame today: {}\nLeft today: {}\nOpen incidents: {}\nTerminals online: {} "
    "of "
    "{}\nAlerts waiting: {}, given up: {}",
    "В здании: {}\nОжидаются сегодня: {}\nПришли сегодня: {}\nВышли сегодня: {}\nОткрытые инциденты: {}\nТерминалы на "
    "связи: {} из {}\nОповещения ждут: {}, не доставлены: {}"};

}  // namespace visitor::app::telegram_words
