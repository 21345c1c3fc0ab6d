#include "sim_client.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <openssl/evp.h>

#include <boost/test/unit_test.hpp>

#include "core/text.hpp"

namespace visitor::sim {
namespace {

std::string hash(const std::string& text, const std::string& algorithm) {
  std::array<std::byte, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &length,
             algorithm == "SHA-256" ? EVP_sha256() : EVP_md5(), nullptr);
  return to_hex(std::span{digest}.first(length));
}

std::string between(std::string_view text, std::string_view open, std::string_view close) {
  const auto start = text.find(open);
  if (start == std::string_view::npos) return {};
  const auto rest = text.substr(start + open.size());
  return std::string{rest.substr(0, rest.find(close))};
}

httplib::Client client_of(const Terminal& terminal) {
  httplib::Client client{terminal.url()};
  client.enable_server_certificate_verification(false);
  client.set_keep_alive(true);
  client.set_connection_timeout(2);
  client.set_read_timeout(2);
  return client;
}

Reply to_reply(const httplib::Result& result) {
  if (!result) return {};
  Reply reply{result->status, result->body};
  for (const auto& [name, value] : result->headers) reply.headers.emplace(lower(name), value);
  return reply;
}

}  // namespace

std::string Reply::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string{} : found->second;
}

boost::json::object Reply::json() const {
  boost::json::error_code error;
  auto value = boost::json::parse(body, error);
  BOOST_REQUIRE_MESSAGE(!error && value.is_object(), "not a JSON object: " << body);
  return value.as_object();
}

std::string Reply::sub_status() const {
  if (body.find("<subStatusCode>") != std::string::npos) return between(body, "<subStatusCode>", "<");
  boost::json::error_code error;
  const auto value = boost::json::parse(body, error);
  if (error || !value.is_object() || !value.as_object().contains("subStatusCode")) return {};
  return boost::json::value_to<std::string>(value.at("subStatusCode"));
}

std::string Reply::error_message() const {
  return boost::json::value_to<std::string>(json().at("errorMsg"));
}

std::string digest_response(const Login& login, std::string_view method, std::string_view uri) {
  const auto ha1 = hash(login.user + ":" + login.realm + ":" + login.password, login.algorithm);
  const auto ha2 = hash(fmt::format("{}:{}", method, uri), login.algorithm);
  return hash(ha1 + ":" + login.nonce + ":" + login.count + ":" + login.cnonce + ":auth:" + ha2, login.algorithm);
}

std::string authorization(const Login& login, std::string_view method, std::string_view uri) {
  return fmt::format(
      R"(Digest username="{}", realm="{}", nonce="{}", uri="{}", qop=auth, nc={}, cnonce="{}", response="{}"{})",
      login.user, login.realm, login.nonce, uri, login.count, login.cnonce, digest_response(login, method, uri),
      login.algorithm.empty() ? "" : ", algorithm=" + login.algorithm);
}

Profile SimFixture::profile(std::string_view name) {
  const auto found = find_profile(name);
  BOOST_REQUIRE_MESSAGE(found, "no profile " << name);
  return *found;
}

void SimFixture::start(Profile with, const TerminalOptions& options) {
  auto own = options;
  own.profile = std::move(with);
  own.clock = &clock;
  terminal.emplace(own);
  terminal->start();
}

Reply SimFixture::call(const std::string& method, const std::string& target, const std::string& body) const {
  auto client = client_of(*terminal);
  client.set_digest_auth("admin", "simulated-1");
  httplib::Request request;
  request.method = method;
  request.path = target;
  request.body = body;
  return to_reply(client.send(request));
}

Reply SimFixture::send(const std::string& method, const std::string& target, const std::string& header,
                       const std::string& body) const {
  auto client = client_of(*terminal);
  httplib::Request request;
  request.method = method;
  request.path = target;
  request.body = body;
  if (!header.empty()) request.set_header("Authorization", header);
  return to_reply(client.send(request));
}

std::string SimFixture::fresh_nonce() const {
  return between(send("GET", kUserCheck).header("www-authenticate"), "nonce=\"", "\"");
}

Reply SimFixture::check(const Login& login) const {
  return send("GET", kUserCheck, authorization(login, "GET", kUserCheck));
}

std::string condition(const boost::json::object& changes) {
  boost::json::object members{
      {"searchID", "1"}, {"searchResultPosition", 0}, {"maxResults", 10}, {"major", 0}, {"minor", 0}};
  for (const auto& change : changes) {
    if (change.value().is_null()) {
      members.erase(change.key());
    } else {
      members[change.key()] = change.value();
    }
  }
  return boost::json::serialize(boost::json::object{{"AcsEventCond", members}});
}

Reply SimFixture::search(const boost::json::object& changes) const {
  return call("POST", kSearch, condition(changes));
}

boost::json::array rows(const Reply& reply) {
  BOOST_REQUIRE_EQUAL(reply.status, 200);
  const auto body = reply.json();
  const auto& page = body.at("AcsEvent").as_object();
  return page.contains("InfoList") ? page.at("InfoList").as_array() : boost::json::array{};
}

std::vector<std::int64_t> serials(const Reply& reply) {
  std::vector<std::int64_t> all;
  for (const auto& row : rows(reply)) all.push_back(row.at("serialNo").to_number<std::int64_t>());
  return all;
}

}  // namespace visitor::sim
