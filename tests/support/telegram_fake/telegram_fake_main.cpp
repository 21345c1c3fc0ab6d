#include <fmt/format.h>
#include <getopt.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>

#include "core/error.hpp"
#include "core/text.hpp"
#include "support/telegram_fake/server.hpp"

namespace {

using namespace visitor;

constexpr auto kUsage = R"(Usage: telegram-fake --token-file FILE [option...]

Stands for Telegram's Bot API: strict about texts, markup, limits of rate and update offsets. Runs until SIGTERM or SIGINT.

  --token-file FILE    whose first line is the token of the one bot that it knows
  --listen HOST:PORT   where it answers (127.0.0.1:0); port 0 is a free one
  --any-chat           every chat is there; otherwise only those that POST /control/chat has added
  --no-limits          without limits of rate
  --print-port         one line of JSON on standard output when ready: {"port","url"}
  --help
)";

int run(int argc, char** argv) {
  telegram_fake::ServerOptions options;
  options.token.clear();
  bool print_port = false;
  enum : int { kHelp = 1000, kToken, kListen, kAnyChat, kNoLimits, kPrintPort };
  const option known[] = {{"help", no_argument, nullptr, kHelp},
                          {"token-file", required_argument, nullptr, kToken},
                          {"listen", required_argument, nullptr, kListen},
                          {"any-chat", no_argument, nullptr, kAnyChat},
                          {"no-limits", no_argument, nullptr, kNoLimits},
                          {"print-port", no_argument, nullptr, kPrintPort},
                          {nullptr, 0, nullptr, 0}};
  for (int given = 0; (given = getopt_long(argc, argv, "", known, nullptr)) != -1;) {
    switch (given) {
      case kHelp:
        fmt::print("{}", kUsage);
        return 0;
      case kToken: {
        std::ifstream in(optarg);
        std::getline(in, options.token);
        break;
      }
      case kListen: {
        const std::string_view text{optarg};
        const auto colon = text.rfind(':');
        const auto port = colon == std::string_view::npos ? std::nullopt : to_integer(text.substr(colon + 1));
        if (!port || *port < 0 || *port > 65535)
          throw Error(Errc::usage, fmt::format("--listen {} is not HOST:PORT", text));
        options.host = text.substr(0, colon);
        options.port = static_cast<int>(*port);
        break;
      }
      case kAnyChat:
        options.any_chat = true;
        break;
      case kNoLimits:
        options.limits.on = false;
        break;
      case kPrintPort:
        print_port = true;
        break;
      default:
        throw Error(Errc::usage, "an option is not known", "Run telegram-fake --help.");
    }
  }
  if (optind < argc) throw Error(Errc::usage, "telegram-fake takes options only", "Run telegram-fake --help.");
  if (options.token.empty()) throw Error(Errc::usage, "no token in the first line of --token-file");

  // Blocked before any thread starts, so that only sigwait sees them.
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGTERM);
  ::sigaddset(&signals, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);

  const telegram_fake::Server server{options};
  if (print_port) {
    fmt::print("{{\"port\":{},\"url\":{}}}\n", server.port(), json_quote(server.url()));
    std::fflush(stdout);
  }
  int signal = 0;
  ::sigwait(&signals, &signal);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const Error& error) {
    fmt::print(stderr, "telegram-fake: {}\n", error.message());
    if (!error.hint().empty()) fmt::print(stderr, "{}\n", error.hint());
    return info(error.code()).exit_status;
  } catch (const std::exception& error) {
    fmt::print(stderr, "telegram-fake: {}\n", error.what());
    return 1;
  }
}
