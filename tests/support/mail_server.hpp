#pragma once

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace visitor::test {

/// A message as the mail server took it and as Python's email package reads it.
struct TakenMail {
  std::string from;
  std::vector<std::string> to;
  bool tls = false;
  std::string login;                               ///< empty: none
  std::map<std::string, std::string> headers;      ///< decoded
  std::vector<std::string> header_names;           ///< in their order, with repetitions
  std::map<std::string, std::string> raw_headers;  ///< as they came, folded
  std::string type;
  std::string text;
  std::string html;
  std::string photo;  ///< hexadecimal
  std::vector<std::string> defects;
  std::size_t longest_line = 0;
  std::size_t lone_line_ends = 0;
};

/// tests/support/mail_server.py on a port of its own: a real SMTP server, whose recipients make trouble by their names.
class MailServer {
 public:
  /// \param arguments  of the program: "--tls starttls --certificate FILE --login NAME:PASSWORD"
  explicit MailServer(const std::string& arguments = "");
  ~MailServer();
  MailServer(const MailServer&) = delete;
  MailServer& operator=(const MailServer&) = delete;

  int port() const { return port_; }
  /// The next message, or nothing where none was taken within two seconds.
  std::optional<TakenMail> next();
  /// Whether a message was taken that next() has not given yet.
  bool has_more();

 private:
  std::optional<std::string> line(std::chrono::milliseconds patience);

  pid_t child_ = -1;
  int in_ = -1;   ///< its standard input: it ends with that
  int out_ = -1;  ///< its standard output
  std::string buffer_;
  int port_ = 0;
};

}  // namespace visitor::test
