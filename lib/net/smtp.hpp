#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <variant>

#include "core/secret.hpp"

namespace visitor::net {

/// How a conversation with a mail server is kept from others.
enum class SmtpSecurity : std::uint8_t {
  starttls,  ///< STARTTLS before anything that matters; a server that does not offer it gets nothing
  tls,       ///< TLS from the first byte
  none,      ///< never; for servers on the same machine
};

struct SmtpOptions {
  std::string server;  ///< name or address
  std::uint16_t port = 587;
  SmtpSecurity security = SmtpSecurity::starttls;
  std::string ca_file = {};  ///< PEM, believed instead of the system's authorities
  std::string user = {};     ///< empty: no login
  Secret password = {};
  std::chrono::milliseconds timeout{30'000};  ///< for one message, however slowly the server goes on
};

/// One message to one recipient.
struct SmtpMail {
  std::string from;  ///< addresses as is_mail_address() has them
  std::string to;
  std::string
      content;  ///< header and body with CRLF line ends, lines of 998 bytes at most, 7-bit; dots are not doubled
};

/// How far a conversation had come.
enum class SmtpStage : std::uint8_t {
  connection,  ///< name, TCP, greeting, EHLO
  tls,         ///< STARTTLS or the handshake
  login,
  sender,  ///< MAIL FROM
  recipient,
  content,  ///< DATA, and what was said after its end
};
/// "connection", "login", ...
std::string_view name(SmtpStage stage);

/// The server has the message: it answers for it from now on.
struct SmtpAccepted {
  std::string reply;  ///< its last line, printable: "250 2.0.0 Ok: queued as 4XyZ12"
};

struct SmtpFailure {
  SmtpStage stage = SmtpStage::connection;
  int code = 0;              ///< of the reply that ended it, 400 to 599; 0 where the network or TLS did
  std::string enhanced;      ///< "5.2.2" where the reply has one. Source: RFC 3463
  std::string message;       ///< one line that names the server; no secret, and nothing that a server says during login
  bool interrupted = false;  ///< by the stop token
  bool in_doubt = false;     ///< the whole message was handed over, and no answer came
};

using SmtpResult = std::variant<SmtpAccepted, SmtpFailure>;

/// Hands messages to one mail server, each over a connection of its own, and always comes back by the deadline; within
/// a second or so of the stop token.
///
/// For one thread at a time. The C library's resolver cannot be interrupted; its thread is left behind.
class SmtpClient {
 public:
  explicit SmtpClient(SmtpOptions options);
  SmtpClient(SmtpClient&&) noexcept;
  SmtpClient& operator=(SmtpClient&&) noexcept;
  ~SmtpClient();

  /// \throws Error usage   an address is none, or a line of the content is longer than SMTP allows
  /// \throws Error config  libcurl is not installed
  SmtpResult send(const SmtpMail& mail, std::stop_token stop = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace visitor::net
