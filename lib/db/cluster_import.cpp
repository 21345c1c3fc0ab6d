#include "db/cluster_import.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "core/vault.hpp"
#include "db/cluster_place.hpp"
#include "db/cluster_server.hpp"

namespace visitor::db {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "restore-";
constexpr auto kLock = "restore.lock";
// A constant: the server puts the names of segments in, which are digits, and works in its data directory.
constexpr auto kRestoreCommand = "cp --sparse=never ../wal/%f \"%p\"";
// Of a week's log on a slow disk.
constexpr std::chrono::hours kRecoveryDeadline{12};

void clear_away(const ClusterOptions& options) noexcept {
  try {
    Cluster{options}.stop();
  } catch (const Error& error) {
    log::warn("the cluster in {} cannot be stopped: {}", options.directory.string(), error.message());
  }
  std::error_code failed;
  fs::remove_all(options.directory, failed);
  if (failed) log::warn("{} cannot be removed: {}", options.directory.string(), failed.message());
}

void rename_folder(const fs::path& from, const fs::path& to) {
  if (rename(from.c_str(), to.c_str()) != 0)
    throw Error(Errc::failed, fmt::format("cannot rename {} to {}: {}", from.string(), to.string(), errno_text(errno)));
}

/// In one step, so that there is a whole cluster in both places whatever happens: where there is none, the next program
/// makes an empty one.
void exchange_folders(const fs::path& one, const fs::path& other) {
  if (renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) == 0) return;
  if (errno != EINVAL && errno != ENOSYS && errno != EXDEV)
    throw Error(Errc::failed,
                fmt::format("cannot exchange {} and {}: {}", one.string(), other.string(), errno_text(errno)));
  // A file system that cannot.
  const auto third = fs::path{one.string() + ".new"};
  rename_folder(one, third);
  rename_folder(other, one);
  try {
    rename_folder(third, other);
  } catch (const Error&) {
    rename_folder(one, other);
    throw;
  }
}

}  // namespace

ClusterImport::ClusterImport(const ClusterOptions& options) : main_(options), side_(options) {
  const auto account = place::account(main_);
  const auto directory = place::paths(main_).directory;
  place::require_way(directory, account);
  place::make_private_directory(directory, account);
  place::require_private(directory, account);
  lock_ = Fd{open((directory / kLock).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
  if (!lock_ || flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (lock_ && errno == EWOULDBLOCK)
      throw Error(Errc::conflict, "another restore of the embedded database is under way", "Wait until it is done.");
    throw Error(Errc::config, fmt::format("cannot lock {}: {}", (directory / kLock).string(), errno_text(errno)));
  }
  side_.socket_directory.clear();
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator{directory, ignored}) {
    if (!entry.is_directory(ignored) || !entry.path().filename().string().starts_with(kPrefix)) continue;
    side_.directory = entry.path();
    clear_away(side_);
  }
  side_.directory = directory / fmt::format("{}{}", kPrefix, to_hex(random_bytes(4)));
  place::make_private_directory(side_.directory, account);
  const auto paths = place::paths(side_);
  run({"mkdir", "--mode=700", "--", paths.fresh.string(), (side_.directory / "wal").string()});
}

ClusterImport::~ClusterImport() {
  clear_away(side_);
}

ProcessOptions ClusterImport::as_owner(std::vector<std::string> argv) const {
  ProcessOptions options;
  options.argv = std::move(argv);
  options.environment = {"LC_ALL=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin"};
  options.directory = "/";
  options.run_as = place::account(main_).run_as();
  options.detach = true;
  return options;
}

void ClusterImport::run(std::vector<std::string> argv) const {
  const auto name = argv.front();
  const auto result = run_process(as_owner(std::move(argv)));
  if (result.status != 0)
    throw Error(Errc::failed,
                fmt::format("{} failed in {}: {}", name, side_.directory.string(), server::telling_line(result.err)));
}

void ClusterImport::Inlet::write(std::span<const std::byte> bytes) {
  if (!child_.write(bytes)) finish();
}

void ClusterImport::Inlet::finish() {
  child_.end_input();
  const int status = child_.wait();
  if (status == 0) return;
  const auto said = server::telling_line(child_.errors());
  throw Error(Errc::failed,
              fmt::format("cannot write {}: {}", what_, said.empty() ? fmt::format("exit status {}", status) : said),
              "Nothing was changed; free space where the embedded database lies if that is what is missing.");
}

std::unique_ptr<ClusterImport::Inlet> ClusterImport::data() {
  const auto fresh = place::paths(side_).fresh.string();
  return std::make_unique<Inlet>("the files of the base backup",
                                 as_owner({"tar", "--extract", "--file=-", "--directory=" + fresh, "--no-same-owner"}));
}

std::unique_ptr<ClusterImport::Inlet> ClusterImport::segment(const std::string& name) {
  // With holes for zeros: most of a segment that was ended early is nothing.
  const auto path = side_.directory / "wal" / name;
  return std::make_unique<Inlet>(
      "WAL segment " + name,
      as_owner({"dd", "of=" + path.string(), "bs=64K", "iflag=fullblock", "conv=sparse,excl", "status=none"}));
}

Cluster& ClusterImport::recover(const std::string& at, const std::vector<std::string>& taken) {
  const auto paths = place::paths(side_);
  std::vector<std::string> touched{"touch", "--", (paths.fresh / "recovery.signal").string()};
  // The server takes the first timeline for which it is given no history.
  for (const auto& timeline : taken) touched.push_back((side_.directory / "wal" / (timeline + ".history")).string());
  run(std::move(touched));
  rename_folder(paths.fresh, paths.data);
  auto options = side_;
  options.start_deadline = kRecoveryDeadline;
  for (const auto& [name, value] :
       std::initializer_list<std::pair<const char*, std::string>>{{"restore_command", kRestoreCommand},
                                                                  {"recovery_target_time", at},
                                                                  {"recovery_target_inclusive", "on"},
                                                                  {"recovery_target_action", "promote"},
                                                                  {"recovery_target_timeline", "current"},
                                                                  {"hot_standby", "off"}})
    options.settings.emplace_back(name, value);
  cluster_ = std::make_unique<Cluster>(options);
  cluster_->start();
  return *cluster_;
}

fs::path ClusterImport::take_over() {
  cluster_->stop();
  Cluster main{main_};
  main.stop();
  const auto paths = place::paths(main_);
  const auto locked = server::lock(paths.directory, std::chrono::steady_clock::now() + main_.start_deadline);
  if (const auto status = main.status(); status.pid != 0)
    throw Error(Errc::conflict, "the embedded database was started again by another program",
                "Stop visitord, and restore again.");
  fs::path aside;
  std::error_code ignored;
  if (fs::exists(paths.data, ignored)) {
    aside = paths.directory / fmt::format("data.before-{}", to_hex(random_bytes(3)));
    rename_folder(place::paths(side_).data, aside);
    try {
      exchange_folders(aside, paths.data);
    } catch (const Error&) {
      rename_folder(aside, place::paths(side_).data);
      throw;
    }
  } else {
    rename_folder(place::paths(side_).data, paths.data);
  }
  const Fd folder{open(paths.directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!folder || fsync(folder.get()) != 0)
    throw Error(Errc::failed, fmt::format("cannot write {}: {}", paths.directory.string(), errno_text(errno)));
  return aside;
}

}  // namespace visitor::db
