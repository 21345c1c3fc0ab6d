#include "db/cluster.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/process.hpp"
#include "core/text.hpp"
#include "db/cluster_place.hpp"
#include "db/cluster_server.hpp"

namespace visitor::db {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using place::Account;
using place::Binaries;
using place::Paths;

constexpr std::chrono::milliseconds kPollPause{10};
constexpr std::string_view kOurSettings = "visitor.conf";

// Small in memory, safe on disk, silent about rows (terse leaves out the DETAIL that quotes them).
constexpr std::string_view kSettings = R"(listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 50
shared_buffers = 32MB
fsync = on
full_page_writes = on
synchronous_commit = on
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_error_verbosity = terse
logging_collector = off
lc_messages = 'C'
cluster_name = 'visitor'
)";

/// A value in postgresql.conf and in a connection string.
std::string in_quotes(std::string_view value) {
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

/// In double quotes: a name in SQL, an element of a list of paths.
std::string as_identifier(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += c;
    out += c;
  }
  return out + "\"";
}

bool is_set(const ClusterOptions& options, std::string_view name, std::string_view value) {
  return std::any_of(options.settings.begin(), options.settings.end(),
                     [&](const auto& one) { return one.first == name && one.second == value; });
}

std::string settings_file(const ClusterOptions& options, const fs::path& socket) {
  auto text =
      fmt::format("# Written at every start of visitor's embedded database.\n{}port = {}\n", kSettings, place::kPort);
  text += fmt::format("unix_socket_directories = {}\n", in_quotes(as_identifier(socket.string())));
  for (const auto& [name, value] : options.settings) text += fmt::format("{} = {}\n", name, in_quotes(value));
  return text;
}

std::string ident_file(const ClusterOptions& options, const Account& account) {
  auto text = fmt::format("visitor root {}\n", options.superuser);
  if (account.name != "root") text += fmt::format("visitor {} {}\n", account.name, options.superuser);
  return text;
}

/// Runs one of the server's programs as the account that owns the data.
ProcessResult run(const Account& account, std::vector<std::string> argv, std::string input = {}) {
  return run_process({.argv = std::move(argv),
                      .environment = {"LC_ALL=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin"},
                      .run_as = account.run_as(),
                      .detach = true,
                      .input = std::move(input),
                      .deadline = std::chrono::minutes{5}});
}

std::string reason(const ProcessResult& result) {
  if (result.timed_out) return "it did not end within five minutes";
  const auto line = server::telling_line(result.err);
  return line.empty() ? fmt::format("exit status {}", result.status) : line;
}

/// Written as the owner, so that root follows no link of a less trusted account.
void write_as(const Account& account, const fs::path& path, const std::string& content, const Paths& paths) {
  const auto result = run(account, {"tee", "--", path.string()}, content);
  if (result.status != 0) server::raise_failed("cannot set up the embedded database", reason(result), paths);
}

void write_settings(const ClusterOptions& options, const Account& account, const Paths& paths, const fs::path& data,
                    const fs::path& socket) {
  write_as(account, data / kOurSettings, settings_file(options, socket), paths);
  write_as(account, data / "pg_hba.conf", "local all all peer map=visitor\nlocal replication all peer map=visitor\n",
           paths);
  write_as(account, data / "pg_ident.conf", ident_file(options, account), paths);
}

/// Makes the cluster and its database in data.new, which becomes data only when it is whole.
void make(const ClusterOptions& options, const Account& account, const Paths& paths, const Binaries& binaries,
          const fs::path& socket) {
  constexpr auto kDoing = "cannot make the embedded database";
  fs::remove_all(paths.fresh);
  const auto check = [&](const ProcessResult& result) {
    if (result.status == 0) return;
    const auto said = reason(result);
    std::error_code ignored;
    fs::remove_all(paths.fresh, ignored);
    server::raise_failed(kDoing, said, paths);
  };
  const auto fresh = paths.fresh.string();
  check(run(account, {binaries.program("initdb"), "-D", fresh, "-U", options.superuser, "-E", "UTF8",
                      "--locale=C.UTF-8", "--data-checksums", "--auth=peer", "--no-instructions", "--no-sync"}));
  if (options.database != "postgres")
    check(run(account, {binaries.program("postgres"), "--single", "-D", fresh, "-F", "postgres"},
              fmt::format("CREATE DATABASE {}\n", as_identifier(options.database))));
  check(run(account, {"tee", "-a", "--", (paths.fresh / "postgresql.conf").string()},
            fmt::format("include = '{}'\n", kOurSettings)));
  write_settings(options, account, paths, paths.fresh, socket);
  if (!is_set(options, "fsync", "off")) check(run(account, {binaries.program("initdb"), "--sync-only", "-D", fresh}));
  if (rename(paths.fresh.c_str(), paths.data.c_str()) != 0)
    throw Error(Errc::config, fmt::format("{}: cannot rename {}: {}", kDoing, fresh, errno_text(errno)));
}

constexpr std::string_view kLeftovers = "pre-existing shared memory block";

/// A killed server leaves postmaster.pid and its socket's lock behind. Postgres recovers from that by itself unless
/// there is a process of that number: another program by now, or the dead server where nobody has collected it. Then
/// the files are removed, if no process of the old server is left.
/// \returns what stands in the way, or nothing
std::optional<std::string> forget_killed_server(const Paths& paths, const fs::path& socket, const Account& account) {
  const auto remove = [&account](const fs::path& path) -> std::optional<std::string> {
    const auto result = run(account, {"rm", "-f", "--", path.string()});
    if (result.status != 0) return reason(result);
    return std::nullopt;
  };
  const auto exists = [](pid_t pid) { return kill(pid, 0) == 0 || errno != ESRCH; };

  const auto file = server::read_pid_file(paths.data);
  if (file && !server::is_server(file->pid, paths.data, account) && exists(file->pid)) {
    shmid_ds memory{};
    if (file->shared_memory >= 0 && shmctl(file->shared_memory, IPC_STAT, &memory) == 0 && memory.shm_nattch > 0)
      return fmt::format("{} is still in use", kLeftovers);
    if (auto failed = remove(paths.data / "postmaster.pid")) return failed;
  }
  const auto lock = socket / fmt::format(".s.PGSQL.{}.lock", place::kPort);
  const auto text = place::read_small(lock);
  const auto pid = text ? to_integer(trim(text->substr(0, text->find('\n')))) : std::nullopt;
  if (pid && *pid > 1 && exists(static_cast<pid_t>(*pid)) && !server::is_postgres(static_cast<pid_t>(*pid), account))
    return remove(lock);
  return std::nullopt;
}

/// \returns nothing once it takes connections, or its last word where it went
std::optional<std::string> wait_until_ready(pid_t pid, const Paths& paths, off_t log_start, Clock::time_point end) {
  for (;;) {
    const auto file = server::read_pid_file(paths.data);
    if (file && file->pid == pid && file->ready) return std::nullopt;
    if (!server::is_alive(pid)) return server::last_word(paths.log, log_start);
    if (Clock::now() > end)
      throw Error(Errc::database,
                  "the embedded database has not become ready in time: " + server::last_word(paths.log, log_start),
                  fmt::format("It may be recovering from a crash; look at {} and try again.", paths.log.string()));
    std::this_thread::sleep_for(kPollPause);
  }
}

void launch(const Binaries& binaries, const Paths& paths, const fs::path& socket, const Account& account,
            Clock::time_point end) {
  // Processes of a server that was killed need a moment to notice.
  const auto patience = std::min(end, Clock::now() + std::chrono::seconds{5});
  for (;;) {
    auto failed = forget_killed_server(paths, socket, account);
    if (!failed) {
      const auto log_start = server::log_size(paths.log);
      const auto pid = server::launch(binaries, paths.data, paths.log, account);
      failed = wait_until_ready(pid, paths, log_start, end);
    }
    if (!failed) return;
    if (failed->find(kLeftovers) == failed->npos || Clock::now() > patience)
      server::raise_failed("the embedded database did not start", *failed, paths);
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
  }
}

void wait_until_gone(pid_t pid, Clock::time_point end) {
  while (server::is_alive(pid)) {
    if (Clock::now() > end)
      throw Error(Errc::database, fmt::format("the embedded database (process {}) does not stop", pid),
                  "Look at its log, and at backups that may hold it up.");
    std::this_thread::sleep_for(kPollPause);
  }
}

}  // namespace

Cluster::Cluster(ClusterOptions options) : options_(std::move(options)) {}

bool Cluster::start() {
  const auto now = status();
  if (now.state == ClusterState::running) return false;
  const auto end = Clock::now() + options_.start_deadline;
  const auto account = place::account(options_);
  const auto paths = place::paths(options_);
  place::require_way(paths.directory, account);
  place::make_private_directory(paths.directory, account);
  place::require_private(paths.directory, account);
  const auto locked = server::lock(paths.directory, end);

  const auto state = status();
  if (state.state == ClusterState::running) return false;
  const auto file = server::read_pid_file(paths.data);
  if (state.pid != 0 && file && file->stopping) wait_until_gone(state.pid, end);
  if (state.state == ClusterState::starting && file && !file->stopping) {
    const auto failed = wait_until_ready(state.pid, paths, server::log_size(paths.log), end);
    if (!failed) return false;
  }
  const auto binaries = place::binaries(options_, state.major);
  const auto socket = place::socket_directory(options_, account, true);
  if (state.state == ClusterState::absent) {
    make(options_, account, paths, binaries, socket);
  } else {
    place::require_private(paths.data, account);
    write_settings(options_, account, paths, paths.data, socket);
  }
  launch(binaries, paths, socket, account, end);
  return true;
}

bool Cluster::reload() {
  const auto end = Clock::now() + options_.start_deadline;
  const auto account = place::account(options_);
  const auto paths = place::paths(options_);
  if (status().state != ClusterState::running) return false;
  const auto locked = server::lock(paths.directory, end);
  const auto now = status();
  if (now.state != ClusterState::running) return false;
  write_settings(options_, account, paths, paths.data, now.socket_directory);
  if (kill(now.pid, SIGHUP) != 0 && errno != ESRCH)
    throw Error(Errc::denied, fmt::format("cannot reach process {}: {}", now.pid, errno_text(errno)));
  return true;
}

bool Cluster::stop() {
  const auto end = Clock::now() + options_.stop_deadline;
  const auto paths = place::paths(options_);
  if (status().state == ClusterState::absent) return false;
  const auto locked = server::lock(paths.directory, end);
  const auto now = status();
  if (now.pid == 0) return false;
  // SIGINT is PostgreSQL's "fast" shutdown.
  if (kill(now.pid, SIGINT) != 0 && errno != ESRCH)
    throw Error(Errc::denied, fmt::format("cannot stop process {}: {}", now.pid, errno_text(errno)));
  wait_until_gone(now.pid, end);
  return true;
}

ClusterStatus Cluster::status() const {
  const auto paths = place::paths(options_);
  ClusterStatus now;
  now.directory = paths.directory;
  const auto account = place::account(options_);
  now.owner = account.name;
  now.major = place::data_major(paths.data);
  now.socket_directory = place::socket_directory(options_, account, false);
  if (now.major == 0) return now;
  now.state = ClusterState::stopped;
  const auto file = server::read_pid_file(paths.data);
  if (!file || !server::is_server(file->pid, paths.data, account)) return now;
  now.pid = file->pid;
  now.state = file->ready ? ClusterState::running : ClusterState::starting;
  if (!file->socket_directory.empty()) now.socket_directory = file->socket_directory;
  return now;
}

Secret Cluster::conninfo() const {
  return conninfo(options_.database);
}

Secret Cluster::conninfo(const std::string& database) const {
  return Secret{
      std::string_view{fmt::format("host={} port={} user={} dbname={}", in_quotes(status().socket_directory.string()),
                                   place::kPort, in_quotes(options_.superuser), in_quotes(database))}};
}

}  // namespace visitor::db
