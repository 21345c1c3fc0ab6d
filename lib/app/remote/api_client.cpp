#include "app/remote/api_client.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

#include "app/problems.hpp"
#include "app/remote/api_wire.hpp"
#include "core/error.hpp"
#include "net/url.hpp"

namespace visitor::app {
namespace {

namespace json = boost::json;

constexpr std::string_view kBase = "/api/v1";
constexpr std::size_t kLargestAnswer = std::size_t{64} << 20;
constexpr std::chrono::seconds kPatience{60};
constexpr int kAttempts = 3;

bool is_this_machine(const std::string& host) {
  // 127.example.org is somewhere else.
  const bool address = host.find_first_not_of("0123456789.") == std::string::npos;
  return host == "localhost" || host == "::1" || (address && host.starts_with("127."));
}

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(json::string_view{name.data(), name.size()});
  return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

Errc code_of(int status) {
  switch (status) {
    case 401:
    case 403:
      return Errc::denied;
    case 404:
      return Errc::not_found;
    case 409:
    case 412:
    case 422:
    case 423:
    case 428:
      return Errc::conflict;
    case 503:
      return Errc::database;
    case 405:
    case 429:
      return Errc::failed;
    default:
      return status >= 400 && status < 500 ? Errc::usage : Errc::failed;
  }
}

std::string next_step(const json::object& problem, const net::HttpResponse& response) {
  auto hint = text_of(problem, "hint");
  if (response.status == 429)
    hint = fmt::format("Wait for {} seconds.", response.header("Retry-After").value_or("some"));
  const auto request = text_of(problem, "request_id");
  return request.empty() ? hint : fmt::format("{}{}The request was {}.", hint, hint.empty() ? "" : " ", request);
}

[[noreturn]] void refuse(const ApiServer& server, const ApiRequest& request, const net::HttpResponse& response) {
  json::error_code error;
  const auto parsed = json::parse(response.body, error);
  if (error || !parsed.is_object() || text_of(parsed.get_object(), "detail").empty())
    throw Error(code_of(response.status), fmt::format("{} answers {}", server.url, response.status),
                "See whether a visitord is at that address.");
  const auto& problem = parsed.get_object();
  auto message = text_of(problem, "detail");
  if (message == kNoSuchAddress || response.status == 405)
    throw Error(Errc::failed,
                fmt::format("the visitord at {} does not know {} {}", server.url, request.method,
                            request.path.substr(0, request.path.find('?'))),
                "It may be older than this program: compare 'visitorctl --version' here and there.");
  if (const auto* faults = problem.if_contains("errors"); faults != nullptr && faults->is_array())
    for (const auto& fault : faults->get_array())
      if (fault.is_object())
        message += fmt::format("\n{}{} {}", text_of(fault.get_object(), "parameter"),
                               text_of(fault.get_object(), "pointer"), text_of(fault.get_object(), "detail"));
  throw Error(code_of(response.status), message, next_step(problem, response));
}

}  // namespace

net::HttpOptions http_options(const ApiServer& server) {
  net::HttpOptions options;
  options.request_timeout = kPatience;
  options.max_body_bytes = kLargestAnswer;
  if (server.ca_file) options.trust.ca_file = *server.ca_file;
  return options;
}

net::HttpRequest http_request(const ApiServer& server, const ApiRequest& request) {
  net::HttpRequest http;
  http.method = request.method;
  http.url = fmt::format("{}{}{}", server.url, kBase, request.path);
  http.headers.push_back({"Authorization", fmt::format("Bearer {}", server.key.reveal())});
  return http;
}

net::HttpResponse require_good(const ApiServer& server, const ApiRequest& request, net::HttpResult result) {
  if (const auto* failure = std::get_if<net::HttpFailure>(&result))
    throw Error(Errc::failed, failure->message, "See whether visitord runs there: 'systemctl status visitord'.");
  auto& response = std::get<net::HttpResponse>(result);
  if (response.status < 200 || response.status >= 300) refuse(server, request, response);
  return std::move(response);
}

bool is_broken(const net::HttpResult& result) {
  const auto* failure = std::get_if<net::HttpFailure>(&result);
  return failure != nullptr && failure->kind == net::NetFailure::closed;
}

ApiClient::ApiClient(ApiServer server) : server_(std::move(server)), client_(http_options(server_)) {
  const auto url = net::parse_url(server_.url);
  if (url.target != "/")
    throw Error(Errc::usage, fmt::format("'{}' has a path", server_.url), "Give scheme, host and port only.");
  if (!url.tls && !is_this_machine(url.host))
    throw Error(Errc::usage, fmt::format("the key would go to {} in the clear", url.host),
                "Use https, or a tunnel to that machine.");
  while (server_.url.ends_with('/')) server_.url.pop_back();
}

ApiAnswer ApiClient::send(const ApiRequest& request) {
  auto http = http_request(server_, request);
  http.headers.push_back({"Accept", "application/json"});
  if (!request.if_match.empty()) http.headers.push_back({"If-Match", request.if_match});
  if (!request.idempotency_key.empty()) http.headers.push_back({"Idempotency-Key", request.idempotency_key});
  http.body = request.body;
  if (!http.body.empty()) http.content_type = "application/json";
  const bool repeatable = request.method == "GET" || !request.idempotency_key.empty();
  auto result = client_.send(http);
  for (int attempt = 1; attempt < kAttempts && repeatable && is_broken(result); ++attempt) result = client_.send(http);
  auto response = require_good(server_, request, std::move(result));
  return {response.status, std::move(response.body), std::string{response.header("ETag").value_or("")}};
}

std::optional<ApiPage> take_apart(std::string_view body) {
  json::error_code error;
  const auto parsed = json::parse({body.data(), body.size()}, error);
  if (error || !parsed.is_object()) return std::nullopt;
  const auto* results = parsed.get_object().if_contains("results");
  if (results == nullptr || !results->is_array()) return std::nullopt;
  ApiPage page;
  for (const auto& one : results->get_array()) page.results.push_back(json::serialize(one));
  page.next = below_api(text_of(parsed.get_object(), "next"));
  return page;
}

std::string below_api(std::string_view address) {
  if (!address.starts_with(kBase)) return "";
  return std::string{address.substr(kBase.size())};
}

}  // namespace visitor::app
