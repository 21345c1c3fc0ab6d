#include "support/s3_fake.hpp"

#include <stdexcept>

#include "net/http.hpp"

namespace visitor::test {
namespace {

namespace json = boost::json;

}  // namespace

std::string S3Fake::endpoint() const {
  return "http://127.0.0.1:" + std::to_string(program_.port());
}

std::string S3Fake::call(std::string_view method, std::string_view path, std::string body) const {
  net::HttpClient client;
  const auto result =
      client.send({.method = std::string{method}, .url = endpoint() + std::string{path}, .body = std::move(body)});
  const auto* response = std::get_if<net::HttpResponse>(&result);
  if (response == nullptr || response->status != 200) throw std::runtime_error{"the S3 server of the test says no"};
  return response->body;
}

void S3Fake::fault(std::string_view method, std::string_view has, std::string_view what, int times) {
  const json::array faults{json::object{{"method", method}, {"has", has}, {"do", what}, {"times", times}}};
  call("POST", "/_fake/faults", json::serialize(faults));
}

void S3Fake::corrupt(std::string_view key) {
  call("POST", "/_fake/corrupt", json::serialize(json::object{{"key", key}}));
}

json::object S3Fake::state() const {
  return json::parse(call("GET", "/_fake/state", "")).as_object();
}

int S3Fake::count(std::string_view method, std::string_view has) const {
  int found = 0;
  const auto now = state();
  for (const auto& request : now.at("requests").as_array())
    if (request.at("method").as_string() == method && request.at("target").as_string().find(has) != json::string::npos)
      ++found;
  return found;
}

archive::S3Credentials S3Fake::credentials() {
  return {"AKIAIOSFODNN7EXAMPLE", Secret{"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}, Secret{}, "us-east-1",
          "the test"};
}

}  // namespace visitor::test
