#include "cli/prompt.hpp"

#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "cli/output.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"

namespace visitor::cli {
namespace {

constexpr char kCtrlC = '\x03';
constexpr std::size_t kMostBytes = 1024;

/// Keeps what is typed from being shown. Ctrl-C ends the line instead of the program, so that the echo comes back.
class Hidden {
 public:
  Hidden() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) throw Error(Errc::failed, "cannot hide what is typed");
    auto hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
    hidden.c_cc[VEOL] = kCtrlC;
    if (::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) != 0) throw Error(Errc::failed, "cannot hide what is typed");
  }
  Hidden(const Hidden&) = delete;
  Hidden& operator=(const Hidden&) = delete;
  ~Hidden() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }

 private:
  termios before_{};
};

/// One line from the terminal, without its end. Read byte by byte: what follows belongs to the next question.
std::optional<Secret> read_line() {
  std::array<char, kMostBytes> line{};
  std::size_t size = 0;
  bool ended = false;
  for (char c = 0; !ended;) {
    const auto got = ::read(STDIN_FILENO, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || c == kCtrlC) return std::nullopt;
    ended = c == '\n';
    if (!ended && size < line.size()) line[size++] = c;
  }
  Secret read{std::string_view{line.data(), size}};
  ::explicit_bzero(line.data(), line.size());
  return read;
}

[[noreturn]] void interrupted() {
  throw Error(Errc::interrupted, "the question was not answered");
}

}  // namespace

bool can_ask() {
  return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
}

std::string ask(const std::string& question, const std::string& otherwise) {
  Stream{STDERR_FILENO, "standard error"}.write(question + (otherwise.empty() ? ": " : " [" + otherwise + "]: "));
  const auto line = read_line();
  if (!line) interrupted();
  const auto answer = trim(line->reveal());
  return answer.empty() ? otherwise : clean_utf8(std::string{answer});
}

bool ask_yes(const std::string& question) {
  const auto answer = lower(ask(question + " [y/N]", ""));
  return answer == "y" || answer == "yes";
}

Secret ask_secret(const std::string& question) {
  Stream err{STDERR_FILENO, "standard error"};
  const auto secret = [&] {
    const Hidden hidden;  // first: what is typed at the question is neither shown nor dropped
    err.write(question + ": ");
    return read_line();
  }();
  err.write("\n");
  if (!secret) interrupted();
  if (secret->empty()) throw Error(Errc::usage, "nothing was typed");
  return *secret;
}

Secret get_secret(const std::optional<std::filesystem::path>& file, const std::string& question) {
  if (file) return read_secret_file(*file);
  if (can_ask()) return ask_secret(question);
  throw Error(Errc::usage, "there is no terminal to ask for the password",
              "Give a file with --password-file FILE, or '-' for standard input.");
}

}  // namespace visitor::cli
