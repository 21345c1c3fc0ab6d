#include "archive/file_target.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "archive/object_name.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"
#include "core/vault.hpp"

namespace visitor::archive {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUnfinished = ".upload-";
constexpr mode_t kFileMode = 0600;
constexpr mode_t kFolderMode = 0700;

std::string user_name(uid_t id) {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(id, &entry, buffer.data(), buffer.size(), &found);
  return found != nullptr ? fmt::format("{} ({})", found->pw_name, id) : std::to_string(id);
}

[[noreturn]] void fail_access(std::string_view doing, const fs::path& path, int error) {
  // The nearest thing that exists is what denies.
  auto there = path;
  struct stat status {};
  while (::lstat(there.c_str(), &status) != 0 && there.has_relative_path()) there = there.parent_path();
  if (status.st_uid == ::geteuid()) {
    throw Error(
        Errc::denied,
        fmt::format("cannot {} {}: {} (mode {:04o})", doing, path.string(), errno_text(error), status.st_mode & 07777u),
        "Check the modes of the folders above it, and what mounted or confined it.");
  }
  throw Error(Errc::denied,
              fmt::format("cannot {} {}: {} belongs to {}, and this runs as {}", doing, path.string(), there.string(),
                          user_name(status.st_uid), user_name(::geteuid())),
              fmt::format("Run 'chown {} {}', or take the backup as its owner.", ::geteuid(), there.string()));
}

[[noreturn]] void fail(std::string_view doing, const fs::path& path, int error) {
  const auto message = fmt::format("cannot {} {}: {}", doing, path.string(), errno_text(error));
  switch (error) {
    case ENOSPC:
      throw Error(Errc::failed, message, "Free space on that file system, or prune old backups.");
    case EDQUOT:
      throw Error(Errc::failed, message, "Raise the quota, or prune old backups.");
    case EFBIG:
      throw Error(Errc::failed, message, "The file system or the limits of the process do not allow files so large.");
    case EROFS:
      throw Error(Errc::failed, message, "Mount it for writing; after an error a disk may have gone read-only.");
    case ENOENT:
      throw Error(Errc::not_found, message);
    case EACCES:
    case EPERM:
      fail_access(doing, path, error);
    default:
      throw Error(Errc::failed, message);
  }
}

fs::path checked_folder(const fs::path& folder) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) {
    if (errno != ENOENT) fail("open", folder, errno);
    throw Error(Errc::not_found, fmt::format("the folder {} of a backup target does not exist", folder.string()),
                "Mount its disk, or make the folder: it is not made here, because a backup into the empty folder of a "
                "disk that is not mounted would be on the wrong disk.");
  }
  if (!S_ISDIR(status.st_mode))
    throw Error(Errc::failed, fmt::format("{} is not a folder, so it cannot be a backup target", folder.string()));
  if (::access(folder.c_str(), R_OK | X_OK) != 0) fail("open", folder, errno);
  return folder;
}

void sync_folder(const fs::path& folder) {
  const Fd fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!fd || ::fsync(fd.get()) != 0) fail("write", folder, errno);
}

/// Makes what is missing of \p folder below \p base, each on stable storage.
void make_folders(const fs::path& base, const fs::path& folder) {
  if (folder == base) return;
  make_folders(base, folder.parent_path());
  if (::mkdir(folder.c_str(), kFolderMode) == 0)
    sync_folder(folder.parent_path());
  else if (errno != EEXIST)
    fail("make", folder, errno);
}

/// The folders of an object that is not there any more, or never came to be.
void remove_if_empty(const fs::path& base, const fs::path& folder) noexcept {
  if (folder != base && ::rmdir(folder.c_str()) == 0) remove_if_empty(base, folder.parent_path());
}

/// Nobody else has it open for an upload. The lock goes with the process that held it.
bool is_left_over(const fs::path& path) {
  const Fd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  return fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0;
}

class FileUpload final : public Upload {
 public:
  FileUpload(const fs::path& base, fs::path path, std::stop_token stop)
      : base_(base), path_(std::move(path)), stop_(stop) {
    const auto folder = path_.parent_path();
    make_folders(base, folder);
    constexpr std::size_t kRandomBytes = 8;
    unfinished_ = folder / (std::string{kUnfinished} + to_hex(random_bytes(kRandomBytes)));
    fd_ = Fd{::open(unfinished_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kFileMode)};
    if (!fd_) {
      const int error = errno;
      remove_if_empty(base_, folder);
      fail("write", path_, error);
    }
    ::flock(fd_.get(), LOCK_EX | LOCK_NB);  // where locks do not exist, age alone tells what is left over
  }
  ~FileUpload() override { abort(); }

  void write(std::span<const std::byte> bytes) override {
    check_open();
    while (!bytes.empty()) {
      if (stop_.stop_requested()) stopped();
      constexpr std::size_t kAtOnce = std::size_t{4} << 20;
      const auto written = ::write(fd_.get(), bytes.data(), std::min(bytes.size(), kAtOnce));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) broken(errno);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  void commit() override {
    check_open();
    if (::fchmod(fd_.get(), kFileMode) != 0 || ::fsync(fd_.get()) != 0) broken(errno);
    // Closed before it gets its name: network file systems say only then that there was no room.
    const int fd = ::dup(fd_.get());
    if (fd < 0 || ::close(fd) != 0) broken(errno);
    if (::rename(unfinished_.c_str(), path_.c_str()) != 0) broken(errno);
    fd_ = Fd{};
    sync_folder(path_.parent_path());
  }

 private:
  void check_open() const {
    if (!fd_) throw Error(Errc::failed, fmt::format("the upload to {} is over", path_.string()));
  }
  void abort() noexcept {
    if (!fd_) return;
    ::unlink(unfinished_.c_str());
    fd_ = Fd{};
    remove_if_empty(base_, path_.parent_path());
  }
  [[noreturn]] void broken(int error) {
    abort();
    fail("write", path_, error);
  }
  [[noreturn]] void stopped() {
    abort();
    throw Error(Errc::interrupted, fmt::format("the upload to {} was interrupted", path_.string()));
  }

  fs::path base_;
  fs::path path_;
  fs::path unfinished_;
  std::stop_token stop_;
  Fd fd_;
};

class FileDownload final : public Download {
 public:
  FileDownload(fs::path path, std::uint64_t from) : path_(std::move(path)) {
    fd_ = Fd{::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
    if (!fd_) fail("read", path_, errno);
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0) fail("read", path_, errno);
    if (!S_ISREG(status.st_mode)) throw Error(Errc::not_found, fmt::format("{} is not a file", path_.string()));
    if (::lseek(fd_.get(), static_cast<off_t>(std::min<std::uint64_t>(from, status.st_size)), SEEK_SET) < 0)
      fail("read", path_, errno);
    ::posix_fadvise(fd_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  }

  std::size_t read(std::span<std::byte> to) override {
    for (;;) {
      const auto got = ::read(fd_.get(), to.data(), to.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) fail("read", path_, errno);
    }
  }

 private:
  fs::path path_;
  Fd fd_;
};

class FileTarget final : public Target {
 public:
  FileTarget(const fs::path& folder, const TargetOptions& options)
      : folder_(checked_folder(folder)), address_("file://" + folder_.string()), stop_(options.stop) {}

  std::string_view address() const override { return address_; }

  std::unique_ptr<Upload> put(std::string_view name) override {
    check_object_name(name);
    checked_folder(folder_);
    return std::make_unique<FileUpload>(folder_, folder_ / name, stop_);
  }

  std::unique_ptr<Download> get(std::string_view name, std::uint64_t from) override {
    check_object_name(name);
    return std::make_unique<FileDownload>(folder_ / name, from);
  }

  std::vector<ObjectInfo> list(std::string_view prefix) override {
    std::vector<ObjectInfo> found;
    visit([&](const fs::path& path, const struct stat& status) {
      auto name = path.lexically_relative(folder_).string();
      if (!name.starts_with(prefix) || !is_object_name(name)) return;
      found.push_back({std::move(name), static_cast<std::uint64_t>(status.st_size), modified(status)});
    });
    std::ranges::sort(found, {}, &ObjectInfo::name);
    return found;
  }

  void remove(std::string_view name) override {
    check_object_name(name);
    const auto path = folder_ / name;
    if (::unlink(path.c_str()) != 0) {
      if (errno == ENOENT) return;
      fail("remove", path, errno);
    }
    sync_folder(path.parent_path());
    remove_if_empty(folder_, path.parent_path());
  }

  std::optional<std::uint64_t> room() override {
    struct statvfs status {};
    if (::statvfs(folder_.c_str(), &status) != 0) fail("look at", folder_, errno);
    return std::uint64_t{status.f_bavail} * status.f_frsize;
  }

  std::size_t sweep(Instant before) override {
    std::size_t swept = 0;
    visit([&](const fs::path& path, const struct stat& status) {
      if (!path.filename().string().starts_with(kUnfinished)) return;
      if (modified(status) >= before || !is_left_over(path)) return;
      if (::unlink(path.c_str()) == 0)
        ++swept;
      else if (errno != ENOENT)
        fail("remove", path, errno);
    });
    return swept;
  }

 private:
  static Instant modified(const struct stat& status) {
    return Instant{std::chrono::seconds{status.st_mtim.tv_sec} +
                   std::chrono::microseconds{status.st_mtim.tv_nsec / 1'000}};
  }

  /// Calls \p each for every file in folders that may hold objects; others (lost+found) are not looked into.
  template <class Each>
  void visit(const Each& each) const {
    checked_folder(folder_);
    std::error_code error;
    fs::recursive_directory_iterator entry{folder_, error};
    if (error) fail("read", folder_, error.value());
    while (entry != fs::recursive_directory_iterator{}) {
      const auto path = entry->path();
      struct stat status {};
      if (::lstat(path.c_str(), &status) == 0) {  // else it was removed meanwhile
        if (S_ISDIR(status.st_mode) && !is_object_name(path.lexically_relative(folder_).string()))
          entry.disable_recursion_pending();
        if (S_ISREG(status.st_mode)) each(path, status);
      }
      entry.increment(error);
      if (error) fail("read", path, error.value());
    }
  }

  fs::path folder_;
  std::string address_;
  std::stop_token stop_;
};

}  // namespace

std::unique_ptr<Target> open_file_target(const fs::path& folder, const TargetOptions& options) {
  auto normal = folder.lexically_normal();
  if (!normal.has_filename() && normal.has_relative_path()) normal = normal.parent_path();
  return std::make_unique<FileTarget>(normal, options);
}

}  // namespace visitor::archive
