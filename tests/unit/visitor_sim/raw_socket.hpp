#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace visitor::sim {

/// A TCP connection to the loopback, for what an HTTP client hides.
class RawSocket {
 public:
  explicit RawSocket(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    BOOST_REQUIRE_EQUAL(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  RawSocket(RawSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)), seen_(std::move(other.seen_)) {}
  RawSocket& operator=(RawSocket&&) = delete;
  ~RawSocket() {
    if (fd_ >= 0) ::close(fd_);
  }

  void send(const std::string& text) {
    BOOST_REQUIRE_EQUAL(::send(fd_, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }

  /// What came since the last call, up to \p mark; fails the test after 3 s.
  std::string read_until(std::string_view mark) {
    const auto from = taken_;
    while (seen_.find(mark, from) == std::string::npos) {
      pollfd waiting{fd_, POLLIN, 0};
      std::array<char, 4096> buffer{};
      const auto size = ::poll(&waiting, 1, 3000) > 0 ? ::recv(fd_, buffer.data(), buffer.size(), 0) : -1;
      BOOST_REQUIRE_MESSAGE(size > 0, "no " << mark << " in " << seen_.substr(from));
      seen_.append(buffer.data(), static_cast<std::size_t>(size));
    }
    taken_ = seen_.find(mark, from) + mark.size();
    return seen_.substr(from, taken_ - from);
  }

  /// Ends with FIN and takes what is still on its way, since closing on unread bytes would send RST.
  void close_cleanly() {
    ::shutdown(fd_, SHUT_WR);
    std::array<char, 4096> buffer{};
    while (::recv(fd_, buffer.data(), buffer.size(), 0) > 0) continue;
    ::close(std::exchange(fd_, -1));
  }

  /// Ends with RST instead of FIN, as a pulled cable does in the end.
  void reset_on_close() {
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }

 private:
  int fd_;
  std::string seen_{};
  std::size_t taken_ = 0;
};

}  // namespace visitor::sim
