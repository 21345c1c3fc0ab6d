#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/instant.hpp"

/// Where backups are kept. A target holds objects: bytes with a name, which appear whole or not at all.
///
/// Names have one to 512 characters in parts between slashes ("2026/11/22.vbk"); a part has letters, digits, '.', '_'
/// and '-', and begins with no dot. What else lies about at the same place is neither listed nor touched.
///
/// Errors of all targets: usage for a name that is none; not_found for an object or place that is not there; denied
/// where it is not ours to read or write; integrity where the other side has other bytes than those sent; failed for
/// the rest (full, read-only, gone, does not answer). No message ever holds a secret.
namespace visitor::archive {

struct ObjectInfo {
  std::string name;
  std::uint64_t size = 0;
  Instant modified;  ///< when it became complete, by the clock of the target
};

/// An object on its way. Goes without commit: aborted, and leaves nothing that looks complete.
class Upload {
 public:
  virtual ~Upload() = default;
  /// Takes all of \p bytes or throws; after it has thrown the upload is over.
  virtual void write(std::span<const std::byte> bytes) = 0;
  /// The object is there, whole and on stable storage, when this returns. What had the name before is replaced in one
  /// step. Once, at the end.
  virtual void commit() = 0;
};

class Download {
 public:
  virtual ~Download() = default;
  /// How many bytes were put into \p to: at least one, or 0 at the end of the object (and for an empty \p to).
  virtual std::size_t read(std::span<std::byte> to) = 0;
};

/// For one thread at a time, its uploads and downloads included.
class Target {
 public:
  virtual ~Target() = default;

  /// As open_target was given it, without what would make two spellings of one place differ: "file:///srv/backup",
  /// "s3://bucket/prefix".
  virtual std::string_view address() const = 0;
  virtual std::unique_ptr<Upload> put(std::string_view name) = 0;
  /// \param from  first byte; at or past the end there is nothing to read
  /// \throws Error not_found
  virtual std::unique_ptr<Download> get(std::string_view name, std::uint64_t from = 0) = 0;
  /// Complete objects whose names begin with \p prefix ("" for all), by name.
  virtual std::vector<ObjectInfo> list(std::string_view prefix) = 0;
  /// Nothing happens where there is no such object.
  virtual void remove(std::string_view name) = 0;
  /// Bytes that may still be written; nothing where that cannot be told.
  virtual std::optional<std::uint64_t> room() { return std::nullopt; }
  /// Clears away what uploads have left behind that were cut off (kill -9, power) and began before \p before.
  /// \returns how many
  virtual std::size_t sweep(Instant before) = 0;
};

/// What "s3://…" does not say.
struct S3Options {
  enum class Addressing : std::uint8_t {
    automatic,  ///< AWS: the bucket in the host name unless it has a dot; an endpoint of your own: in the path
    path,
    host,
  };

  std::string endpoint = {};  ///< "https://minio.example.org:9000"; empty: that of AWS for the region
  std::string region = {};    ///< empty: of the environment or profile, else us-east-1
  Addressing addressing = Addressing::automatic;
  std::filesystem::path ca_file = {};  ///< PEM, believed besides the system's authorities

  /// As ~/.aws/credentials is written; only its owner may read it. Empty: archive/s3_credentials.hpp says where they
  /// are looked for.
  std::filesystem::path credentials_file = {};
  std::string profile = {};  ///< of that file; empty: AWS_PROFILE, else "default"

  std::string storage_class = {};  ///< "STANDARD_IA"; empty: the bucket's own
  std::string encryption = {};     ///< by the server: "AES256", "aws:kms"; empty: as the bucket has it
  std::string kms_key = {};        ///< with "aws:kms"; empty: the account's own
  std::string lock_mode = {};      ///< of Object Lock: "GOVERNANCE", "COMPLIANCE"; empty: nothing is asked for
  std::chrono::seconds lock_for{0};

  std::chrono::milliseconds request_timeout{120'000};  ///< of one part
  unsigned attempts = 8;                               ///< of each request, with growing waits between
  /// Memory of one upload or download, about: what is sent or asked for at once. Grows where 10,000 parts of it would
  /// not hold TargetOptions::expected_bytes.
  std::size_t part_bytes = std::size_t{8} << 20;

  /// Waits between two attempts; empty: by the wall clock, ended by the stop token.
  std::function<void(std::chrono::milliseconds)> pause = {};
};

struct TargetOptions {
  std::uint64_t expected_bytes = 0;  ///< the largest object will hardly be larger; 0: not known
  std::stop_token stop = {};         ///< ends waits and requests with Error interrupted
  const Clock* clock = nullptr;      ///< outlives the target; null: the system's
  S3Options s3 = {};
};

/// \param url  "file:///srv/backup" (the folder must be there), "s3://bucket/prefix". Nothing is asked of a server yet.
/// \throws Error usage      not such a URL
/// \throws Error not_found  the folder does not exist
/// \throws Error denied     it belongs to somebody else, or there are no credentials
/// \throws Error config     an option that makes no sense
std::unique_ptr<Target> open_target(std::string_view url, const TargetOptions& options = {});

}  // namespace visitor::archive
