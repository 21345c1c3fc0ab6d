#include "archive/wal_segment.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <memory>

#include "archive/compression.hpp"
#include "archive/json_fields.hpp"
#include "archive/measured.hpp"
#include "archive/sealing.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"

namespace visitor::archive {
namespace {

namespace json = boost::json;

constexpr std::string_view kFormat = "visitor-wal/1";
constexpr std::size_t kNameDigits = 24, kTimelineDigits = 8;
constexpr std::size_t kMostHead = std::size_t{64} << 10;
constexpr std::size_t kPiece = std::size_t{256} << 10;
constexpr auto kHint = "Choose an earlier moment, or restore a dump.";

/// How the stream is bound to its place.
std::string context_of(const WalHead& head) {
  return wal_object(head.system, head.segment);
}

/// An object whose first line is taken off.
class Stored final : public Source {
 public:
  Stored(Target& target, std::string name) : name_(std::move(name)), download_(target.get(name_)) {}

  std::string head() {
    std::string line;
    std::array<std::byte, 4096> buffer{};
    while (const auto got = download_->read(buffer)) {
      const std::string_view piece{reinterpret_cast<const char*>(buffer.data()), got};
      const auto end = piece.find('\n');
      line += piece.substr(0, end == piece.npos ? end : end + 1);
      if (line.size() > kMostHead) break;
      if (end == piece.npos) continue;
      const auto rest = std::span{buffer}.subspan(end + 1, got - end - 1);
      rest_.assign(rest.begin(), rest.end());
      return line;
    }
    throw Error(Errc::integrity, fmt::format("{} is damaged: it has no head", name_), kHint);
  }

  std::size_t read(std::span<std::byte> to) override {
    if (rest_.empty()) return download_->read(to);
    const auto count = std::min(to.size(), rest_.size());
    std::copy_n(rest_.begin(), count, to.begin());
    rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
  }

 private:
  std::string name_;
  std::unique_ptr<Download> download_;
  std::vector<std::byte> rest_;
};

struct Parsed {
  WalHead head;
  std::vector<std::pair<std::string, std::vector<std::byte>>> keys;  ///< sealed, by recipient
};

Parsed parse_head(std::string_view line, const std::string& system, const std::string& segment) {
  const auto what = "the head of WAL segment " + segment;
  const auto value = read_signed_json(line, what);
  const JsonFields in{value, what};
  if (const auto format = in.text("format"); format != kFormat)
    throw Error(Errc::config, fmt::format("{} is of format '{}', which is newer than this program", what, format),
                "Install the version of visitor that archived it.");
  Parsed parsed;
  parsed.head = {in.text("system"), in.text("segment"), from_micros(in.number("reaches_us")), in.text("signer")};
  if (parsed.head.system != system || parsed.head.segment != segment)
    in.wrong(fmt::format("belongs to {}", context_of(parsed.head)));
  for (const auto& one : in.list("recipients")) parsed.keys.emplace_back(one.text("public_key"), one.bytes("data_key"));
  return parsed;
}

Secret data_key_of(const Parsed& parsed, const PrivateKey& key) {
  const auto mine = std::ranges::find(parsed.keys, key.public_key().text(), [](const auto& one) { return one.first; });
  if (mine == parsed.keys.end())
    throw Error(Errc::denied, fmt::format("the key '{}' cannot read WAL segment {}", key.name(), parsed.head.segment),
                "Use a key that was among [backup] recipients when it was written.");
  if (auto secret = key.open(mine->second)) return *secret;
  throw Error(Errc::integrity, fmt::format("the sealed key of WAL segment {} is damaged", parsed.head.segment), kHint);
}

}  // namespace

bool is_wal_segment(std::string_view name) {
  return name.size() == kNameDigits &&
         std::ranges::all_of(name, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); });
}

bool is_wal_system(std::string_view text) {
  constexpr std::size_t kMostDigits = 20;
  return !text.empty() && text.size() <= kMostDigits &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_wal_segment_size(std::uint64_t bytes) {
  return std::has_single_bit(bytes) && bytes >= (std::uint64_t{1} << 20) && bytes <= (std::uint64_t{1} << 30);
}

std::string next_wal_segment(const std::string& name, std::uint64_t segment_bytes) {
  const auto log = std::stoull(name.substr(kTimelineDigits, 8), nullptr, 16);
  const auto low = std::stoull(name.substr(kTimelineDigits + 8), nullptr, 16);
  const auto per_log = (std::uint64_t{1} << 32) / segment_bytes;
  const auto next = log * per_log + low + 1;
  return fmt::format("{}{:08X}{:08X}", timeline_of(name), next / per_log, next % per_log);
}

std::string_view timeline_of(std::string_view segment) {
  return segment.substr(0, kTimelineDigits);
}

std::string wal_object(const std::string& system, std::string_view segment) {
  return fmt::format("wal/{}/{}", system, segment);
}

void archive_segment(Target& target, const WalHead& head, const std::filesystem::path& file, const WalSeal& seal) {
  const Fd fd{open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (!fd) throw Error(Errc::failed, fmt::format("cannot read {}: {}", file.string(), errno_text(errno)));
  const auto key = make_data_key();
  json::array recipients;
  for (const auto& recipient : seal.recipients)
    recipients.push_back(json::object{{"public_key", recipient.text()}, {"data_key", to_hex(recipient.seal(key))}});
  const auto line = sign_json(json::object{{"format", kFormat},
                                           {"system", head.system},
                                           {"segment", head.segment},
                                           {"reaches_us", micros(head.reaches)},
                                           {"recipients", std::move(recipients)}},
                              *seal.signer);
  const auto upload = target.put(wal_object(head.system, head.segment));
  UploadSink out{*upload};
  out.write(std::as_bytes(std::span{line}));
  SealingSink sealing{key, context_of(head), out};
  CompressingSink compressing{sealing};
  std::vector<std::byte> buffer(kPiece);
  for (;;) {
    const auto got = ::read(fd.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(Errc::failed, fmt::format("cannot read {}: {}", file.string(), errno_text(errno)));
    if (got == 0) break;
    compressing.write(std::span{buffer}.first(static_cast<std::size_t>(got)));
  }
  compressing.finish();
}

WalHead read_wal_head(Target& target, const std::string& system, const std::string& segment) {
  return parse_head(Stored{target, wal_object(system, segment)}.head(), system, segment).head;
}

WalHead open_segment(Target& target, const std::string& system, const std::string& segment, std::uint64_t segment_bytes,
                     const std::string& signer, const PrivateKey& key, Sink& out) {
  const auto name = wal_object(system, segment);
  Stored stored{target, name};
  auto parsed = parse_head(stored.head(), system, segment);
  if (parsed.head.signer != signer)
    throw Error(Errc::integrity,
                fmt::format("WAL segment {} was signed by another installation than the base backup", segment), kHint);
  const auto damaged = [&](const std::string& how) {
    return Error(Errc::integrity, fmt::format("WAL segment {} is damaged: {}", segment, how), kHint);
  };
  std::uint64_t size = 0;
  try {
    OpeningSource opening{data_key_of(parsed, key), name, stored};
    DecompressingSource decompressing{opening};
    std::vector<std::byte> buffer(kPiece);
    while (const auto got = decompressing.read(buffer)) {
      size += got;
      if (size > segment_bytes) break;
      out.write(std::span{buffer}.first(got));
    }
  } catch (const Error& error) {
    if (error.code() != Errc::integrity) throw;
    throw damaged(error.message());
  }
  if (size != segment_bytes) throw damaged(fmt::format("it has another length than {} bytes", segment_bytes));
  out.finish();
  return parsed.head;
}

}  // namespace visitor::archive
