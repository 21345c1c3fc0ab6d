#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/backups.hpp"
#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"

/// What the commands about backups share.
namespace visitor::cli {

/// How far a piece of work is, in one line of a terminal that is written again and again. Elsewhere nothing is shown.
class ProgressLine {
 public:
  ProgressLine(const Session& session, std::string doing);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void operator()(const archive::Progress& progress);

 private:
  Stream err_;
  std::string doing_;
  bool shown_;
  bool dirty_ = false;
};

/// The user and the clock, for what works on backups. \p actor and \p line outlive it.
app::BackupDesk backup_desk(Session& session, const app::Actor& actor, const Clock& clock, ProgressLine* line = nullptr,
                            std::stop_token stop = {});

/// Who asks, with an account where there is a database.
app::Actor backup_actor(Session& session);

/// The zone that times are shown in: that of the site where there is a database, else UTC.
std::string backup_zone_name(Session& session);

/// --from, once for each.
void add_from(Command& command, std::vector<std::string>& from);
/// --key.
void add_key(Command& command, std::optional<std::filesystem::path>& key);
/// \throws Error usage  it is not given
archive::PrivateKey read_key(const std::optional<std::filesystem::path>& key);

/// "1.4 GiB", "17 KiB".
std::string amount_text(std::uint64_t bytes);
/// "42 s", "1.3 s".
std::string duration_text(std::chrono::milliseconds took);

}  // namespace visitor::cli
