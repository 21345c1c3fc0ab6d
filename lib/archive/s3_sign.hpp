#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/instant.hpp"
#include "core/secret.hpp"
#include "net/http.hpp"

/// AWS Signature Version 4, in the Authorization header, as S3 has it: the path is encoded once and not normalised.
/// Source: "Authenticating Requests: Using the Authorization Header" of the Amazon S3 API reference; the tests replay
/// its examples and AWS's test suite.
namespace visitor::archive {

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

/// Who signs, and for what.
struct SigV4Key {
  std::string access_key;  ///< its public name: "AKIAIOSFODNN7EXAMPLE"
  Secret secret;
  std::string region;
  std::string service = "s3";
};

struct RequestToSign {
  std::string method;
  std::string path = "/";                  ///< as it goes over the wire: encoded
  QueryParameters query = {};              ///< not encoded, in any order
  std::vector<net::HttpHeader> headers{};  ///< all that are to be signed; Host and x-amz-date among them
  std::string payload_hash;                ///< hexadecimal SHA-256 of the body
  Instant at;                              ///< what x-amz-date says
};

/// "20130524T000000Z".
std::string amz_date(Instant at);

/// \p text with all but letters, digits, '-', '.', '_', '~' as %XX; '/' stays where \p keep_slash.
std::string uri_encoded(std::string_view text, bool keep_slash);

/// The query in the order and spelling in which it is signed, and sent.
std::string canonical_query(const QueryParameters& query);

/// The names of the signed headers, as "host;x-amz-date".
std::string signed_headers(const RequestToSign& request);
std::string canonical_request(const RequestToSign& request);
std::string string_to_sign(const SigV4Key& key, const RequestToSign& request);
/// The value of the Authorization header.
std::string authorization(const SigV4Key& key, const RequestToSign& request);

}  // namespace visitor::archive
