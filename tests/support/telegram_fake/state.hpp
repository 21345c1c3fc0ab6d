#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// What a Bot API server knows and decides, without its sockets: strict where the real one is strict, and where its
/// documentation leaves a choice, the stricter one.
namespace visitor::telegram_fake {

using Time = std::chrono::sys_time<std::chrono::microseconds>;

struct Button {
  std::string text;
  std::string data;

  bool operator==(const Button&) const = default;
};
using Keyboard = std::vector<std::vector<Button>>;

/// A message of the bot as the chat shows it.
struct Shown {
  std::int64_t id = 0;
  std::string text;  ///< or caption, without markup
  std::string html;  ///< as it was sent
  bool photo = false;
  std::int64_t reply_to = 0;
  Keyboard keyboard;
  int edits = 0;
  bool deleted = false;
  bool frozen = false;  ///< too old to be edited
  Time at{};
};

struct Chat {
  std::int64_t id = 0;
  std::string name;      ///< "@name" of a public one; may be empty
  bool blocked = false;  ///< by its user, or the bot was thrown out
  std::int64_t moved_to = 0;
  std::vector<Shown> messages;
};

struct Person {
  std::int64_t id = 0;
  std::string first_name = "Somebody";
};

/// What is sent instead of, or in spite of, the proper answer.
struct Fault {
  enum class Kind {
    error,  ///< code, description and retry_after, and nothing is done
    drop,   ///< it is done, and the connection ends without an answer
    lose,   ///< nothing is done, and the connection ends without an answer
    hang,   ///< it is done, and the answer never comes
    html,   ///< a page of somebody else with that code
  };
  Kind kind = Kind::error;
  std::string method;  ///< empty: any that is not getUpdates
  int code = 500;
  std::string description = "Internal Server Error";
  int retry_after = 0;
  int count = 1;  ///< calls that it hits
};

/// A call that came, for tests to look at.
struct Call {
  std::string method;
  std::string chat;
  int code = 200;
};

/// How a press was answered.
struct PressAnswer {
  std::string query;
  std::string text;
  bool alert = false;
};

/// The wish of a call, read from JSON or a form.
struct Wish {
  std::map<std::string, std::string> text;  ///< by name; numbers and words as they are, objects as JSON
  std::optional<std::string> photo;
};

/// An answer as the Bot API words it.
struct Answer {
  int code = 200;
  std::string description;
  std::string result = "true";  ///< JSON
  int retry_after = 0;
  std::int64_t migrate_to = 0;

  std::string json() const;
};

struct Limits {
  bool on = true;
  int bot_per_second = 30, chat_per_second = 1, group_per_minute = 20;
};

/// One bot's server. Not for several threads; Server locks.
class State {
 public:
  explicit State(Limits limits, bool any_chat) : limits_(limits), any_chat_(any_chat) {}

  Chat& add_chat(std::int64_t id, const std::string& name = "");
  Chat* find_chat(std::int64_t id);
  const std::map<std::int64_t, Chat>& chats() const { return chats_; }

  /// Any method but getUpdates, the webhook's and getMe.
  Answer call(const std::string& method, const Wish& wish, Time now);

  /// Puts an update in the queue.
  /// \returns the id of the query
  std::string press(std::int64_t chat, std::int64_t message, const Person& by, const std::string& data);
  void say(std::int64_t chat, const Person& by, const std::string& text);

  /// getUpdates: forgets what is confirmed, and answers the rest as JSON; empty where there is none.
  std::string updates(std::int64_t offset, int limit);
  std::size_t waiting() const { return updates_.size(); }
  /// The oldest update, for a webhook; confirmed by forget.
  std::optional<std::pair<std::int64_t, std::string>> oldest() const;
  void forget(std::int64_t update) { updates_.erase(update); }

  Limits& limits() { return limits_; }
  const std::vector<PressAnswer>& answers() const { return answers_; }
  int floods() const { return floods_; }

 private:
  Answer send(const Wish& wish, bool photo, Time now);
  Answer edit(const std::string& method, const Wish& wish);
  Answer remove(const Wish& wish);
  Answer answer_press(const Wish& wish);
  std::optional<Answer> flood(std::int64_t chat, Time now);
  /// The chat of a wish, or the answer that refuses it.
  std::variant<Chat*, Answer> chat_of(const Wish& wish);
  std::string message_json(const Chat& chat, const Shown& message) const;

  Limits limits_;
  bool any_chat_;
  std::map<std::int64_t, Chat> chats_;
  std::int64_t next_message_ = 1;
  std::int64_t next_update_ = 700'000;
  std::int64_t next_query_ = 1;
  std::map<std::int64_t, std::string> updates_;
  std::set<std::string> open_queries_;
  std::vector<PressAnswer> answers_;
  std::deque<Time> bot_times_;
  std::map<std::int64_t, std::deque<Time>> chat_times_;
  int floods_ = 0;
};

}  // namespace visitor::telegram_fake
