#include "db/listener.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "db/pq.hpp"

namespace visitor::db {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::milliseconds kLongestPause{5'000};

void sleep_until(Clock::time_point until, const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock{mutex};
  std::condition_variable_any never;
  never.wait_until(lock, stop, until, [] { return false; });
}

std::string quoted(PGconn* pg, const std::string& name) {
  std::unique_ptr<char, FreeLibpqMemory> text{PQescapeIdentifier(pg, name.data(), name.size())};
  if (text == nullptr) throw Error(Errc::usage, "a channel's name is not UTF-8");
  return text.get();
}

}  // namespace

struct Listener::Impl {
  ConnectionOptions options;
  std::vector<std::string> channels;
  std::optional<Connection> connection;
  std::chrono::milliseconds pause = kFirstPause;
  Clock::time_point next_attempt{};

  void connect() {
    connection.emplace(options);
    std::string sql;
    for (const auto& channel : channels) sql += fmt::format("LISTEN {};", quoted(connection->impl().pg, channel));
    connection->script(sql);
    pause = kFirstPause;
  }
  void put_off() {
    connection.reset();
    next_attempt = Clock::now() + pause;
    pause = std::min(pause * 2, kLongestPause);
  }
  std::vector<Notification> received() {
    std::vector<Notification> all;
    auto* pg = connection->impl().pg;
    while (const std::unique_ptr<PGnotify, FreeLibpqMemory> one{PQnotifies(pg)})
      all.push_back({one->relname, one->extra});
    return all;
  }
};

Listener::Listener(ConnectionOptions options, std::vector<std::string> channels) : impl_(std::make_unique<Impl>()) {
  if (channels.empty()) throw Error(Errc::usage, "a listener needs a channel to listen to");
  impl_->options = std::move(options);
  impl_->channels = std::move(channels);
}

Listener::~Listener() = default;

Heard Listener::wait(std::chrono::milliseconds timeout, std::stop_token stop) {
  const auto end = Clock::now() + timeout;
  Heard heard;
  while (!stop.stop_requested()) {
    try {
      if (!impl_->connection) {
        if (impl_->next_attempt > Clock::now()) sleep_until(std::min(end, impl_->next_attempt), stop);
        if (stop.stop_requested() || impl_->next_attempt > Clock::now()) break;
        impl_->connect();
        heard.reconnected = true;
        heard.problem.clear();
      }
      auto& wire = impl_->connection->impl();
      heard.notifications = impl_->received();
      if (!heard.notifications.empty() || heard.reconnected || Clock::now() >= end) break;
      const std::stop_callback wake{stop, [&wire] { wire.wake_up(); }};
      wire.wait(POLLIN, end);
      if (PQconsumeInput(wire.pg) == 0) wire.lose(one_line(PQerrorMessage(wire.pg)));
    } catch (const DatabaseError& error) {
      heard.problem = error.message();
      impl_->put_off();
      if (Clock::now() >= end) break;
    }
  }
  heard.connected = impl_->connection.has_value();
  return heard;
}

}  // namespace visitor::db
