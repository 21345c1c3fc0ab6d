#include "archive/contents.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "archive/compression.hpp"
#include "archive/dump.hpp"
#include "archive/sealing.hpp"
#include "core/error.hpp"

namespace visitor::archive {
namespace {

constexpr std::size_t kMostManifest = std::size_t{4} << 20;
constexpr std::size_t kMostNamed = 5;
constexpr auto kHint = "Use another copy, or another backup.";

std::string object_name(const std::string& id, std::string_view part) {
  return fmt::format("{}/{}", id, part);
}

/// An object, counted and hashed while it is read.
class Fetched final : public Source {
 public:
  Fetched(Target& target, const Manifest& manifest)
      : name_(object_name(manifest.id, kDataName)), part_(manifest.data()), download_(target.get(name_)) {}

  std::size_t read(std::span<std::byte> to) override {
    const auto got = download_->read(to);
    digest_.add(to.first(got));
    size_ += got;
    return got;
  }
  std::uint64_t size() const { return size_; }
  /// At the end.
  void require_match() {
    if (size_ != part_.size)
      throw Error(Errc::integrity, fmt::format("{} has {} bytes instead of {}", name_, size_, part_.size), kHint);
    if (digest_.finish() != part_.blake2b)
      throw Error(Errc::integrity, fmt::format("{} is damaged: its bytes are not those that were written", name_),
                  kHint);
  }

 private:
  std::string name_;
  const Manifest::Part& part_;
  std::unique_ptr<Download> download_;
  Digest digest_;
  std::uint64_t size_ = 0;
};

Secret open_for(const Manifest& manifest, const PrivateKey& key, std::vector<std::byte> Manifest::Recipient::*sealed) {
  for (const auto& recipient : manifest.recipients) {
    if (recipient.public_key != key.public_key().text()) continue;
    if (auto secret = key.open(recipient.*sealed)) return *secret;
    throw Error(Errc::integrity, fmt::format("the sealed key of backup {} is damaged", manifest.id), kHint);
  }
  std::vector<std::string> who;
  for (const auto& recipient : manifest.recipients) who.push_back(recipient.public_key);
  throw Error(Errc::denied, fmt::format("the key '{}' cannot read backup {}", key.name(), manifest.id),
              fmt::format("It was made for {}.", fmt::join(who, " and ")));
}

/// The objects of one backup.
struct Objects {
  std::optional<ObjectInfo> manifest;
  std::optional<ObjectInfo> data;
};

/// By id, newest first.
std::map<std::string, Objects, std::greater<>> objects_of(Target& target) {
  std::map<std::string, Objects, std::greater<>> found;
  for (auto& object : target.list("")) {
    const auto slash = object.name.find('/');
    auto id = object.name.substr(0, slash);
    if (slash == std::string::npos || !is_backup_id(id)) continue;
    const auto part = object.name.substr(slash + 1);
    if (part == kManifestName)
      found[id].manifest = std::move(object);
    else if (part == kDataName)
      found[id].data = std::move(object);
  }
  return found;
}

}  // namespace

std::vector<Stored> list_backups(Target& target) {
  std::vector<Stored> all;
  for (const auto& [id, objects] : objects_of(target)) {
    Stored stored;
    stored.id = id;
    stored.target = target.address();
    for (const auto& object : {objects.manifest, objects.data}) {
      if (!object) continue;
      stored.bytes += object->size;
      stored.modified = std::max(stored.modified, object->modified);
    }
    if (!objects.manifest) {
      stored.problem = "it has no manifest: a run that is going on, or was cut off";
      all.push_back(std::move(stored));
      continue;
    }
    try {
      stored.manifest = fetch_manifest(target, id);
      const auto wanted = stored.manifest->data().size;
      if (!objects.data)
        stored.problem = "its data are gone";
      else if (objects.data->size != wanted)
        stored.problem = fmt::format("its data have {} bytes instead of {}", objects.data->size, wanted);
    } catch (const Error& error) {
      if (error.code() != Errc::integrity && error.code() != Errc::config && error.code() != Errc::not_found) throw;
      stored.problem = error.message();
    }
    stored.state = stored.problem.empty() ? Stored::State::whole : Stored::State::damaged;
    all.push_back(std::move(stored));
  }
  return all;
}

std::size_t clear_incomplete(Target& target, Instant before) {
  std::size_t cleared = 0;
  for (const auto& [id, objects] : objects_of(target)) {
    if (objects.manifest || objects.data->modified >= before) continue;
    target.remove(objects.data->name);
    ++cleared;
  }
  return cleared;
}

Manifest fetch_manifest(Target& target, const std::string& id) {
  const auto name = object_name(id, kManifestName);
  const auto download = target.get(name);
  std::string text;
  std::vector<std::byte> buffer(std::size_t{64} << 10);
  while (const auto got = download->read(buffer)) {
    text.append(reinterpret_cast<const char*>(buffer.data()), got);
    if (text.size() > kMostManifest) throw Error(Errc::integrity, fmt::format("{} is no manifest", name), kHint);
  }
  auto manifest = read_manifest(text);
  if (manifest.id != id)
    throw Error(Errc::integrity, fmt::format("the manifest of {} belongs to backup {}", id, manifest.id), kHint);
  return manifest;
}

Secret open_data_key(const Manifest& manifest, const PrivateKey& key) {
  return open_for(manifest, key, &Manifest::Recipient::data_key);
}

Secret open_master_key(const Manifest& manifest, const PrivateKey& key) {
  return open_for(manifest, key, &Manifest::Recipient::master_key);
}

struct DumpOfBackup::Chain {
  Chain(Target& target, const Manifest& of, const PrivateKey& key)
      : manifest(of),
        fetched(target, manifest),
        opening(open_data_key(manifest, key), object_name(manifest.id, kDataName), fetched),
        decompressing(opening) {}

  Manifest manifest;
  Fetched fetched;
  OpeningSource opening;
  DecompressingSource decompressing;
  std::uint64_t size = 0;
  bool ended = false;
};

DumpOfBackup::DumpOfBackup(Target& target, const Manifest& manifest, const PrivateKey& key)
    : chain_(std::make_unique<Chain>(target, manifest, key)) {}

DumpOfBackup::~DumpOfBackup() = default;

std::size_t DumpOfBackup::read(std::span<std::byte> to) {
  if (chain_->ended) return 0;
  const auto got = chain_->decompressing.read(to);
  chain_->size += got;
  if (got != 0 || to.empty()) return got;
  chain_->ended = true;
  chain_->fetched.require_match();
  const auto& part = chain_->manifest.data();
  if (chain_->size != part.clear_size)
    throw Error(Errc::integrity,
                fmt::format("the dump in backup {} has {} bytes instead of {}", chain_->manifest.id, chain_->size,
                            part.clear_size),
                kHint);
  return 0;
}

void check_bytes(Target& target, const Manifest& manifest, const std::function<void(std::uint64_t)>& seen) {
  Fetched fetched{target, manifest};
  pump(fetched, [&](std::span<const std::byte>) {
    if (seen) seen(fetched.size());
  });
  fetched.require_match();
}

void check_contents(Target& target, const Manifest& manifest, const PrivateKey& key,
                    const std::function<void(std::uint64_t)>& seen) {
  DumpOfBackup dump{target, manifest, key};
  DumpReader reader;
  std::uint64_t total = 0;
  pump(dump, [&](std::span<const std::byte> bytes) {
    reader.add(bytes);
    total += bytes.size();
    if (seen) seen(total);
  });
  auto lines = differences(manifest.tables, reader.finish());
  if (lines.empty()) return;
  if (lines.size() > kMostNamed) {
    const auto more = lines.size() - kMostNamed;
    lines.resize(kMostNamed);
    lines.push_back(fmt::format("and {} more", more));
  }
  throw Error(Errc::integrity,
              fmt::format("backup {} is not what its manifest says: {}", manifest.id, fmt::join(lines, "; ")), kHint);
}

}  // namespace visitor::archive
