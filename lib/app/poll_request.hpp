#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/poller.hpp"
#include "app/work.hpp"

/// Asking whoever polls a terminal to do so at once. Nothing is stored: it goes by NOTIFY, and where nobody hears it
/// the next poll comes as it would have.
namespace visitor::app {

inline constexpr std::string_view kPollChannel = "visitor_poll";
inline constexpr std::string_view kPolledChannel = "visitor_polled";

struct PollRequest {
  std::string asker;  ///< tells answers to this request from others: letters and digits
  std::vector<TerminalId> terminals;
};

/// What a poll that was asked for came to.
struct PollAnswer {
  std::string asker;
  TerminalId terminal;
  domain::TerminalState state = domain::TerminalState::online;
  int stored = 0;
  int check_ins = 0;
  int check_outs = 0;
  int incidents = 0;
  std::string error;  ///< one line; empty where the terminal answered
};

/// Sent when the transaction is committed. At most 300 terminals a request.
void ask_to_poll(const Work& work, const PollRequest& request);
/// Nothing for a payload that is no request.
std::optional<PollRequest> parse_poll_request(std::string_view payload);

void answer_poll(db::Transaction& tx, const PollAnswer& answer);
std::optional<PollAnswer> parse_poll_answer(std::string_view payload);

inline constexpr std::size_t kMostPolledAtOnce = 300;

}  // namespace visitor::app
