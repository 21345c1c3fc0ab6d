#include "cli/follow.hpp"

#include <poll.h>
#include <unistd.h>

#include "app/changes.hpp"
#include "cli/arguments.hpp"
#include "core/log.hpp"
#include "db/listener.hpp"
#include "store/journal.hpp"

namespace visitor::cli {
namespace {

// A notification wakes us at once; this is for those that never come, and for a reader that has gone.
constexpr std::chrono::milliseconds kLookAgain{1'000};

/// The other end of the pipe is closed, or the terminal is gone.
bool nobody_reads() {
  pollfd out{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
  return ::poll(&out, 1, 0) == 1 && (out.revents & (POLLERR | POLLHUP)) != 0;
}

/// Until it is time to look again, or nobody reads any more.
void rest() {
  pollfd out{.fd = STDOUT_FILENO, .events = 0, .revents = 0};
  ::poll(&out, 1, static_cast<int>(kLookAgain.count()));
}

bool is_away(const Error& error) {
  return error.code() == Errc::database || error.code() == Errc::database_lost;
}

/// What the program says of the other side, once per change. To the log, because it matters with --json and --quiet,
/// too.
class Presence {
 public:
  /// \param what  "the database"
  explicit Presence(std::string_view what) : what_(what) {}

  void away(const std::string& problem) {
    if (!away_) log::warn("{} is away: {}; trying again", what_, problem);
    away_ = true;
  }
  void back() {
    if (away_) log::warn("{} is back", what_);
    away_ = false;
  }

 private:
  std::string_view what_;
  bool away_ = false;
};

}  // namespace

void drain_there(Session& session, const std::function<std::string()>& read) {
  for (;;) {
    const auto text = read();
    if (text.empty()) return;
    try {
      session.print(text);
    } catch (const Error&) {
      if (!nobody_reads()) throw;
      return;
    }
  }
}

void drain(Session& session, const std::function<std::string(const app::Work&)>& read) {
  drain_there(session, [&] {
    db::Transaction tx{session.db(), kReading};
    auto work = session.reader(tx);
    work.now = SystemClock{}.now();
    return read(work);
  });
}

void follow_there(Session& session, const std::function<std::string()>& read) {
  Presence daemon{"visitord"};
  while (!nobody_reads()) {
    try {
      drain_there(session, read);
      daemon.back();
    } catch (const Error& error) {
      // Of what goes wrong on the way there is no telling for how long.
      if (!is_away(error) && error.code() != Errc::failed) throw;
      daemon.away(error.message());
    }
    rest();
  }
}

void follow(Session& session, const std::function<std::string(const app::Work&)>& read) {
  auto connection = session.db().options().connection;
  db::Listener listener{std::move(connection), {std::string{store::kChangeChannel}}};
  Presence database{"the database"};
  while (!nobody_reads()) {
    const auto heard = listener.wait(kLookAgain);
    if (!heard.connected) {
      database.away(heard.problem);
      continue;
    }
    try {
      drain(session, read);
      database.back();
    } catch (const Error& error) {
      if (!is_away(error)) throw;
      database.away(error.message());
    }
  }
}

app::EventCursor find_cursor(const app::Work& work, const Session& session, const std::string& since) {
  if (const auto cursor = app::parse_event_cursor(since)) {
    app::require_kept(work, app::change_before(*cursor));
    return *cursor;
  }
  std::optional<Instant> at;
  try {
    at = session.instant({since}, zone_for(work, std::nullopt));
  } catch (const Error& error) {
    throw Error(Errc::usage, "--since: '" + since + "' is neither a cursor nor a time",
                "A cursor is what --json shows, such as 118; a time is written like 2h, today or '2026-09-01 08:00'.");
  }
  return {app::cursor_since(work, *at), {}};
}

}  // namespace visitor::cli
