#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "archive/s3_credentials.hpp"
#include "archive/s3_sign.hpp"
#include "archive/s3_xml.hpp"
#include "archive/target.hpp"
#include "net/backoff.hpp"
#include "net/http.hpp"

namespace visitor::archive {

/// One request to a bucket.
struct S3Request {
  std::string method = "GET";
  std::string key = {};  ///< empty: the bucket itself
  QueryParameters query = {};
  std::vector<net::HttpHeader> headers = {};  ///< besides those that every request has; all are signed
  std::string body = {};

  /// Whether the answer is the one that bytes as sent must bring; otherwise they were changed on their way, and the
  /// request is made again.
  std::function<bool(const net::HttpResponse&)> intact = {};
  /// Asked before a request is repeated that may have arrived although no answer came: whether it has.
  std::function<bool()> arrived = {};
  unsigned attempts = 0;  ///< instead of S3Options::attempts
};

/// A refusal that trying again does not mend.
struct S3Refusal {
  int status = 0;
  S3Message said;
  std::string answered_at;  ///< the answer's Date header
};

/// The request has arrived, though its answer was lost.
struct S3Arrived {};

using S3Answer = std::variant<net::HttpResponse, S3Refusal, S3Arrived>;

/// Speaks to one bucket: signs, tries again with growing waits, and says what is wrong. For one thread at a time.
///
/// Tried again are 5xx, 429, SlowDown, RequestTimeout and other passing refusals, checksums that do not match, and what
/// the network does. Payload hashes are signed always, over plain HTTP and over TLS.
class S3Client {
 public:
  /// \throws Error denied, config  as find_s3_credentials
  /// \throws Error config          an option that makes no sense
  S3Client(std::string bucket, const TargetOptions& options, S3Credentials credentials);

  /// \throws Error failed       no attempt brought an answer
  /// \throws Error integrity    no attempt was intact
  /// \throws Error interrupted  the stop token
  S3Answer exchange(S3Request& request);

  /// As exchange, for what has to succeed.
  /// \throws Error not_found, denied, config, failed  as the server refuses
  net::HttpResponse require(S3Request& request);

  [[noreturn]] void raise(const S3Request& request, const S3Refusal& refusal) const;
  /// The answer to \p request is not what S3 says.
  [[noreturn]] void raise_malformed(const S3Request& request) const;

  Instant now() const { return clock_->now(); }
  /// "s3://bucket/key".
  std::string name(std::string_view key) const;

 private:
  /// Why an attempt has to be repeated.
  struct Again {
    std::string why;
    bool in_doubt = false;  ///< it may have arrived
    bool changed = false;   ///< bytes differ
    std::chrono::milliseconds wait{0};
  };
  std::variant<net::HttpResponse, S3Refusal, Again> attempt(const S3Request& request, net::HttpRequest& sent);
  /// Address and headers, signed for now.
  void prepare(const S3Request& request, const std::string& payload_hash, net::HttpRequest& sent) const;
  S3Answer repeat(S3Request& request, net::HttpRequest& sent);
  void wait(std::chrono::milliseconds time) const;
  [[noreturn]] void raise_skew(const S3Refusal& refusal) const;

  std::string bucket_;
  S3Options options_;
  std::stop_token stop_;
  const Clock* clock_;
  SigV4Key key_;
  Secret token_;
  std::string source_;
  std::string origin_;  ///< "https://bucket.s3.eu-central-1.amazonaws.com"
  std::string path_;    ///< "/", or "/bucket/" where the path names the bucket
  std::string host_;
  net::HttpClient http_;
  std::uint64_t seed_;
};

}  // namespace visitor::archive
