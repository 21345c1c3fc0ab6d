#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/helper_program.hpp"

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
  explicit MailServer(const std::string& arguments = "") : program_("mail_server.py", arguments) {}

  int port() const { return program_.port(); }
  /// The next message, or nothing where none was taken within two seconds.
  std::optional<TakenMail> next();
  /// Whether a message was taken that next() has not given yet.
  bool has_more();

 private:
  HelperProgram program_;
};

}  // namespace visitor::test
