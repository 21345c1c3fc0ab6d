#include "cli/backup_options.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "cli/arguments.hpp"

namespace visitor::cli {

ProgressLine::ProgressLine(const Session& session, std::string doing)
    : err_(STDERR_FILENO, "standard error"),
      doing_(std::move(doing)),
      shown_(err_.is_terminal() && !session.json() && !session.globals().quiet) {}

ProgressLine::~ProgressLine() {
  if (!dirty_) return;
  try {
    err_.write("\r\x1b[K");
  } catch (const Error&) {  // the terminal is gone
  }
}

void ProgressLine::operator()(const archive::Progress& progress) {
  if (!shown_) return;
  dirty_ = true;
  err_.write(progress.written == 0 ? fmt::format("\r\x1b[K{}: {}", doing_, amount_text(progress.read))
                                   : fmt::format("\r\x1b[K{}: {} read, {} written", doing_, amount_text(progress.read),
                                                 amount_text(progress.written)));
}

app::BackupDesk backup_desk(Session& session, const app::Actor& actor, const Clock& clock, ProgressLine* line,
                            std::stop_token stop) {
  app::BackupDesk desk{.instance = session.instance(), .actor = actor, .clock = clock, .stop = std::move(stop)};
  if (line != nullptr) desk.progress = [line](const archive::Progress& progress) { (*line)(progress); };
  return desk;
}

app::Actor backup_actor(Session& session) {
  if (!app::has_database(session.instance()))
    return {{}, Session::os_user(), domain::ActionHow::person, session.origin()};
  return db::with_retry(session.db(), 3, [&](db::Transaction& tx) { return session.work(tx).actor; });
}

std::string backup_zone_name(Session& session) {
  if (!app::has_database(session.instance())) return "UTC";
  db::Transaction tx{session.db(), kReading};
  return zone_for(session.reader(tx), std::nullopt).name();
}

void add_from(Command& command, std::vector<std::string>& from) {
  command.option("--from", "TARGET", from, "Look at this place instead of those in [backup] targets");
}

void add_key(Command& command, std::optional<std::filesystem::path>& key) {
  command.option("--key", "FILE", key, "The private key; - is standard input").takes_file();
}

archive::PrivateKey read_key(const std::optional<std::filesystem::path>& key) {
  if (!key) throw Error(Errc::usage, "this needs the private key", "Name the file of 'backup key create' with --key.");
  return archive::PrivateKey::read(*key);
}

std::string amount_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
  auto amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (amount >= 1024 && unit + 1 < kUnits.size()) {
    amount /= 1024;
    ++unit;
  }
  return amount < 10 && unit > 0 ? fmt::format("{:.1f} {}", amount, kUnits[unit])
                                 : fmt::format("{:.0f} {}", amount, kUnits[unit]);
}

std::string duration_text(std::chrono::milliseconds took) {
  const auto seconds = std::chrono::duration<double>(took).count();
  if (seconds < 10) return fmt::format("{:.1f} s", seconds);
  if (seconds < 600) return fmt::format("{:.0f} s", seconds);
  return fmt::format("{:.0f} min", seconds / 60);
}

}  // namespace visitor::cli
