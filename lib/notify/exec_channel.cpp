#include "notify/exec_channel.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <utility>

#include "core/error.hpp"
#include "core/text.hpp"
#include "notify/alert_json.hpp"
#include "notify/delivery_key.hpp"

namespace visitor::notify {
namespace {

using Scope = RetryAfter::Scope;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kUntilMended = 5min;
constexpr std::size_t kMostOutput = 16 * 1024;
constexpr std::size_t kLongestSaid = 200;
constexpr int kSignalled = 128;

/// ": what it said first", or empty.
std::string first_line(const std::string& err) {
  const auto text = trim(err);
  const auto line = shortened(printable(trim(text.substr(0, text.find('\n')))), kLongestSaid);
  return line.empty() ? "" : ": " + line;
}

RetryAfter later(std::string reason, bool in_doubt) {
  RetryAfter out{0ms, std::move(reason), Scope::recipient};
  out.in_doubt = in_doubt;
  return out;
}

}  // namespace

Outcome exec_outcome(const Program& program, const ProcessResult& result) {
  if (result.stopped) return later(fmt::format("{} was interrupted", program.path), true);
  if (result.timed_out) return later(fmt::format("{} did not end in time, and was killed", program.path), true);
  if (result.status == EX_OK) return Delivered{};
  if (result.status > kSignalled)
    return later(fmt::format("{} was killed by signal {}", program.path, result.status - kSignalled), true);
  const auto said = fmt::format("{} ended with {}{}", program.path, result.status, first_line(result.err));
  if (result.status == EX_TEMPFAIL) return later(said, false);
  return Refused{said};
}

ExecChannel::ExecChannel(std::vector<Program> programs) {
  for (auto& program : programs) {
    auto name = program.name;
    programs_.emplace(std::move(name), std::move(program));
  }
}

std::vector<std::string> ExecChannel::render(const Message& message) const {
  return {alert_json(message)};
}

Outcome ExecChannel::send(const Message& message, std::stop_token stop) {
  const auto found = programs_.find(message.recipient);
  if (found == programs_.end())
    return Refused{fmt::format("there is no [[exec]] {}", json_quote(shortened(printable(message.recipient), 64)))};
  const auto& program = found->second;
  ProcessOptions options;
  options.argv.push_back(program.path);
  options.argv.insert(options.argv.end(), program.arguments.begin(), program.arguments.end());
  options.environment = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8",
                         "VISITOR_EVENT_ID=" + delivery_key(message)};
  options.clean_environment = true;
  options.directory = "/";
  options.input = alert_json(message) + "\n";
  options.deadline = program.timeout;
  options.output_limit = kMostOutput;
  options.stop = std::move(stop);
  try {
    auto outcome = exec_outcome(program, run_process(options));
    if (auto* delivered = std::get_if<Delivered>(&outcome)) delivered->provider_id = delivery_key(message);
    return outcome;
  } catch (const Error& error) {
    // Not there, or not executable.
    return RetryAfter{kUntilMended, error.message(), Scope::recipient};
  }
}

}  // namespace visitor::notify
