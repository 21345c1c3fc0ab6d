#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/file.hpp"
#include "core/message_digest.hpp"

namespace visitor::app {

/// Of a file that somebody handed over: readable by its owner.
inline constexpr mode_t kDraftMode = 0600;

struct DraftOptions {
  std::uint64_t largest = 0;  ///< bytes; 0: any size
  bool nameless = false;      ///< it never gets a name, and nothing is left of it, however the process ends
  std::stop_token stop = {};
};

/// A file beside the one that it is to become. Goes when this does, unless it was given its name.
class DraftFile {
 public:
  /// \throws Error config  nothing can be written to \p folder
  explicit DraftFile(const std::filesystem::path& folder, DraftOptions options = {});
  ~DraftFile();
  DraftFile(const DraftFile&) = delete;
  DraftFile& operator=(const DraftFile&) = delete;

  /// \throws Error config       there is no room
  /// \throws Error conflict     it is larger than it may be
  /// \throws Error interrupted  stop was requested
  void add(std::string_view bytes);
  /// Sees to it that it is on the disk. \returns its SHA-256, hexadecimal
  std::string finish();
  std::uint64_t size() const { return size_; }
  /// Gives it its name, replacing what has it.
  void rename(const std::filesystem::path& path);
  /// \returns how many bytes there were; 0 behind the end
  std::size_t read(std::uint64_t offset, std::span<char> into) const;

 private:
  const DraftOptions options_;
  std::string name_;
  Fd fd_;
  MessageDigest digest_{DigestKind::sha256};
  std::uint64_t size_ = 0;
};

}  // namespace visitor::app
