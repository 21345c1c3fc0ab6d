#include "support/helper_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace visitor::test {

HelperProgram::HelperProgram(const std::string& script, const std::string& arguments) {
  std::vector<std::string> words{"/usr/bin/python3", VISITOR_SOURCE_DIR "/tests/support/" + script};
  std::istringstream given{arguments};
  for (std::string word; given >> word;) words.push_back(word);
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::array<int, 2> in{}, out{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
  child_ = ::fork();
  if (child_ == 0) {
    ::dup2(in[0], 0);
    ::dup2(out[1], 1);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  in_ = in[1];
  out_ = out[0];
  const auto ready = line(std::chrono::seconds{20});
  if (!ready) throw std::runtime_error{script + " does not start; are all packages of ./dev installed?"};
  port_ = boost::json::parse(*ready).at("port").to_number<int>();
}

HelperProgram::~HelperProgram() {
  ::close(in_);
  ::close(out_);
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
}

std::optional<std::string> HelperProgram::line(std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    if (const auto end = buffer_.find('\n'); end != std::string::npos) {
      auto found = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return found;
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    pollfd watched{out_, POLLIN, 0};
    if (left <= 0 || ::poll(&watched, 1, static_cast<int>(left)) <= 0) return std::nullopt;
    std::array<char, 65536> chunk{};
    const auto got = ::read(out_, chunk.data(), chunk.size());
    if (got <= 0) return std::nullopt;
    buffer_.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace visitor::test
