#include "archive/s3_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstring>
#include <mutex>

#include "archive/s3_digest.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "core/vault.hpp"
#include "net/http_date.hpp"
#include "net/url.hpp"

namespace visitor::archive {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kLongestSaid = 200;

/// Where the bucket is asked for.
struct Place {
  std::string origin;
  std::string path;
};

Place place_of(const std::string& bucket, const S3Options& options, const std::string& region) {
  using Addressing = S3Options::Addressing;
  const bool aws = options.endpoint.empty();
  const auto endpoint = aws ? fmt::format("https://s3.{}.amazonaws.com", region) : options.endpoint;
  const auto url = net::parse_url(endpoint);
  if (url.target != "/")
    throw Error(Errc::config, fmt::format("the endpoint {} of an S3 target has a path", json_quote(endpoint)),
                "Write scheme, host and port only.");
  const bool in_host = options.addressing == Addressing::host ||
                       (options.addressing == Addressing::automatic && aws && bucket.find('.') == std::string::npos);
  const auto scheme = url.tls ? "https" : "http";
  if (in_host) return {fmt::format("{}://{}.{}", scheme, bucket, url.authority()), "/"};
  return {fmt::format("{}://{}", scheme, url.authority()), fmt::format("/{}/", bucket)};
}

net::HttpOptions http_options(const S3Options& options) {
  constexpr std::size_t kLargestAnswer = std::size_t{8} << 20;
  net::HttpOptions out;
  out.request_timeout = options.request_timeout;
  out.max_body_bytes = std::max(options.part_bytes, kLargestAnswer);
  out.idle_life = milliseconds{20'000};
  out.trust.ca_file = options.ca_file.string();
  return out;
}

void check(const S3Options& options) {
  const auto refuse = [](std::string message, std::string hint = "") {
    throw Error(Errc::config, std::move(message), std::move(hint));
  };
  const auto plain = [](std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
  };
  if (!plain(options.storage_class) || !plain(options.kms_key))
    refuse("the storage class and the KMS key of an S3 target are words");
  if (!options.encryption.empty() && options.encryption != "AES256" && options.encryption != "aws:kms")
    refuse(fmt::format("an S3 server does not know the encryption {}", json_quote(options.encryption)),
           "Write AES256 or aws:kms.");
  if (!options.kms_key.empty() && options.encryption != "aws:kms")
    refuse("the KMS key of an S3 target is of use with the encryption aws:kms only");
  if (!options.lock_mode.empty() && options.lock_mode != "GOVERNANCE" && options.lock_mode != "COMPLIANCE")
    refuse(fmt::format("Object Lock has no mode {}", json_quote(options.lock_mode)), "Write GOVERNANCE or COMPLIANCE.");
  if (options.lock_mode.empty() != (options.lock_for.count() <= 0))
    refuse("Object Lock needs both a mode and for how long to lock");
}

bool is_passing(const S3Refusal& refusal) {
  constexpr std::array<int, 7> kStatuses{408, 425, 429, 500, 502, 503, 504};
  constexpr std::array<std::string_view, 7> kCodes{"RequestTimeout",
                                                   "SlowDown",
                                                   "InternalError",
                                                   "OperationAborted",
                                                   "IncompleteBody",
                                                   "ServiceUnavailable",
                                                   "ConditionalRequestConflict"};
  return std::ranges::find(kStatuses, refusal.status) != kStatuses.end() ||
         std::ranges::find(kCodes, refusal.said.code) != kCodes.end();
}

/// The server has computed another checksum than was announced.
bool is_changed(const S3Refusal& refusal) {
  return refusal.said.code == "BadDigest" || refusal.said.code == "XAmzContentSHA256Mismatch";
}

bool is_passing(net::NetFailure failure) {
  using net::NetFailure;
  return failure != NetFailure::tls_handshake && failure != NetFailure::certificate_changed &&
         failure != NetFailure::too_large && failure != NetFailure::interrupted;
}

milliseconds retry_after(const net::HttpResponse& response) {
  constexpr long long kMostSeconds = 60;
  const auto seconds = to_integer(response.header("Retry-After").value_or(""));
  return std::chrono::seconds{seconds ? std::clamp(*seconds, 0LL, kMostSeconds) : 0};
}

std::string said(const S3Refusal& refusal) {
  const auto code = refusal.said.code.empty() ? std::string{} : " " + refusal.said.code;
  const auto text = refusal.said.message.empty() ? std::string{} : ": " + refusal.said.message;
  return shortened(printable(fmt::format("{}{}{}", refusal.status, code, text)), kLongestSaid);
}

/// Of an ISO time, or of a Date header (RFC 9110 section 5.6.7).
std::optional<Instant> server_time(const S3Refusal& refusal) {
  if (const auto said = read_time(refusal.said.server_time)) return said;
  return net::read_http_date(refusal.answered_at);
}

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  const auto bytes = random_bytes(sizeof seed);
  std::memcpy(&seed, bytes.data(), sizeof seed);
  return seed;
}

}  // namespace

S3Client::S3Client(std::string bucket, const TargetOptions& options, S3Credentials credentials)
    : bucket_(std::move(bucket)),
      options_(options.s3),
      stop_(options.stop),
      clock_(options.clock),
      key_{credentials.access_key, credentials.secret, credentials.region},
      token_(std::move(credentials.token)),
      source_(std::move(credentials.source)),
      http_(http_options(options.s3)),
      seed_(random_seed()) {
  static const SystemClock system;
  if (clock_ == nullptr) clock_ = &system;
  check(options_);
  auto place = place_of(bucket_, options_, key_.region);
  origin_ = std::move(place.origin);
  path_ = std::move(place.path);
  host_ = net::parse_url(origin_).authority();
}

std::string S3Client::name(std::string_view key) const {
  return fmt::format("s3://{}{}{}", bucket_, key.empty() ? "" : "/", key);
}

void S3Client::prepare(const S3Request& request, const std::string& payload_hash, net::HttpRequest& sent) const {
  const auto at = now();
  RequestToSign to_sign{
      request.method, path_ + uri_encoded(request.key, true), request.query, request.headers, payload_hash, at};
  to_sign.headers.push_back({"Host", host_});
  to_sign.headers.push_back({"x-amz-date", amz_date(at)});
  to_sign.headers.push_back({"x-amz-content-sha256", payload_hash});
  if (!sent.body.empty() || request.method == "PUT")
    to_sign.headers.push_back({"Content-Type", "application/octet-stream"});
  if (!token_.empty()) to_sign.headers.push_back({"x-amz-security-token", std::string{token_.reveal()}});
  const auto query = canonical_query(request.query);
  sent.method = request.method;
  sent.url = origin_ + to_sign.path + (query.empty() ? "" : "?" + query);
  sent.headers = to_sign.headers;
  sent.headers.push_back({"Authorization", authorization(key_, to_sign)});
}

std::variant<net::HttpResponse, S3Refusal, S3Client::Again> S3Client::attempt(const S3Request& request,
                                                                              net::HttpRequest& sent) {
  auto result = http_.send(sent, stop_);
  if (const auto* failure = std::get_if<net::HttpFailure>(&result)) {
    if (failure->kind == net::NetFailure::interrupted) throw Error(Errc::interrupted, failure->message);
    if (!is_passing(failure->kind))
      throw Error(Errc::failed, fmt::format("{}: {}", name(request.key), failure->message));
    return Again{failure->message, true};
  }
  auto& response = std::get<net::HttpResponse>(result);
  const bool good = response.status >= 200 && response.status < 300;
  // An upload may be completed with 200 and fail all the same: the status went out to keep the connection alive.
  auto error = !good || request.method == "POST" ? read_error(response.body) : std::nullopt;
  if (good && !error) {
    if (!request.intact || request.intact(response)) return std::move(response);
    return Again{"the server has other bytes than were sent", false, true};
  }
  S3Refusal refusal{response.status, std::move(error).value_or(S3Message{}),
                    std::string{response.header("Date").value_or("")}};
  if (refusal.said.region.empty()) refusal.said.region = response.header("x-amz-bucket-region").value_or("");
  if (is_changed(refusal)) return Again{said(refusal), false, true};
  if (is_passing(refusal)) return Again{said(refusal), response.status >= 500, false, retry_after(response)};
  return refusal;
}

S3Answer S3Client::repeat(S3Request& request, net::HttpRequest& sent) {
  net::Backoff backoff{{.first = milliseconds{500}, .most = milliseconds{20'000}}, seed_++};
  const auto attempts = std::max(request.attempts != 0 ? request.attempts : options_.attempts, 1U);
  const auto hash = sha256_hex(sent.body);
  for (unsigned count = 1;; ++count) {
    prepare(request, hash, sent);
    auto result = attempt(request, sent);
    if (auto* response = std::get_if<net::HttpResponse>(&result)) return std::move(*response);
    if (auto* refusal = std::get_if<S3Refusal>(&result)) return std::move(*refusal);
    const auto& again = std::get<Again>(result);
    if (count == attempts) {
      throw Error(again.changed ? Errc::integrity : Errc::failed,
                  fmt::format("{}: {} ({} attempt{})", name(request.key), again.why, count, count == 1 ? "" : "s"),
                  again.changed ? "Something between here and the server changes bytes; check its hardware and proxies."
                                : "Try again later, or look at the server.");
    }
    wait(std::max(backoff.next(), again.wait));
    if (again.in_doubt && request.arrived && request.arrived()) return S3Arrived{};
  }
}

S3Answer S3Client::exchange(S3Request& request) {
  net::HttpRequest sent;
  sent.repeatable = true;
  sent.body = std::move(request.body);  // lent: a part is large
  auto give_back = [&] { request.body = std::move(sent.body); };
  try {
    auto answer = repeat(request, sent);
    give_back();
    return answer;
  } catch (...) {
    give_back();
    throw;
  }
}

net::HttpResponse S3Client::require(S3Request& request) {
  auto answer = exchange(request);
  if (const auto* refusal = std::get_if<S3Refusal>(&answer)) raise(request, *refusal);
  return std::get<net::HttpResponse>(std::move(answer));
}

void S3Client::wait(milliseconds time) const {
  if (options_.pause) {
    options_.pause(time);
  } else {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock{mutex};
    never.wait_for(lock, stop_, time, [] { return false; });
  }
  if (stop_.stop_requested()) throw Error(Errc::interrupted, fmt::format("waiting for {} was interrupted", name("")));
}

void S3Client::raise_skew(const S3Refusal& refusal) const {
  const auto there = server_time(refusal);
  throw Error(
      Errc::failed,
      fmt::format("{} refuses requests because the clocks differ: it is {} here and {} there", name(""),
                  to_iso(std::chrono::floor<std::chrono::seconds>(now())), there ? to_iso(*there) : "another time"),
      "Set the clock of the machine that is wrong ('timedatectl' shows whether it is synchronised); 15 minutes "
      "are allowed.");
}

void S3Client::raise(const S3Request& request, const S3Refusal& refusal) const {
  const auto& code = refusal.said.code;
  const auto subject = name(request.key);
  if (code == "RequestTimeTooSkewed") raise_skew(refusal);
  if (!refusal.said.region.empty() && refusal.said.region != key_.region)
    throw Error(Errc::config,
                fmt::format("the bucket {} is in the region {}, not {}", bucket_,
                            shortened(printable(refusal.said.region), 40), key_.region),
                "Set the region of the target to that of the bucket.");
  if (code == "NoSuchBucket")
    throw Error(Errc::not_found, fmt::format("there is no bucket {} at {}", bucket_, host_),
                "Create it, or correct the name, the region or the endpoint.");
  if (code == "InvalidAccessKeyId")
    throw Error(Errc::denied, fmt::format("{} does not know the access key from {}", host_, source_),
                "Check which credentials are found there, and whether the key was deleted.");
  if (code == "SignatureDoesNotMatch")
    throw Error(Errc::denied, fmt::format("{} refuses the signature made with the key from {}", host_, source_),
                "The secret key is wrong, or a proxy changes requests on their way.");
  if (refusal.status == 401 || refusal.status == 403)
    throw Error(Errc::denied, fmt::format("{} denies {} of {}: {}", host_, request.method, subject, said(refusal)),
                "Give the key from the target's credentials the right to it.");
  if (refusal.status == 404)
    throw Error(Errc::not_found, fmt::format("{} does not exist ({})", subject, said(refusal)));
  throw Error(Errc::failed, fmt::format("{} refuses {} of {}: {}", host_, request.method, subject, said(refusal)));
}

void S3Client::raise_malformed(const S3Request& request) const {
  throw Error(Errc::failed,
              fmt::format("the answer of {} to {} of {} is not what S3 says", host_, request.method, name(request.key)),
              "Check that the endpoint is one of S3 and not a web page.");
}

}  // namespace visitor::archive
