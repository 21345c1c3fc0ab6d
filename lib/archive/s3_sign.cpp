#include "archive/s3_sign.hpp"

#include <date/date.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "archive/s3_digest.hpp"
#include "core/hmac.hpp"
#include "core/text.hpp"

namespace visitor::archive {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

/// Without blanks at both ends, runs of blanks as one.
std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : trim(text)) {
    const bool blank = c == ' ' || c == '\t';
    if (!blank || out.back() != ' ') out += blank ? ' ' : c;
  }
  return out;
}

/// By name in lower case; values of one name in their order, with commas between.
std::map<std::string, std::string> canonical_headers(const RequestToSign& request) {
  std::map<std::string, std::string> out;
  for (const auto& header : request.headers) {
    const auto [entry, first] = out.try_emplace(lower(header.name));
    if (!first) entry->second += ',';
    entry->second += squeezed(header.value);
  }
  return out;
}

std::string scope(const SigV4Key& key, Instant at) {
  constexpr std::size_t kDay = 8;
  return fmt::format("{}/{}/{}/aws4_request", amz_date(at).substr(0, kDay), key.region, key.service);
}

Secret derived(const Secret& key, std::string_view text) {
  return Secret{std::span<const std::byte>{hmac_sha256(key, text)}};
}

}  // namespace

std::string amz_date(Instant at) {
  const auto day = date::floor<date::days>(at);
  const date::year_month_day ymd{day};
  const date::hh_mm_ss time{date::floor<std::chrono::seconds>(at - day)};
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(ymd.year()),
                     static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

std::string uri_encoded(std::string_view text, bool keep_slash) {
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c) || (keep_slash && c == '/'))
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string canonical_query(const QueryParameters& query) {
  QueryParameters encoded;
  for (const auto& [name, value] : query) encoded.emplace_back(uri_encoded(name, false), uri_encoded(value, false));
  std::ranges::sort(encoded);
  std::string out;
  for (const auto& [name, value] : encoded) out += fmt::format("{}{}={}", out.empty() ? "" : "&", name, value);
  return out;
}

std::string signed_headers(const RequestToSign& request) {
  std::string out;
  for (const auto& [name, value] : canonical_headers(request)) out += (out.empty() ? "" : ";") + name;
  return out;
}

std::string canonical_request(const RequestToSign& request) {
  auto out = fmt::format("{}\n{}\n{}\n", request.method, request.path, canonical_query(request.query));
  for (const auto& [name, value] : canonical_headers(request)) out += fmt::format("{}:{}\n", name, value);
  return out + fmt::format("\n{}\n{}", signed_headers(request), request.payload_hash);
}

std::string string_to_sign(const SigV4Key& key, const RequestToSign& request) {
  return fmt::format("{}\n{}\n{}\n{}", kAlgorithm, amz_date(request.at), scope(key, request.at),
                     sha256_hex(canonical_request(request)));
}

std::string authorization(const SigV4Key& key, const RequestToSign& request) {
  constexpr std::size_t kDay = 8;
  constexpr std::string_view kPrefix = "AWS4";
  Secret signing{std::string{kPrefix}.append(key.secret.reveal())};
  signing = derived(signing, amz_date(request.at).substr(0, kDay));
  signing = derived(signing, key.region);
  signing = derived(signing, key.service);
  signing = derived(signing, "aws4_request");
  return fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm, key.access_key,
                     scope(key, request.at), signed_headers(request),
                     to_hex(hmac_sha256(signing, string_to_sign(key, request))));
}

}  // namespace visitor::archive
