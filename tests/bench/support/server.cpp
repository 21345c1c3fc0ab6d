#include "support/server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"

extern char** environ;

namespace visitor::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLog = std::size_t{1} << 26;
constexpr std::string_view kAddress = "http://127.0.0.1:";

/// What follows kAddress, or nothing.
std::optional<std::uint16_t> port_in(std::string_view text) {
  const auto at = text.find(kAddress);
  if (at == text.npos) return std::nullopt;
  const auto rest = text.substr(at + kAddress.size());
  const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  if (digits == rest.size()) return std::nullopt;  // the line has not been written to its end
  return static_cast<std::uint16_t>(to_integer(rest.substr(0, digits)).value_or(0));
}

}  // namespace

Server::Server(const std::vector<std::string>& argv, const std::vector<std::string>& environment, const fs::path& log)
    : log_(log), log_begin_(fs::exists(log) ? static_cast<std::size_t>(fs::file_size(log)) : 0) {
  std::vector<char*> words;
  for (const auto& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  std::vector<char*> variables;
  for (const auto& variable : environment) variables.push_back(const_cast<char*>(variable.c_str()));
  for (auto** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text{*variable};
    const auto name = text.substr(0, text.find('=') + 1);
    if (std::ranges::none_of(environment, [&](const std::string& ours) { return ours.starts_with(name); }))
      variables.push_back(*variable);
  }
  variables.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  for (const int fd : {1, 2})
    posix_spawn_file_actions_addopen(&files, fd, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int failed = posix_spawnp(&pid_, words[0], &files, nullptr, words.data(), variables.data());
  posix_spawn_file_actions_destroy(&files);
  if (failed != 0) throw Error(Errc::failed, fmt::format("cannot start {}: {}", argv[0], errno_text(failed)));
}

Server::~Server() {
  kill(pid_, SIGTERM);
  int status = 0;
  waitpid(pid_, &status, 0);
}

std::uint16_t Server::port() const {
  for (int i = 0; i < 600; ++i) {
    const auto text = read_file(log_, kLog).value_or("");
    const auto said = std::string_view{text}.substr(std::min(log_begin_, text.size()));
    if (const auto port = port_in(said)) return *port;
    siginfo_t ended{};
    if (waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == pid_)
      throw Error(Errc::failed, fmt::format("a server has ended: {}", trim(said.substr(0, 2'000))));
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
  throw Error(Errc::failed, fmt::format("a server does not say where it listens; see {}", log_.string()));
}

}  // namespace visitor::bench
