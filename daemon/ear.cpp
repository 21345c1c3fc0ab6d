#include "daemon/ear.hpp"

#include <chrono>
#include <exception>
#include <utility>

#include "core/log.hpp"

namespace visitor::daemon {
namespace {

constexpr std::chrono::seconds kLongestWait{30};

}  // namespace

Ear::Ear(db::ConnectionOptions options, std::vector<std::string> channels, std::function<void(const db::Heard&)> hear)
    : thread_{[options = std::move(options), channels = std::move(channels),
               hear = std::move(hear)](const std::stop_token& stop) mutable {
        try {
          db::Listener listener{std::move(options), std::move(channels)};
          while (!stop.stop_requested()) {
            const auto heard = listener.wait(kLongestWait, stop);
            if (heard.reconnected || !heard.notifications.empty()) hear(heard);
          }
        } catch (const std::exception& error) {
          log::warn("nothing is heard from the database any more: {}", error.what());
        }
      }} {}

}  // namespace visitor::daemon
