#include "app/print_queue.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/process.hpp"
#include "core/text.hpp"

namespace visitor::app {
namespace {

using domain::BadgeState;

constexpr std::chrono::seconds kPatience{15};
constexpr std::size_t kLongestJob = 200;

/// \p words, in English whatever the language of this program.
ProcessResult run_cups(std::vector<std::string> words, std::string input = {}) {
  ProcessOptions options;
  options.argv = std::move(words);
  options.environment = {"LC_ALL=C"};
  options.input = std::move(input);
  options.deadline = kPatience;
  return run_process(options);
}

std::string_view next_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const auto line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return line;
}

std::string why(const ProcessResult& result) {
  if (result.timed_out) return "it has not answered within 15 s";
  std::string_view rest = result.err;
  auto line = trim(next_line(rest));
  for (const std::string_view prefix : {"lp: ", "lpstat: "})
    if (line.starts_with(prefix)) line = line.substr(prefix.size());
  if (line.empty()) return fmt::format("exit status {}", result.status);
  return shortened(printable(line), 200);
}

}  // namespace

std::string send_to_printer(const std::string& printer, const std::string& bytes, domain::BadgeFormat format,
                            const std::string& title) {
  std::vector<std::string> words{"lp", "-d", printer, "-t", title};
  if (format == domain::BadgeFormat::zpl) {
    words.insert(words.end(), {"-o", "raw"});
  } else {
    words.insert(words.end(), {"-o", "media=Custom.85.6x54mm", "-o", "print-scaling=none"});
  }
  words.emplace_back("-");
  const auto result = run_cups(std::move(words), bytes);
  if (result.status != 0 || result.timed_out)
    throw Error(Errc::delivery, fmt::format("the printer {} did not take the badge: {}", printer, why(result)),
                "'lpstat -p' lists the printers of this machine.");
  // "request id is FRONTDESK-17 (1 file(s))"
  constexpr std::string_view kBefore = "request id is ";
  const auto at = result.out.find(kBefore);
  const auto job =
      at == std::string::npos ? std::string_view{} : std::string_view{result.out}.substr(at + kBefore.size());
  const auto end = job.find_first_of(" \n");
  if (job.empty() || end == std::string_view::npos || end == 0 || end > kLongestJob)
    throw Error(Errc::delivery, fmt::format("the printer {} did not say as which job it took the badge", printer),
                "'lpstat -o' lists what it has.");
  return printable(job.substr(0, end));
}

std::optional<PrintFate> parse_print_fate(std::string_view listing, std::string_view job) {
  // A line for each job, its name first; what is known of it stands below, further in.
  bool ours = false;
  std::optional<PrintFate> fate;
  while (!listing.empty()) {
    const auto line = next_line(listing);
    if (line.empty()) continue;
    if (line.front() != ' ' && line.front() != '\t') {
      ours = line.substr(0, line.find_first_of(" \t")) == job;
      if (ours) fate.emplace();
      continue;
    }
    constexpr std::string_view kAlerts = "Alerts:";
    const auto text = trim(line);
    if (!ours || !text.starts_with(kAlerts)) continue;
    const auto reasons = trim(text.substr(kAlerts.size()));
    const auto says = [&](std::string_view word) { return reasons.find(word) != std::string_view::npos; };
    if (says("canceled") || says("aborted"))
      fate = {BadgeState::failed, fmt::format("the queue says: {}", shortened(printable(reasons), 200))};
    else if (says("job-completed"))
      fate = {BadgeState::completed, {}};
  }
  return fate;
}

std::optional<PrintFate> fate_of_job(const std::string& printer, const std::string& job) {
  const auto result = run_cups({"lpstat", "-l", "-W", "all", "-o", printer});
  if (result.status != 0 || result.timed_out) return std::nullopt;
  return parse_print_fate(result.out, job);
}

}  // namespace visitor::app
