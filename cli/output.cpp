#include "cli/output.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "cli/json_writer.hpp"
#include "cli/table.hpp"
#include "core/file.hpp"
#include "core/text.hpp"

namespace visitor::cli {

void Stream::write(std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(fd_, text.data(), text.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      throw Error(Errc::failed, "cannot write to " + name_ + ": " + errno_text(errno));
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

bool Stream::is_terminal() const {
  return ::isatty(fd_) == 1;
}

std::size_t Stream::width() const {
  if (!is_terminal()) return 0;
  if (const char* columns = std::getenv("COLUMNS")) {
    const auto number = to_integer(columns);
    if (number && *number >= 20 && *number <= 10'000) return static_cast<std::size_t>(*number);
  }
  winsize size{};
  if (::ioctl(fd_, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20) return size.ws_col;
  return 80;
}

void secure_standard_streams() {
  // Opened the wrong way round: reading standard input and writing the others fails with "Bad file descriptor".
  constexpr std::array kModes{O_WRONLY, O_RDONLY, O_RDONLY};
  for (int fd = 0; fd < 3; ++fd)
    if (::fcntl(fd, F_GETFD) == -1 && errno == EBADF && ::open("/dev/null", kModes[static_cast<std::size_t>(fd)]) != fd)
      std::_Exit(1);
  std::signal(SIGPIPE, SIG_IGN);
}

std::string error_text(const Error& error, bool json) {
  if (json) {
    JsonWriter writer;
    writer.begin_object().key("error").begin_object();
    writer.member("code", info(error.code()).name);
    writer.member("message", error.message());
    writer.text_member("hint", error.hint());
    return writer.end().end().take();
  }
  std::string text = "visitorctl: ";
  // A message may have several lines (every problem of a configuration file); each is shown safely.
  std::string_view rest = error.message();
  for (bool first = true; first || !rest.empty(); first = false) {
    const auto line = rest.substr(0, rest.find('\n'));
    text += (first ? "" : "  ") + printable(line) + "\n";
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  if (!error.hint().empty()) text += "  " + printable(error.hint()) + "\n";
  return text;
}

}  // namespace visitor::cli
