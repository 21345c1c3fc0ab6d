#include "app/poll_request.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/details.hpp"
#include "app/journal.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::app {
namespace {

// A payload holds less than 8,000 bytes.
constexpr std::size_t kLongestError = 500;

constexpr auto kNotify = R"sql(
    SELECT pg_notify($1, $2))sql";

/// The next word of \p rest, which loses it and the blank after it.
std::string_view next_word(std::string_view& rest) {
  const auto end = rest.find(' ');
  const auto word = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return word;
}

bool is_asker(std::string_view word) {
  return !word.empty() && word.size() <= 64 &&
         word.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz") == std::string_view::npos;
}

std::optional<int> to_count(std::string_view word) {
  const auto number = to_integer(word);
  if (!number || *number < 0 || *number > 1'000'000'000) return std::nullopt;
  return static_cast<int>(*number);
}

}  // namespace

void ask_to_poll(const Work& work, const PollRequest& request) {
  if (request.terminals.size() > kMostPolledAtOnce)
    throw Error(Errc::usage, fmt::format("more than {} terminals at once", kMostPolledAtOnce), "Name fewer of them.");
  auto payload = request.asker;
  for (const auto id : request.terminals) payload += fmt::format(" {}", id);
  std::vector<store::Journal::Entry> entries;
  for (const auto id : request.terminals)
    entries.push_back(
        {domain::AuditAction::update, store::topic::kTerminal, id.value, Details{}.add("asked_for", "poll").json()});
  journal(work).audit(entries);
  work.tx.exec(kNotify, kPollChannel, payload);
}

std::optional<PollRequest> parse_poll_request(std::string_view payload) {
  PollRequest request;
  request.asker = next_word(payload);
  if (!is_asker(request.asker)) return std::nullopt;
  while (!payload.empty()) {
    const auto id = to_integer(next_word(payload));
    if (!id || *id <= 0) return std::nullopt;
    request.terminals.push_back(TerminalId{*id});
  }
  return request;
}

void answer_poll(db::Transaction& tx, const PollAnswer& answer) {
  auto error = printable(answer.error);
  if (error.size() > kLongestError) error = clean_utf8(error.substr(0, kLongestError));
  tx.exec(kNotify, kPolledChannel,
          fmt::format("{} {} {} {} {} {} {} {}", answer.asker, answer.terminal, domain::name(answer.state),
                      answer.stored, answer.check_ins, answer.check_outs, answer.incidents, error));
}

std::optional<PollAnswer> parse_poll_answer(std::string_view payload) {
  PollAnswer answer;
  answer.asker = next_word(payload);
  const auto terminal = to_integer(next_word(payload));
  const auto state = domain::find_named<domain::TerminalState>(next_word(payload));
  const auto stored = to_count(next_word(payload));
  const auto check_ins = to_count(next_word(payload));
  const auto check_outs = to_count(next_word(payload));
  const auto incidents = to_count(next_word(payload));
  if (!is_asker(answer.asker) || !terminal || !state || !stored || !check_ins || !check_outs || !incidents)
    return std::nullopt;
  answer.terminal = TerminalId{*terminal};
  answer.state = *state;
  answer.stored = *stored;
  answer.check_ins = *check_ins;
  answer.check_outs = *check_outs;
  answer.incidents = *incidents;
  answer.error = payload;
  return answer;
}

}  // namespace visitor::app
