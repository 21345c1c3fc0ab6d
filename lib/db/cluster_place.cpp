#include "db/cluster_place.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"

namespace visitor::db::place {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestSocketPath = 107;  // sockaddr_un::sun_path without its NUL
constexpr std::array<const char*, 2> kAccounts{"visitor", "postgres"};

std::optional<std::string> find_user(uid_t uid) {
  std::vector<char> buffer(16384);
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) return std::nullopt;
  return found->pw_name;
}

std::string user_name(uid_t uid) {
  return find_user(uid).value_or(fmt::format("user {}", uid));
}

std::optional<struct stat> status_of(const fs::path& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) == 0) return status;
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  if (errno == EACCES)
    throw Error(Errc::denied, fmt::format("cannot look at {}: {}", path.string(), errno_text(errno)),
                "Run the command as root or as the account that the database belongs to.");
  throw Error(Errc::config, fmt::format("cannot look at {}: {}", path.string(), errno_text(errno)));
}

bool may_enter(const fs::path& directory, const Account& account) {
  if (!account.drop) return access(directory.c_str(), X_OK) == 0;
  struct stat status {};
  if (stat(directory.c_str(), &status) != 0) return false;
  const mode_t bit = status.st_uid == account.uid ? S_IXUSR : status.st_gid == account.gid ? S_IXGRP : S_IXOTH;
  if ((status.st_mode & bit) != 0) return true;
  // An access list may still let it in: try it.
  return run_process({.argv = {"test", "-x", directory.string()},
                      .environment = {},
                      .run_as = account.run_as(),
                      .detach = false,
                      .input = {}})
             .status == 0;
}

std::optional<fs::path> barrier(const fs::path& directory, const Account& account) {
  fs::path walked;
  for (const auto& part : fs::absolute(directory).lexically_normal()) {
    walked /= part;
    std::error_code ignored;
    if (!fs::exists(walked, ignored)) {
      // What a barrier hides from us (we are not root then) was named before.
      return std::nullopt;
    }
    if (fs::is_directory(walked, ignored) && !may_enter(walked, account)) return walked;
  }
  return std::nullopt;
}

Account configured_account(const std::string& run_as) {
  if (geteuid() != 0) {
    const auto name = find_user(geteuid());
    if (!name)
      throw Error(Errc::config,
                  fmt::format("user {} has no name on this machine, and PostgreSQL lets nobody in without", geteuid()),
                  "Run as an account of /etc/passwd, or name a server in [database] url.");
    return {geteuid(), getegid(), *name, false};
  }
  if (!run_as.empty()) {
    const auto found = find_account(run_as);
    if (!found)
      throw Error(Errc::config, fmt::format("there is no account '{}' for the embedded database to run as", run_as),
                  fmt::format("Run 'adduser --system --group {}'.", run_as));
    if (found->uid == 0) throw Error(Errc::config, "the embedded database cannot run as root", "Name another account.");
    return {found->uid, found->gid, found->name, true};
  }
  for (const char* name : kAccounts)
    if (const auto found = find_account(name); found && found->uid != 0)
      return {found->uid, found->gid, found->name, true};
  throw Error(Errc::config, "there is no account 'visitor' or 'postgres' for the embedded database to run as",
              "Run 'adduser --system --group visitor', or install PostgreSQL ('apt install postgresql-15').");
}

bool is_private(const struct stat& status, const Account& account) {
  return S_ISDIR(status.st_mode) && status.st_uid == account.uid && (status.st_mode & 077) == 0;
}

/// A comma would end it in a connection string, which lists hosts.
bool fits_a_socket(const fs::path& directory) {
  return directory.string().find(',') == std::string::npos &&
         fmt::format("{}/.s.PGSQL.{}", directory.string(), kPort).size() <= kLongestSocketPath;
}

/// Sixteen hexadecimal digits that stand for a path.
std::string digest(const fs::path& path) {
  std::array<std::byte, 16> hash{};
  const auto text = path.string();
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  return to_hex(std::span{hash}.first(8));
}

/// Short places for a socket, the best first. As root /run/visitor is made where it is missing.
std::vector<fs::path> socket_bases(const Account& account, bool make) {
  std::vector<fs::path> bases;
  const fs::path run = "/run/visitor";
  if (make && account.drop) mkdir(run.c_str(), 0755);
  struct stat status {};
  const bool ours = lstat(run.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
                    (status.st_uid == 0 || status.st_uid == account.uid) && (status.st_mode & 022) == 0;
  if (ours && access(run.c_str(), W_OK | X_OK) == 0 && may_enter(run, account)) bases.push_back(run);
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  if (!account.drop && runtime != nullptr && *runtime == '/') bases.emplace_back(runtime);
  bases.emplace_back("/tmp");
  return bases;
}

/// "postgres (PostgreSQL) 15.20 (Debian …)" → 15, or 0.
int major_of(const fs::path& directory) {
  const auto program = directory / "postgres";
  if (access(program.c_str(), X_OK) != 0 || access((directory / "initdb").c_str(), X_OK) != 0) return 0;
  const auto said =
      run_process(
          {.argv = {program.string(), "--version"}, .environment = {}, .run_as = {}, .detach = false, .input = {}})
          .out;
  constexpr std::string_view kBefore = "(PostgreSQL) ";
  const auto at = said.find(kBefore);
  return at == said.npos ? 0 : std::atoi(said.c_str() + at + kBefore.size());
}

std::vector<fs::path> binary_directories() {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ignored))
    found.push_back(entry.path() / "bin");
  std::sort(found.begin(), found.end(), [](const fs::path& a, const fs::path& b) {
    return std::atoi(a.parent_path().filename().c_str()) > std::atoi(b.parent_path().filename().c_str());
  });
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path;
  const auto searched = found.size();
  while (!rest.empty()) {
    const auto part = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    if (!part.starts_with('/')) continue;
    const fs::path directory{part};
    if (access((directory / "postgres").c_str(), X_OK) == 0)
      found.push_back(fs::canonical(directory / "postgres", ignored).parent_path());
    if (found.size() == searched && access((directory / "pg_config").c_str(), X_OK) == 0) {
      const auto said = run_process({.argv = {(directory / "pg_config").string(), "--bindir"},
                                     .environment = {},
                                     .run_as = {},
                                     .detach = false,
                                     .input = {}})
                            .out;
      found.emplace_back(std::string{trim(said)});
    }
  }
  return found;
}

}  // namespace

std::optional<RunAs> Account::run_as() const {
  if (!drop) return std::nullopt;
  return RunAs{uid, gid, name};
}

Paths paths(const ClusterOptions& options) {
  const auto directory = fs::absolute(options.directory).lexically_normal();
  return {directory, directory / "data", directory / "data.new", directory / "server.log"};
}

Account account(const ClusterOptions& options) {
  const auto data = paths(options).data;
  const auto status = status_of(data);
  // Root serves a cluster as the account that it belongs to: one that was made before the account 'visitor' existed
  // stays with 'postgres'. Looked at first, because asking for an account that does not exist takes longer than a
  // query.
  if (geteuid() == 0 && options.run_as.empty() && status && status->st_uid != 0) {
    const auto owner = user_name(status->st_uid);
    if (std::find(kAccounts.begin(), kAccounts.end(), owner) != kAccounts.end())
      if (const auto found = find_account(owner)) return {found->uid, found->gid, found->name, true};
  }
  auto chosen = configured_account(options.run_as);
  if (!status || status->st_uid == chosen.uid) return chosen;
  const auto owner = user_name(status->st_uid);
  if (!chosen.drop)
    throw Error(
        Errc::denied,
        fmt::format("the embedded database in {} belongs to '{}', and this is '{}'", data.string(), owner, chosen.name),
        fmt::format("Run the command as root or as '{}'.", owner));
  throw Error(
      Errc::config,
      fmt::format("{} belongs to '{}', and the embedded database runs as '{}'", data.string(), owner, chosen.name),
      fmt::format("Run 'chown -R {}: {}'.", chosen.name, data.parent_path().string()));
}

void require_way(const fs::path& directory, const Account& account) {
  const auto blocked = barrier(directory, account);
  if (!blocked) return;
  throw Error(Errc::config,
              fmt::format("the embedded database runs as '{}', which cannot enter {}", account.name, blocked->string()),
              fmt::format("Choose a state directory elsewhere, such as /var/lib/visitor, or run 'chmod o+x {}'.",
                          blocked->string()));
}

void make_private_directory(const fs::path& directory, const Account& account) {
  if (status_of(directory)) return;
  make_directories(directory.parent_path(), 0755);
  const auto fail = [&directory](int error) {
    throw Error(Errc::config, fmt::format("cannot create {}: {}", directory.string(), errno_text(error)),
                error == ENOSPC ? "Free space on that disk." : "Check the owner and the mode of the directory above.");
  };
  // Made under another name first: it must not be seen before it belongs to the account.
  auto pattern = directory.string() + ".XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) fail(errno);
  int error = 0;
  if (account.drop && lchown(pattern.c_str(), account.uid, account.gid) != 0)
    error = errno;
  else if (renameat2(AT_FDCWD, pattern.c_str(), AT_FDCWD, directory.c_str(), RENAME_NOREPLACE) != 0)
    error = errno;
  if (error == 0) return;
  rmdir(pattern.c_str());
  if (error != EEXIST) fail(error);
}

void require_private(const fs::path& directory, const Account& account) {
  const auto status = status_of(directory);
  if (!status || !S_ISDIR(status->st_mode))
    throw Error(Errc::config, fmt::format("{} is not a directory", directory.string()),
                "Move it away, or choose another directory.");
  if (status->st_uid != account.uid)
    throw Error(Errc::config,
                fmt::format("{} belongs to '{}', and the embedded database runs as '{}'", directory.string(),
                            user_name(status->st_uid), account.name),
                fmt::format("Run 'chown -R {}: {}'.", account.name, directory.string()));
  if ((status->st_mode & 077) != 0)
    throw Error(Errc::config,
                fmt::format("{} is open to others (mode {:04o})", directory.string(), status->st_mode & 07777),
                fmt::format("Run 'chmod 700 {}'.", directory.string()));
}

fs::path socket_directory(const ClusterOptions& options, const Account& account, bool make) {
  const auto directory = paths(options).directory;
  if (!options.socket_directory.empty()) {
    const auto chosen = fs::absolute(options.socket_directory).lexically_normal();
    if (!fits_a_socket(chosen))
      throw Error(Errc::config,
                  fmt::format("the path of the database's socket in {} is longer than {} bytes or has a comma",
                              chosen.string(), kLongestSocketPath),
                  "Choose a shorter socket directory, such as one under /run.");
    if (make) make_private_directory(chosen, account);
    if (make) require_private(chosen, account);
    return chosen;
  }
  if (fits_a_socket(directory)) return directory;
  for (const auto& base : socket_bases(account, make)) {
    const auto place = base / fmt::format("visitor-{}-{}", account.uid, digest(directory));
    if (!fits_a_socket(place)) continue;
    if (make) make_private_directory(place, account);
    const auto status = status_of(place);
    if (!status && !make) return place;
    if (status && is_private(*status, account)) return place;
    require_private(place, account);  // says what is wrong with it
  }
  throw Error(Errc::config,
              fmt::format("the path of the database's socket in {} is longer than {} bytes", directory.string(),
                          kLongestSocketPath),
              "Choose a state directory with a shorter path.");
}

Binaries binaries(const ClusterOptions& options, int major) {
  if (!options.binaries.empty()) {
    const int theirs = major_of(options.binaries);
    if (theirs == 0)
      throw Error(Errc::config, fmt::format("{} holds no PostgreSQL server", options.binaries.string()),
                  "Name the folder that holds postgres and initdb.");
    if (theirs < kOldestMajor)
      throw Error(Errc::config, fmt::format("PostgreSQL {} in {} is too old", theirs, options.binaries.string()),
                  fmt::format("Install {} or later ('apt install postgresql-15').", kOldestMajor));
    if (major == 0 || theirs == major) return {options.binaries, theirs};
    throw Error(
        Errc::config,
        fmt::format("the data in {} were made by PostgreSQL {}, and {} holds {}", paths(options).data.string(), major,
                    options.binaries.string(), theirs),
        fmt::format("Install PostgreSQL {0} ('apt install postgresql-{0}'), or move the data with pg_upgrade.", major));
  }
  return pick_binaries(binary_directories(), major, paths(options).data);
}

Binaries pick_binaries(const std::vector<fs::path>& directories, int major, const fs::path& data) {
  int newest = 0;
  for (const auto& directory : directories) {
    const int theirs = major_of(directory);
    if (theirs >= kOldestMajor && (major == 0 || theirs == major)) return {directory, theirs};
    newest = std::max(newest, theirs);
  }
  if (major != 0 && newest >= kOldestMajor)
    throw Error(
        Errc::config,
        fmt::format("the data in {} were made by PostgreSQL {}, and only {} is installed", data.string(), major,
                    newest),
        fmt::format("Install PostgreSQL {0} ('apt install postgresql-{0}'), or move the data with pg_upgrade.", major));
  throw Error(Errc::config,
              newest == 0 ? std::string{"no PostgreSQL server is installed"}
                          : fmt::format("PostgreSQL {} is too old for the embedded database", newest),
              "Run 'apt install postgresql-15', or name a server in [database] url.");
}

int data_major(const fs::path& data) {
  const auto status = status_of(data);
  if (!status) return 0;
  const auto text = read_small(data / "PG_VERSION");
  const auto major = text ? to_integer(trim(*text)) : std::nullopt;
  if (!major || *major <= 0 || *major > 1000)
    throw Error(Errc::config, fmt::format("{} holds no PostgreSQL cluster", data.string()),
                "Move it away; a new one is made at the next start.");
  return static_cast<int>(*major);
}

std::optional<std::string> read_small(const fs::path& path) {
  constexpr std::size_t kLimit = 8192;
  const Fd fd{open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  struct stat status {};
  if (!fd || fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  std::string text(kLimit, '\0');
  const auto got = read(fd.get(), text.data(), text.size());
  if (got < 0) return std::nullopt;
  text.resize(static_cast<std::size_t>(got));
  return text;
}

}  // namespace visitor::db::place

namespace visitor::db {

std::optional<std::filesystem::path> cluster_barrier(const std::filesystem::path& directory,
                                                     const std::string& run_as) {
  return place::barrier(directory, place::configured_account(run_as));
}

}  // namespace visitor::db
