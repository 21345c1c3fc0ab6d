#include "app/telegram_buttons.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/silences.hpp"
#include "app/telegram_desk.hpp"
#include "app/telegram_words.hpp"
#include "core/text.hpp"
#include "store/incidents.hpp"
#include "store/telegram_inbox.hpp"

namespace visitor::app {
namespace {

constexpr std::array<char, 4> kLetters{'t', 'r', 'f', 's'};  // in the order of TelegramAction
constexpr std::size_t kSignatureBytes = 16;

/// Without padding. Source: RFC 4648, section 5.
std::string base64url(std::span<const std::byte> bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  unsigned bits = 0, held = 0;
  for (const auto byte : bytes) {
    held = held << 8 | static_cast<unsigned>(byte);
    for (bits += 8; bits >= 6; bits -= 6) out += kDigits[held >> (bits - 6) & 63U];
  }
  if (bits > 0) out += kDigits[held << (6 - bits) & 63U];
  return out;
}

/// Takes as long whatever differs.
bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  volatile unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference =
        static_cast<unsigned char>(difference | (static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i])));
  return difference == 0;
}

bool holds(const std::vector<std::string>& list, const std::string& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

}  // namespace

std::string write_telegram_button(const Vault& vault, const TelegramButton& button, std::string_view chat) {
  const auto words =
      fmt::format("{}{}.{}", kLetters[static_cast<std::size_t>(button.action)], button.incident, button.step);
  const auto signature = vault.sign("telegram.button", fmt::format("{}@{}", words, chat));
  return fmt::format("{}.{}", words, base64url(std::span{signature}.first(kSignatureBytes)));
}

std::optional<TelegramButton> read_telegram_button(const Vault& vault, std::string_view data, std::string_view chat) {
  if (data.empty() || data.size() > 64) return std::nullopt;
  const auto letter = std::find(kLetters.begin(), kLetters.end(), data[0]);
  const auto first = data.find('.');
  const auto second = first == std::string_view::npos ? first : data.find('.', first + 1);
  if (letter == kLetters.end() || second == std::string_view::npos) return std::nullopt;
  const auto incident = to_integer(data.substr(1, first - 1));
  const auto step = to_integer(data.substr(first + 1, second - first - 1));
  if (!incident || *incident <= 0 || !step || *step < 0) return std::nullopt;
  const TelegramButton button{static_cast<TelegramAction>(letter - kLetters.begin()), IncidentId{*incident}, *step};
  if (!equal_in_constant_time(write_telegram_button(vault, button, chat), data)) return std::nullopt;
  return button;
}

std::vector<std::vector<notify::Button>> telegram_buttons(const Work& work, const Vault& vault, IncidentId id,
                                                          const std::string& chat, domain::Language language) {
  const auto& telegram = work.settings.telegram;
  if (telegram.people.empty() || !holds(telegram.chats, chat)) return {};
  store::Incidents incidents{work.tx, work.scope};
  const auto incident = incidents.find(id);
  if (!incident || !domain::is_open(incident->status)) return {};
  const auto steps = incidents.history(id);
  const auto button = [&](TelegramAction action) {
    return notify::Button{telegram_words::say(language, telegram_words::kButtons[static_cast<std::size_t>(action)]),
                          write_telegram_button(vault, {action, id, steps.empty() ? 0 : steps.back().id}, chat)};
  };
  std::vector<std::vector<notify::Button>> rows;
  if (!incident->assigned_to) rows.push_back({button(TelegramAction::take)});
  rows.push_back({button(TelegramAction::resolve), button(TelegramAction::false_alarm)});
  auto silence = button(TelegramAction::silence);
  store::TelegramInbox inbox{work.tx, telegram_bot_id(work.settings)};
  if (!find_silence_of(work, id) && !inbox.find_pressed(silence.data)) rows.push_back({std::move(silence)});
  return rows;
}

}  // namespace visitor::app
