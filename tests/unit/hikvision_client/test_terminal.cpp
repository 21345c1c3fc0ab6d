#include "test_terminal.hpp"

#include <sys/socket.h>

#include <memory>

namespace visitor::test {

std::string TestTerminal::Seen::digest(std::string_view name) const {
  const auto at = authorization.find(" " + std::string{name} + "=");
  if (at == std::string::npos) return {};
  auto value = authorization.substr(at + name.size() + 2);
  if (value.starts_with('"')) return value.substr(1, value.find('"', 1) - 1);
  return value.substr(0, value.find(','));
}

int TestTerminal::Server::listen_with_backlog() {
  const int port = bind_to_any_port("127.0.0.1");
  ::listen(svr_sock_, 1024);
  return port;
}

TestTerminal::TestTerminal(Script script) : script_(std::move(script)) {
  const auto handler = [this](const httplib::Request& request, httplib::Response& response) {
    answer(request, response);
  };
  server_.Get(".*", handler);
  server_.Post(".*", handler);
  port_ = server_.listen_with_backlog();
  thread_ = std::thread{[this] { server_.listen_after_bind(); }};
  while (!server_.is_running()) std::this_thread::yield();
}

TestTerminal::~TestTerminal() {
  server_.stop();
  thread_.join();
}

std::vector<TestTerminal::Seen> TestTerminal::seen() const {
  const std::lock_guard lock{mutex_};
  return seen_;
}

void TestTerminal::answer(const httplib::Request& request, httplib::Response& response) {
  const int now_inside = ++inside_;
  int most = crowd_;
  while (most < now_inside && !crowd_.compare_exchange_weak(most, now_inside)) {
  }
  const Seen seen{request.method, request.target, request.get_header_value("Authorization"), request.body};
  int number = 0;
  {
    const std::lock_guard lock{mutex_};
    seen_.push_back(seen);
    number = static_cast<int>(seen_.size());
  }
  const auto reply = script_(seen, number);
  response.status = reply.status;
  for (const auto& value : reply.challenges) response.headers.emplace("WWW-Authenticate", value);
  if (!reply.location.empty()) response.set_header("Location", reply.location);
  response.set_content(reply.body, reply.content_type.c_str());
  --inside_;
}

TestTerminal::Script logged_in(TestTerminal::Script inner) {
  const auto challenges = std::make_shared<std::atomic<int>>(0);
  const auto answered = std::make_shared<std::atomic<int>>(0);
  return [=](const TestTerminal::Seen& seen, int) -> TestTerminal::Reply {
    if (!seen.authorization.empty()) return inner(seen, ++*answered);
    return {.status = 401, .challenges = {challenge("n" + std::to_string(++*challenges))}};
  };
}

std::string challenge(const std::string& nonce, const std::string& more) {
  return "Digest qop=\"auth\", realm=\"IP Camera(C2183)\", nonce=\"" + nonce + "\"" + (more.empty() ? "" : ", ") + more;
}

}  // namespace visitor::test
