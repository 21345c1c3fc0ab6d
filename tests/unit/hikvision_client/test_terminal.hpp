#pragma once

#include <httplib.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace visitor::test {

/// An HTTP server on 127.0.0.1 that asks a function for each answer and keeps what it was asked.
class TestTerminal {
 public:
  struct Seen {
    std::string method;
    std::string target;
    std::string authorization;  ///< empty: none was sent
    std::string body;

    /// The parameter of that name in the Authorization header, without quotes; empty where there is none.
    std::string digest(std::string_view name) const;
  };
  struct Reply {
    int status = 200;
    std::string body = {};
    std::vector<std::string> challenges = {};  ///< WWW-Authenticate
    std::string content_type = "application/xml";
    std::string location = {};
  };
  /// \p number counts the requests from 1.
  using Script = std::function<Reply(const Seen& seen, int number)>;

  explicit TestTerminal(Script script);
  ~TestTerminal();

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::vector<Seen> seen() const;
  std::size_t requests() const { return seen().size(); }
  /// The largest number of requests that were there at the same time.
  int crowd() const { return crowd_; }

 private:
  /// httplib listens with a backlog of 5, which bursts overflow.
  struct Server : httplib::Server {
    int listen_with_backlog();
  };

  void answer(const httplib::Request& request, httplib::Response& response);

  Script script_;
  Server server_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<Seen> seen_;
  std::atomic<int> inside_{0};
  std::atomic<int> crowd_{0};
  std::thread thread_;
};

/// Challenges every request without a log-in, and hands the others to \p inner, whose count leaves the challenged ones
/// out. Each challenge has a nonce of its own: "n1", "n2", ...
TestTerminal::Script logged_in(TestTerminal::Script inner);

/// A WWW-Authenticate value.
std::string challenge(const std::string& nonce, const std::string& more = {});

}  // namespace visitor::test
