#include "core/journal.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace visitor::log {
namespace {

constexpr std::size_t kLongest = 48 * 1024;  // of a message; a datagram may hold a little over 200 KiB

/// A value that may hold line ends: the name, its length as eight bytes, least first, and the bytes.
void add_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += '\n';
  for (int shift = 0; shift < 64; shift += 8)
    out += static_cast<char>(static_cast<std::uint64_t>(value.size()) >> shift & 0xFF);
  out += value;
  out += '\n';
}

/// As syslog numbers them.
int priority(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::critical:
      return 2;
    case spdlog::level::err:
      return 3;
    case spdlog::level::warn:
      return 4;
    case spdlog::level::info:
      return 6;
    default:
      return 7;
  }
}

}  // namespace

JournalSink::JournalSink(std::string identifier, std::filesystem::path socket)
    : identifier_(std::move(identifier)),
      socket_(std::move(socket)),
      fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}

void JournalSink::sink_it_(const spdlog::details::log_msg& message) {
  const std::string_view text{message.payload.data(), std::min(message.payload.size(), kLongest)};
  std::string datagram;
  add_field(datagram, "MESSAGE", text);
  datagram += fmt::format("PRIORITY={}\nTID={}\n", priority(message.level), message.thread_id);
  add_field(datagram, "SYSLOG_IDENTIFIER", identifier_);

  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto path = socket_.string();
  std::memcpy(address.sun_path, path.data(), std::min(path.size(), sizeof address.sun_path - 1));
  const auto sent = ::sendto(fd_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&address), sizeof address);
  if (sent >= 0) return;
  // Under systemd this is a stream into the journal, too.
  const auto line = fmt::format("<{}>{}\n", priority(message.level), text);
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace visitor::log
