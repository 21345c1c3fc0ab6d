#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "db/transaction.hpp"
#include "domain/names.hpp"

namespace visitor::store {

/// Something to be said in Telegram because of what came from there.
struct TelegramReply {
  enum class Kind {
    press,    ///< the answer to a press of a button, shown over the chat
    message,  ///< a message
    incident  ///< the incident's own message, as it is now
  };
  std::int64_t id = 0;  ///< given by the database
  Kind kind = Kind::message;
  std::string query = {};  ///< of a press
  bool window = false;     ///< shown until it is closed, not only for a moment
  std::string chat = {};   ///< of all others
  std::string place = {};  ///< what a message answers, or the message of an incident
  std::optional<IncidentId> incident = {};
  std::string subject = {};
  std::string body = {};
  std::string progress = {};  ///< as notify::Message
  domain::Language language = domain::Language::english;
  Instant created_at = {};
};

/// A button that was pressed before.
struct TelegramPressed {
  std::int64_t person = 0;
  std::string name;  ///< of the person
  Instant at;
};

/// What comes to a Telegram bot, and what it answers. Each update is marked in the transaction of what it did, so that
/// nothing is done twice and nothing is lost.
class TelegramInbox {
 public:
  /// \param bot  the number of the bot: another one has updates of its own
  TelegramInbox(db::Transaction& tx, std::int64_t bot) : tx_(tx), bot_(bot) {}
  std::int64_t bot() const { return bot_; }

  /// True for one holder at a time, until \p until or as long as it comes back before.
  /// \param gone  holders that cannot come back
  bool hold(const std::string& holder, Instant now, Instant until, std::span<const std::string> gone = {});
  void let_go(const std::string& holder);
  /// Who holds it, as far as that is on record.
  std::optional<std::string> holder();

  /// From which update on Telegram is to be asked; 0: from the oldest that it has. Numbers that have not grown for
  /// days may begin anew anywhere. Source: Bot API, "Update".
  std::int64_t next_update(Instant now);
  /// Marks an update.
  /// \returns false where it was marked before
  bool take(std::int64_t update, Instant now);

  void put_person(std::int64_t person, AccountId account, const std::string& name);
  /// What the owner of a login "telegram:…" is called there; nothing for all others.
  std::optional<std::string> name_of(std::string_view login);

  /// \returns false where it was pressed before
  bool press(const std::string& data, IncidentId incident, std::int64_t person, Instant now);
  std::optional<TelegramPressed> find_pressed(const std::string& data);

  /// The place (notify::TelegramPlace) of the message about \p incident that has a part of number \p message in \p
  /// chat.
  std::optional<std::string> find_place(IncidentId incident, const std::string& chat, std::int64_t message);

  void add_reply(const TelegramReply& reply);
  /// Oldest first.
  std::vector<TelegramReply> due_replies(Instant now, int limit);
  /// When the next one is due, even if that has passed.
  std::optional<Instant> next_reply();
  void put_off(std::int64_t reply, Instant until, const std::string& progress);
  void remove_reply(std::int64_t reply);

 private:
  db::Transaction& tx_;
  std::int64_t bot_;
};

}  // namespace visitor::store

namespace visitor::domain {
template <>
std::span<const Name<store::TelegramReply::Kind>> names();
}  // namespace visitor::domain
