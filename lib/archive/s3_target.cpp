#include "archive/s3_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "archive/object_name.hpp"
#include "archive/s3_client.hpp"
#include "archive/s3_digest.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::archive {
namespace {

constexpr unsigned kMostParts = 10'000;
constexpr std::size_t kMiB = std::size_t{1} << 20;

std::string unquoted(std::string_view etag) {
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') etag = etag.substr(1, etag.size() - 2);
  return lower(etag);
}

/// Whether an entity tag says that these bytes arrived. One that is no MD5 (encrypted with KMS, other servers) says
/// nothing; the signed SHA-256 has to do then.
bool agrees(const net::HttpResponse& response, const std::vector<std::string>& expected) {
  const auto etag = unquoted(response.header("ETag").value_or(""));
  const bool md5_of_other_bytes = response.header("x-amz-server-side-encryption").value_or("").starts_with("aws:kms");
  const bool is_md5 = from_hex(etag.substr(0, etag.find('-'))).value_or(std::vector<std::byte>{}).size() == sizeof(Md5);
  return md5_of_other_bytes || !is_md5 || std::ranges::find(expected, etag) != expected.end();
}

std::uint64_t content_length(const net::HttpResponse& response) {
  const auto length = to_integer(response.header("Content-Length").value_or(""));
  return length && *length >= 0 ? static_cast<std::uint64_t>(*length) : UINT64_MAX;
}

class S3Upload final : public Upload {
 public:
  S3Upload(S3Client& client, const S3Options& options, std::string key, std::size_t part_bytes)
      : client_(client), options_(options), key_(std::move(key)), part_bytes_(part_bytes) {}
  ~S3Upload() override { abort(); }

  void write(std::span<const std::byte> bytes) override {
    guarded([&] {
      while (!bytes.empty()) {
        if (buffer_.size() == part_bytes_) send_part();
        const auto count = std::min(bytes.size(), part_bytes_ - buffer_.size());
        grow(count);
        buffer_.append(reinterpret_cast<const char*>(bytes.data()), count);
        bytes = bytes.subspan(count);
        size_ += count;
      }
    });
  }

  void commit() override {
    guarded([&] {
      if (id_.empty()) {
        put_whole();
      } else {
        send_part();
        complete();
      }
      confirm();
    });
    over_ = true;
  }

 private:
  template <class Work>
  void guarded(const Work& work) {
    if (over_) throw Error(Errc::failed, fmt::format("the upload to {} is over", client_.name(key_)));
    try {
      work();
    } catch (...) {
      abort();
      throw;
    }
  }

  /// By doubling, but never beyond a part.
  void grow(std::size_t count) {
    if (buffer_.size() + count <= buffer_.capacity()) return;
    buffer_.reserve(std::min(part_bytes_, std::max(buffer_.capacity() * 2, buffer_.size() + count)));
  }

  std::vector<net::HttpHeader> object_headers() const {
    std::vector<net::HttpHeader> out;
    if (!options_.storage_class.empty()) out.push_back({"x-amz-storage-class", options_.storage_class});
    if (!options_.encryption.empty()) out.push_back({"x-amz-server-side-encryption", options_.encryption});
    if (!options_.kms_key.empty()) out.push_back({"x-amz-server-side-encryption-aws-kms-key-id", options_.kms_key});
    if (!options_.lock_mode.empty()) {
      const auto until = std::chrono::ceil<std::chrono::seconds>(client_.now()) + options_.lock_for;
      out.push_back({"x-amz-object-lock-mode", options_.lock_mode});
      out.push_back({"x-amz-object-lock-retain-until-date", to_iso(until)});
    }
    return out;
  }

  void put_whole() {
    S3Request request{.method = "PUT", .key = key_, .headers = object_headers(), .body = std::move(buffer_)};
    const auto sum = md5(request.body);
    expected_ = {to_hex(sum)};
    request.headers.push_back({"Content-MD5", base64(sum)});
    request.intact = [&](const net::HttpResponse& response) { return agrees(response, expected_); };
    try {
      client_.require(request);
    } catch (const Error& error) {
      if (error.code() == Errc::integrity) discard();  // the other bytes have the name already
      throw;
    }
  }

  void begin() {
    S3Request request{.method = "POST", .key = key_, .query = {{"uploads", ""}}, .headers = object_headers()};
    auto id = read_upload_id(client_.require(request).body);
    if (!id) client_.raise_malformed(request);
    id_ = std::move(*id);
  }

  void send_part() {
    if (id_.empty()) begin();
    const auto number = static_cast<unsigned>(etags_.size() + 1);
    if (number > kMostParts)
      throw Error(
          Errc::failed,
          fmt::format("{} has more than {} parts of {} MiB", client_.name(key_), kMostParts, part_bytes_ / kMiB),
          "Set a larger part_size for this target.");
    S3Request request{.method = "PUT",
                      .key = key_,
                      .query = {{"partNumber", std::to_string(number)}, {"uploadId", id_}},
                      .body = std::move(buffer_)};
    const auto sum = md5(request.body);
    const auto size = request.body.size();
    const auto expected = to_hex(sum);
    whole_.add(request.body);
    request.headers.push_back({"Content-MD5", base64(sum)});
    request.intact = [&](const net::HttpResponse& response) { return agrees(response, {expected}); };
    std::string listed;
    request.arrived = [&] {
      auto part = find_part(number);
      if (!part || part->size != size || unquoted(part->etag) != expected) return false;
      listed = std::move(part->etag);
      return true;
    };
    const auto answer = client_.exchange(request);
    buffer_ = std::move(request.body);
    buffer_.clear();
    if (const auto* refusal = std::get_if<S3Refusal>(&answer)) client_.raise(request, *refusal);
    const auto* response = std::get_if<net::HttpResponse>(&answer);
    etags_.emplace_back(response != nullptr ? response->header("ETag").value_or("") : std::string_view{listed});
    if (etags_.back().empty()) client_.raise_malformed(request);
    sums_.append(reinterpret_cast<const char*>(sum.data()), sum.size());
  }

  /// What the server has of that part, if it can be asked.
  std::optional<S3Part> find_part(unsigned number) {
    S3Request request{
        .key = key_,
        .query = {{"uploadId", id_}, {"part-number-marker", std::to_string(number - 1)}, {"max-parts", "1"}},
        .attempts = 1};
    try {
      const auto answer = client_.exchange(request);
      const auto* response = std::get_if<net::HttpResponse>(&answer);
      const auto parts = response != nullptr ? read_parts(response->body) : std::nullopt;
      if (!parts) return std::nullopt;
      const auto found = std::ranges::find(*parts, number, &S3Part::number);
      return found == parts->end() ? std::nullopt : std::optional{*found};
    } catch (const Error& error) {
      if (error.code() == Errc::interrupted) throw;
      return std::nullopt;  // then the part is sent again
    }
  }

  void complete() {
    // Some servers tag the whole as if it had come at once.
    expected_ = {fmt::format("{}-{}", to_hex(md5(sums_)), etags_.size()), to_hex(whole_.value())};
    S3Request request{.method = "POST", .key = key_, .query = {{"uploadId", id_}}, .body = completion_body(etags_)};
    const auto answer = client_.exchange(request);
    if (const auto* refusal = std::get_if<S3Refusal>(&answer)) {
      // An earlier attempt whose answer was lost may have completed it; confirm() finds out.
      if (refusal->said.code != "NoSuchUpload") client_.raise(request, *refusal);
    } else if (!read_completed(std::get<net::HttpResponse>(answer).body)) {
      client_.raise_malformed(request);
    }
    id_.clear();
  }

  /// The object is there, with these bytes, and locked if that was asked for.
  void confirm() {
    S3Request request{.method = "HEAD", .key = key_};
    const auto response = client_.require(request);
    if (content_length(response) != size_ || !agrees(response, expected_)) {
      discard();
      throw Error(Errc::integrity,
                  fmt::format("{} is not what was sent: {} bytes went there", client_.name(key_), size_));
    }
    if (!options_.lock_mode.empty() &&
        (!equal_ignoring_case(response.header("x-amz-object-lock-mode").value_or(""), options_.lock_mode) ||
         !response.header("x-amz-object-lock-retain-until-date"))) {
      discard();
      throw Error(Errc::failed, fmt::format("{} was asked for a lock and shows none", client_.name(key_)),
                  "Create the bucket with Object Lock, and allow the key s3:PutObjectRetention and "
                  "s3:GetObjectRetention; or do not ask for a lock.");
    }
  }

  void discard() noexcept {
    try {
      S3Request request{.method = "DELETE", .key = key_};
      client_.exchange(request);
    } catch (...) {  // NOLINT(bugprone-empty-catch): the failure that led here is thrown
    }
  }

  void abort() noexcept {
    over_ = true;
    if (id_.empty()) return;
    try {
      constexpr unsigned kAttempts = 2;
      S3Request request{.method = "DELETE", .key = key_, .query = {{"uploadId", id_}}, .attempts = kAttempts};
      client_.exchange(request);
    } catch (...) {  // NOLINT(bugprone-empty-catch): sweep() aborts what is left
    }
    id_.clear();
  }

  S3Client& client_;
  const S3Options& options_;
  std::string key_;
  std::size_t part_bytes_;
  std::string buffer_;
  std::uint64_t size_ = 0;
  std::string id_;  ///< of the upload in parts; empty: there is none
  std::vector<std::string> etags_;
  std::string sums_;  ///< MD5 of each part, raw
  Md5Sum whole_;
  std::vector<std::string> expected_;  ///< entity tags of the object, any of which will do
  bool over_ = false;
};

class S3Download final : public Download {
 public:
  S3Download(S3Client& client, std::string key, std::uint64_t from, std::size_t range_bytes)
      : client_(client), key_(std::move(key)), next_(from), range_bytes_(range_bytes) {
    fetch();
  }

  std::size_t read(std::span<std::byte> to) override {
    if (to.empty()) return 0;
    if (taken_ == buffer_.size()) {
      if (next_ >= total_) return 0;
      fetch();
    }
    const auto count = std::min(to.size(), buffer_.size() - taken_);
    std::ranges::copy(std::as_bytes(std::span{buffer_}).subspan(taken_, count), to.begin());
    taken_ += count;
    return count;
  }

 private:
  void fetch() {
    buffer_ = {};
    taken_ = 0;
    S3Request request{.key = key_};
    request.headers.push_back({"Range", fmt::format("bytes={}-{}", next_, next_ + range_bytes_ - 1)});
    if (!etag_.empty()) request.headers.push_back({"If-Match", etag_});
    auto answer = client_.exchange(request);
    if (const auto* refusal = std::get_if<S3Refusal>(&answer)) {
      constexpr int kRangeNotSatisfiable = 416;
      constexpr int kPreconditionFailed = 412;
      if (refusal->status == kPreconditionFailed) raise_changed();
      if (refusal->status != kRangeNotSatisfiable || !etag_.empty()) client_.raise(request, *refusal);
      total_ = next_;
      return;
    }
    take(request, std::get<net::HttpResponse>(answer));
  }

  void take(const S3Request& request, net::HttpResponse& response) {
    const std::string etag{response.header("ETag").value_or("")};
    if (!etag_.empty() && etag != etag_) raise_changed();
    etag_ = etag;
    constexpr int kPartialContent = 206;
    if (response.status == kPartialContent) {
      take_range(request, response);
      return;
    }
    // A server without ranges sends all, which fits if the object is small.
    total_ = response.body.size();
    buffer_ = std::move(response.body);
    taken_ = std::min<std::uint64_t>(next_, total_);
    next_ = total_;
  }

  void take_range(const S3Request& request, net::HttpResponse& response) {
    // "bytes 0-9/443"
    const auto range = response.header("Content-Range").value_or("");
    const auto slash = range.find('/');
    const auto total = slash == range.npos ? std::nullopt : to_integer(range.substr(slash + 1));
    if (!total || *total < 0) client_.raise_malformed(request);
    total_ = static_cast<std::uint64_t>(*total);
    const auto expected = std::min<std::uint64_t>(range_bytes_, total_ - std::min(next_, total_));
    if (response.body.size() != expected || expected == 0 || !range.starts_with(fmt::format("bytes {}-", next_)))
      client_.raise_malformed(request);
    next_ += expected;
    buffer_ = std::move(response.body);
  }

  [[noreturn]] void raise_changed() const {
    throw Error(Errc::conflict, fmt::format("{} was replaced while it was read", client_.name(key_)), "Read it again.");
  }

  S3Client& client_;
  std::string key_;
  std::uint64_t next_;
  std::uint64_t total_ = 0;
  std::size_t range_bytes_;
  std::string etag_;
  std::string buffer_;
  std::size_t taken_ = 0;
};

class S3Target final : public Target {
 public:
  S3Target(std::string bucket, std::string prefix, const TargetOptions& options, S3Credentials credentials)
      : options_(options.s3),
        part_bytes_(part_size(options.s3.part_bytes, options.expected_bytes)),
        prefix_(prefix.empty() ? "" : prefix + "/"),
        address_(fmt::format("s3://{}{}{}", bucket, prefix.empty() ? "" : "/", prefix)),
        client_(std::move(bucket), with_part_size(options, part_bytes_), std::move(credentials)) {}

  std::string_view address() const override { return address_; }

  std::unique_ptr<Upload> put(std::string_view name) override {
    return std::make_unique<S3Upload>(client_, options_, key_of(name), part_bytes_);
  }

  std::unique_ptr<Download> get(std::string_view name, std::uint64_t from) override {
    return std::make_unique<S3Download>(client_, key_of(name), from, part_bytes_);
  }

  std::vector<ObjectInfo> list(std::string_view prefix) override {
    std::vector<ObjectInfo> found;
    S3Request request{.query = {{"list-type", "2"}, {"encoding-type", "url"}}};
    if (const auto wanted = prefix_ + std::string{prefix}; !wanted.empty())
      request.query.emplace_back("prefix", wanted);
    const auto plain = request.query;
    for (std::string token;;) {
      auto page = read_object_page(client_.require(request).body);
      if (!page || (!page->next.empty() && page->next == token)) client_.raise_malformed(request);
      for (auto& object : page->objects) {
        if (!object.key.starts_with(prefix_)) client_.raise_malformed(request);
        auto name = object.key.substr(prefix_.size());
        if (name.starts_with(prefix) && is_object_name(name))
          found.push_back({std::move(name), object.size, object.modified});
      }
      check_count(found.size());
      if (page->next.empty()) break;
      token = std::move(page->next);
      request.query = plain;
      request.query.emplace_back("continuation-token", token);
    }
    std::ranges::sort(found, {}, &ObjectInfo::name);
    return found;
  }

  void remove(std::string_view name) override {
    S3Request request{.method = "DELETE", .key = key_of(name)};
    const auto answer = client_.exchange(request);
    const auto* refusal = std::get_if<S3Refusal>(&answer);
    if (refusal != nullptr && refusal->said.code != "NoSuchKey") client_.raise(request, *refusal);
  }

  std::size_t sweep(Instant before) override {
    std::size_t swept = 0;
    for (const auto& upload : unfinished_uploads()) {
      if (upload.begun >= before || !upload.key.starts_with(prefix_)) continue;
      if (!is_object_name(upload.key.substr(prefix_.size()))) continue;
      S3Request request{.method = "DELETE", .key = upload.key, .query = {{"uploadId", upload.id}}};
      const auto answer = client_.exchange(request);
      const auto* refusal = std::get_if<S3Refusal>(&answer);
      if (refusal != nullptr && refusal->said.code != "NoSuchUpload") client_.raise(request, *refusal);
      if (refusal == nullptr) ++swept;
    }
    return swept;
  }

 private:
  static TargetOptions with_part_size(TargetOptions options, std::size_t part_bytes) {
    options.s3.part_bytes = part_bytes;
    return options;
  }

  std::string key_of(std::string_view name) const {
    check_object_name(name);
    return prefix_ + std::string{name};
  }

  void check_count(std::size_t count) const {
    constexpr std::size_t kMost = 1'000'000;
    if (count > kMost)
      throw Error(Errc::failed, fmt::format("{} lists more than {} objects", address_, kMost),
                  "Give the backups a prefix of their own.");
  }

  std::vector<S3UnfinishedUpload> unfinished_uploads() {
    std::vector<S3UnfinishedUpload> found;
    S3Request request{.query = {{"uploads", ""}, {"encoding-type", "url"}}};
    if (!prefix_.empty()) request.query.emplace_back("prefix", prefix_);
    const auto plain = request.query;
    for (std::string last;;) {
      const auto answer = client_.exchange(request);
      if (const auto* refusal = std::get_if<S3Refusal>(&answer)) {
        if (refusal->said.code == "NotImplemented") return {};  // then it has a way of its own, or keeps none
        client_.raise(request, *refusal);
      }
      auto page = read_upload_page(std::get<net::HttpResponse>(answer).body);
      if (!page) client_.raise_malformed(request);
      std::ranges::move(page->uploads, std::back_inserter(found));
      check_count(found.size());
      if (page->next_key.empty()) return found;
      const auto marker = page->next_key + '\n' + page->next_id;
      if (marker == last) client_.raise_malformed(request);
      last = marker;
      request.query = plain;
      request.query.emplace_back("key-marker", page->next_key);
      request.query.emplace_back("upload-id-marker", page->next_id);
    }
  }

  S3Options options_;
  std::size_t part_bytes_;
  std::string prefix_;
  std::string address_;
  S3Client client_;
};

}  // namespace

std::size_t part_size(std::size_t wanted, std::uint64_t expected) {
  constexpr std::size_t kLeast = 5 * kMiB;
  constexpr std::size_t kMost = std::size_t{5} << 30;
  const auto needed = (expected + expected / 2) / kMostParts + 1;
  const auto bytes = std::max<std::uint64_t>({kLeast, wanted, needed});
  const auto rounded = (bytes + kMiB - 1) / kMiB * kMiB;
  if (rounded > kMost)
    throw Error(Errc::config, fmt::format("a part of an S3 upload cannot have {} MiB", rounded / kMiB),
                "Parts have 5 MiB to 5 GiB.");
  return rounded;
}

std::unique_ptr<Target> open_s3_target(std::string bucket, std::string prefix, const TargetOptions& options,
                                       S3Credentials credentials) {
  return std::make_unique<S3Target>(std::move(bucket), std::move(prefix), options, std::move(credentials));
}

}  // namespace visitor::archive
