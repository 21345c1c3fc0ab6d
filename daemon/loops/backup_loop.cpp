#include "daemon/loops/backup_loop.hpp"

#include <fmt/format.h>

#include <system_error>

#include "app/backup_turn.hpp"
#include "config/settings.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/process.hpp"
#include "core/text.hpp"
#include "db/transaction.hpp"

namespace visitor::daemon {
namespace {

// Longer than the largest house takes to the slowest place.
constexpr std::chrono::hours kDeadline{12};
// For a backup to give its uploads up and to say that it was interrupted. Less than visitord takes to end.
constexpr std::chrono::milliseconds kGrace{3'000};

std::string_view last_line(std::string_view text) {
  text = trim(text);
  const auto end = text.rfind('\n');
  return end == std::string_view::npos ? text : text.substr(end + 1);
}

}  // namespace

BackupLoop::BackupLoop(const Context& context, std::filesystem::path program)
    : context_(context), program_(std::move(program)) {}

std::chrono::milliseconds BackupLoop::patience() const {
  return kDeadline + std::chrono::minutes{5};
}

void BackupLoop::tick(Instant now, std::stop_token stop) {
  {
    db::Transaction tx{context_.pool, {.read_only = true, .stop = stop}};
    if (!app::backup_is_due(app::Work{tx, context_.actor, now, context_.settings, domain::Scope::everything()})) return;
  }
  ProcessOptions options;
  options.argv = {program_.string(), "--quiet"};
  if (const auto& file = context_.settings.file; !file.empty()) {
    options.argv.emplace_back("--config");
    options.argv.push_back(file.string());
  }
  for (const auto* word : {"backup", "create", "--if-due", "--prune"}) options.argv.emplace_back(word);
  options.deadline = kDeadline;
  options.stop = stop;
  options.grace = kGrace;
  const auto result = run_process(options);
  if (result.stopped && result.status != 0) return log::info("backup: interrupted; it is made again at once");
  if (result.timed_out) throw Error(Errc::failed, "the backup took longer than 12 hours, and was ended");
  if (result.status != 0)
    throw Error(Errc::failed, fmt::format("the backup ended with status {}: {}", result.status, last_line(result.err)),
                "Run 'visitorctl backup status' to see what is there.");
  log::info("backup: made");
}

std::filesystem::path visitorctl_beside_us() {
  std::error_code error;
  const auto ours = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto beside = ours.parent_path() / "visitorctl";
  if (!error && std::filesystem::exists(beside, error)) return beside;
  return "visitorctl";
}

}  // namespace visitor::daemon
