#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/work.hpp"
#include "domain/alert.hpp"

/// Messages that only show that a channel works.
namespace visitor::app {

/// Where a message goes that is to show that a channel works.
struct ChannelAddress {
  domain::Channel channel = domain::Channel::log;
  std::string recipient;
};
/// [alerts] canary_to; of one channel where \p only names it.
std::vector<ChannelAddress> canary_addresses(const config::Settings& settings,
                                             std::optional<domain::Channel> only = {});

/// Queues a message that only shows that its channel works.
/// \param kind  test or canary
AlertId queue_probe(const Work& work, domain::AlertKind kind, std::span<const ChannelAddress> addresses);

/// Sends a canary to each address: a job.
/// \returns to how many
int send_canaries(const Work& work);

/// How the channels that [alerts] canary_to names fare.
struct CanaryFacts {
  std::chrono::seconds interval{0};  ///< 0: no canary is sent
  struct Channel {
    domain::Channel channel = domain::Channel::log;
    std::optional<Instant> silent_since;  ///< the last canary it took, or the first it did not; nothing: none was sent
  };
  std::vector<Channel> channels;
};
CanaryFacts canary_facts(const Work& work);

}  // namespace visitor::app
