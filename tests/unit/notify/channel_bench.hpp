#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "notify/channel.hpp"

namespace visitor::test {

/// What the other side got: one message, whatever parts it came in.
struct Received {
  std::string id;    ///< by which it can tell a repetition; empty: by the words of the message alone
  std::string text;  ///< everything that a person can read in it, decoded
};

enum class Peer { good, dead, hanging };

/// A channel with a peer of its own. Hanging peers are waited for half a second.
class ChannelBench {
 public:
  virtual ~ChannelBench() = default;
  virtual notify::Channel& channel() = 0;
  /// One that a good peer knows.
  virtual std::string recipient() const = 0;
  /// What has arrived since the last call, in order.
  virtual std::vector<Received> received() = 0;
  /// Until \p recipient may be written to again.
  virtual void wait_for_turn(const std::string& recipient, std::chrono::milliseconds wait);
  /// What must never be told; empty: the channel has no secret.
  virtual std::string secret() const { return {}; }
  /// The texts of \p message that the peer must have got in full.
  virtual std::vector<std::string> told(const notify::Message& message) const;
};

/// A row for each channel that passes the suite.
struct Candidate {
  domain::Channel channel;
  /// nullptr for a kind of peer that the channel cannot meet.
  std::unique_ptr<ChannelBench> (*make)(Peer);
};
std::unique_ptr<ChannelBench> make_log_bench(Peer peer);
std::unique_ptr<ChannelBench> make_telegram_bench(Peer peer);
std::unique_ptr<ChannelBench> make_email_bench(Peer peer);
std::unique_ptr<ChannelBench> make_webhook_bench(Peer peer);
std::unique_ptr<ChannelBench> make_exec_bench(Peer peer);

inline constexpr Candidate kCandidates[] = {
    {domain::Channel::log, make_log_bench},     {domain::Channel::telegram, make_telegram_bench},
    {domain::Channel::email, make_email_bench}, {domain::Channel::webhook, make_webhook_bench},
    {domain::Channel::exec, make_exec_bench},
};

/// A message to \p recipient with a text in every place.
notify::Message full_message(const std::string& recipient);

/// A TCP port of 127.0.0.1 that nobody listens on.
int dead_port();

}  // namespace visitor::test
