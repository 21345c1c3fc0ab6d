#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "support/telegram_fake/state.hpp"

namespace visitor::telegram_fake {

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = 0;  ///< 0: a free one
  std::string token = "123456:AAE-fake_token_of_the_tests_0123456789";
  Limits limits = {};
  bool any_chat = false;      ///< a chat that nobody has added is there as soon as it is written to
  std::function<Time()> now;  ///< for the limits; empty: the system's clock
  /// Of long polls: no longer than this, whatever the bot asks for.
  std::chrono::milliseconds longest_poll{30'000};
};

/// A Bot API server on a port of its own, which a test can look into, and steer while calls come in.
///
/// Under /control/ the same over HTTP, for programs: control.cpp lists it.
class Server {
 public:
  /// \throws Error usage  the address cannot be listened on
  explicit Server(ServerOptions options = {});
  ~Server();  ///< ends every connection

  int port() const;
  std::string url() const;  ///< the base URL of a bot
  const std::string& token() const;

  /// Under the lock; the state changes while it runs only through \p use.
  void with(const std::function<void(State&)>& use);

  void fail(Fault fault);
  std::vector<Call> calls() const;
  int calls_of(const std::string& method) const;
  /// What the chat shows now, without what was deleted.
  std::vector<Shown> shown(std::int64_t chat) const;
  /// Presses the button of that data under that message.
  std::string press(std::int64_t chat, std::int64_t message, const Person& by, const std::string& data);
  void say(std::int64_t chat, const Person& by, const std::string& text);
  std::vector<PressAnswer> answers() const;
  std::size_t updates_waiting() const;
  std::string webhook() const;  ///< URL, or empty
  std::string webhook_secret() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace visitor::telegram_fake
