#include "app/draft_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::app {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
  throw Error(Errc::config, fmt::format("cannot write {}: {}", path.string(), errno_text(error)),
              "Name a folder that you may write to, with room in it.");
}

}  // namespace

DraftFile::DraftFile(const std::filesystem::path& folder, DraftOptions options)
    : options_(std::move(options)), name_((folder / ".visitor-report-XXXXXX").string()) {
  fd_ = Fd{::mkostemp(name_.data(), O_CLOEXEC)};
  if (!fd_) fail(folder, errno);
  if (!options_.nameless) return;
  ::unlink(name_.c_str());
  name_.clear();
}

DraftFile::~DraftFile() {
  if (!name_.empty()) ::unlink(name_.c_str());
}

void DraftFile::add(std::string_view bytes) {
  if (options_.stop.stop_requested()) throw Error(Errc::interrupted, "the report was given up");
  digest_.add(bytes);
  size_ += bytes.size();
  if (options_.largest > 0 && size_ > options_.largest)
    throw Error(Errc::conflict, fmt::format("the report has more than {} bytes", options_.largest),
                "Ask for a shorter period or for fewer columns.");
  while (!bytes.empty()) {
    const auto put = ::write(fd_.get(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail(name_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

std::string DraftFile::finish() {
  if (::fchmod(fd_.get(), kDraftMode) != 0 || ::fsync(fd_.get()) != 0) fail(name_, errno);
  return to_hex(digest_.finish());
}

void DraftFile::rename(const std::filesystem::path& path) {
  if (::rename(name_.c_str(), path.c_str()) != 0) fail(path, errno);
  name_.clear();
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
  const Fd directory{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!directory || ::fsync(directory.get()) != 0) fail(folder, errno);
}

std::size_t DraftFile::read(std::uint64_t offset, std::span<char> into) const {
  for (;;) {
    const auto got = ::pread(fd_.get(), into.data(), into.size(), static_cast<off_t>(offset));
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) fail(name_, errno);
  }
}

}  // namespace visitor::app
