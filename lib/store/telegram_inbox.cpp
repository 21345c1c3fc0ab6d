#include "store/telegram_inbox.hpp"

#include <array>

#include "domain/language.hpp"
#include "store/words.hpp"

namespace visitor::domain {

template <>
std::span<const Name<store::TelegramReply::Kind>> names() {
  using enum store::TelegramReply::Kind;
  static constexpr std::array<Name<store::TelegramReply::Kind>, 3> kNames{{
      {press, "press", "Press", "Нажатие"},
      {message, "message", "Message", "Сообщение"},
      {incident, "incident", "Incident", "Инцидент"},
  }};
  return kNames;
}

}  // namespace visitor::domain

namespace visitor::store {
namespace {

constexpr std::chrono::hours kUpdatesKept{7 * 24};
// Telegram keeps updates for a day, and may begin their numbers anew after a week without one.
constexpr std::chrono::hours kNumbersHold{6 * 24};

constexpr auto kHold = R"sql(
    INSERT INTO telegram_bot AS b (bot_id, holder, held_until)
    SELECT $1, $2, $4
     WHERE may_act()
        ON CONFLICT (bot_id) DO UPDATE
       SET holder = $2, held_until = $4
     WHERE b.holder IS NULL OR b.holder = $2 OR b.held_until <= $3 OR b.holder = ANY($5))sql";

constexpr auto kLetGo = R"sql(
    UPDATE telegram_bot SET holder = NULL, held_until = NULL WHERE bot_id = $1 AND holder = $2)sql";

constexpr auto kHolder = R"sql(
    SELECT holder FROM telegram_bot WHERE bot_id = $1)sql";

constexpr auto kNext = R"sql(
    SELECT next_update FROM telegram_bot WHERE bot_id = $1 AND taken_at > $2)sql";

constexpr auto kTake = R"sql(
    INSERT INTO telegram_update (bot_id, update_id, taken_at)
    VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING)sql";

// Whatever came before it is known by then; numbers that began anew are lower.
constexpr auto kAdvance = R"sql(
    INSERT INTO telegram_bot AS b (bot_id, next_update, taken_at)
    VALUES ($1, $2 + 1, $3)
        ON CONFLICT (bot_id) DO UPDATE
       SET next_update = CASE WHEN b.taken_at > $4 THEN greatest(b.next_update, $2 + 1) ELSE $2 + 1 END,
           taken_at = $3)sql";

constexpr auto kTrim = R"sql(
    DELETE FROM telegram_update WHERE taken_at < $1)sql";

constexpr auto kPutPerson = R"sql(
    INSERT INTO telegram_person AS p (person_id, account_id, name)
    VALUES ($1, $2, $3)
        ON CONFLICT (person_id) DO UPDATE
       SET name = $3
     WHERE p.name <> $3)sql";

constexpr auto kNameOf = R"sql(
    SELECT p.name
      FROM telegram_person p
      JOIN account a ON a.id = p.account_id
     WHERE lower(a.login) = lower($1) AND p.name <> '')sql";

constexpr auto kPress = R"sql(
    INSERT INTO telegram_press (data, incident_id, person_id, pressed_at)
    VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING)sql";

constexpr auto kPressed = R"sql(
    SELECT p.person_id, n.name, p.pressed_at
      FROM telegram_press p
      JOIN telegram_person n USING (person_id)
     WHERE p.data = $1)sql";

// "chat:17,18"; the newest first, because a message that was edited has its place from every edit.
constexpr auto kPlace = R"sql(
    SELECT d.provider_id
      FROM delivery d
      JOIN alert a ON a.id = d.alert_id
     WHERE a.incident_id = $1 AND d.channel = 'telegram' AND d.state = 'sent'
       AND left(d.provider_id, length($2) + 1) = $2 || ':'
       AND $3 = ANY(string_to_array(substr(d.provider_id, length($2) + 2), ','))
     ORDER BY d.id DESC
     LIMIT 1)sql";

constexpr auto kAddReply = R"sql(
    INSERT INTO telegram_reply (bot_id, kind, query, in_window, chat, place, incident_id, subject, body, language,
                                created_at, not_before)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11))sql";

constexpr auto kDue = R"sql(
    SELECT id, kind, query, in_window, chat, place, incident_id, subject, body, progress, language, created_at
      FROM telegram_reply
     WHERE bot_id = $1 AND not_before <= $2
     ORDER BY id
     LIMIT $3)sql";

constexpr auto kNextReply = R"sql(
    SELECT min(not_before) AS at FROM telegram_reply WHERE bot_id = $1)sql";

constexpr auto kPutOff = R"sql(
    UPDATE telegram_reply SET not_before = $2, progress = $3 WHERE id = $1)sql";

constexpr auto kRemove = R"sql(
    DELETE FROM telegram_reply WHERE id = $1)sql";

}  // namespace

bool TelegramInbox::hold(const std::string& holder, Instant now, Instant until, std::span<const std::string> gone) {
  return tx_.exec(kHold, bot_, holder, now, until, gone) == 1;
}

void TelegramInbox::let_go(const std::string& holder) {
  tx_.exec(kLetGo, bot_, holder);
}

std::optional<std::string> TelegramInbox::holder() {
  const auto row = tx_.maybe_row(kHolder, bot_);
  return row ? row->get<std::optional<std::string>>("holder") : std::nullopt;
}

std::int64_t TelegramInbox::next_update(Instant now) {
  const auto row = tx_.maybe_row(kNext, bot_, now - kNumbersHold);
  return row ? row->get<std::int64_t>("next_update") : 0;
}

bool TelegramInbox::take(std::int64_t update, Instant now) {
  if (tx_.exec(kTake, bot_, update, now) == 0) return false;
  tx_.exec(kAdvance, bot_, update, now, now - kNumbersHold);
  tx_.exec(kTrim, now - kUpdatesKept);
  return true;
}

void TelegramInbox::put_person(std::int64_t person, AccountId account, const std::string& name) {
  tx_.exec(kPutPerson, person, account, name);
}

std::optional<std::string> TelegramInbox::name_of(std::string_view login) {
  if (!login.starts_with("telegram:")) return std::nullopt;
  const auto row = tx_.maybe_row(kNameOf, login);
  return row ? std::optional{row->get<std::string>("name")} : std::nullopt;
}

bool TelegramInbox::press(const std::string& data, IncidentId incident, std::int64_t person, Instant now) {
  return tx_.exec(kPress, data, incident, person, now) == 1;
}

std::optional<TelegramPressed> TelegramInbox::find_pressed(const std::string& data) {
  const auto row = tx_.maybe_row(kPressed, data);
  if (!row) return std::nullopt;
  return TelegramPressed{row->get<std::int64_t>("person_id"), row->get<std::string>("name"),
                         row->get<Instant>("pressed_at")};
}

std::optional<std::string> TelegramInbox::find_place(IncidentId incident, const std::string& chat,
                                                     std::int64_t message) {
  const auto row = tx_.maybe_row(kPlace, incident, chat, std::to_string(message));
  return row ? std::optional{row->get<std::string>("provider_id")} : std::nullopt;
}

void TelegramInbox::add_reply(const TelegramReply& reply) {
  tx_.exec(kAddReply, bot_, domain::name(reply.kind), reply.query, reply.window, reply.chat, reply.place,
           reply.incident, reply.subject, reply.body, domain::name(reply.language), reply.created_at);
}

std::vector<TelegramReply> TelegramInbox::due_replies(Instant now, int limit) {
  std::vector<TelegramReply> replies;
  for (const auto& row : tx_.rows(kDue, bot_, now, limit)) {
    TelegramReply reply;
    reply.id = row.get<std::int64_t>("id");
    reply.kind = read_word<TelegramReply::Kind>(row, "kind");
    reply.query = row.get<std::string>("query");
    reply.window = row.get<bool>("in_window");
    reply.chat = row.get<std::string>("chat");
    reply.place = row.get<std::string>("place");
    reply.incident = row.get<std::optional<IncidentId>>("incident_id");
    reply.subject = row.get<std::string>("subject");
    reply.body = row.get<std::string>("body");
    reply.progress = row.get<std::string>("progress");
    reply.language = read_word<domain::Language>(row, "language");
    reply.created_at = row.get<Instant>("created_at");
    replies.push_back(std::move(reply));
  }
  return replies;
}

std::optional<Instant> TelegramInbox::next_reply() {
  return tx_.row(kNextReply, bot_).get<std::optional<Instant>>("at");
}

void TelegramInbox::put_off(std::int64_t reply, Instant until, const std::string& progress) {
  tx_.exec(kPutOff, reply, until, progress);
}

void TelegramInbox::remove_reply(std::int64_t reply) {
  tx_.exec(kRemove, reply);
}

}  // namespace visitor::store
