#include <fmt/format.h>
#include <getopt.h>

#include <cstdio>
#include <filesystem>
#include <optional>

#include "config/load.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "daemon/error_text.hpp"
#include "daemon/service.hpp"

namespace {

using namespace visitor;

constexpr auto kHelp = R"(Usage: visitord [--config FILE] [--check-config]

Polls the terminals, keeps the visits, opens incidents, sends alerts, and answers on HTTP.

  -c, --config FILE   read FILE instead of /etc/visitor/visitor.toml (root) or
                      $XDG_CONFIG_HOME/visitor/visitor.toml; without a file every option has its default
      --check-config  say what is wrong with the configuration, and end
      --version       print the version, and end
  -h, --help          print this, and end

Signals: SIGTERM and SIGINT finish what has begun and end within five seconds; SIGHUP reads the configuration anew,
or keeps the old one and says why.

Exit status: 0 ended as told; 1 failed; 2 wrong use; 13 configuration, master key or schema; 14 database;
17 integrity.

Example:
  visitord --config /etc/visitor/visitor.toml
)";

struct Options {
  std::optional<std::filesystem::path> config;
  bool check_config = false;
};

/// Prints every problem. \returns the exit status
int report(const std::vector<config::Problem>& problems) {
  for (const auto& problem : problems) fmt::print(stderr, "{}\n", config::to_text(problem));
  return problems.empty() ? 0 : info(Errc::config).exit_status;
}

int check_config(const config::Reading& reading) {
  if (const int status = report(reading.problems); status != 0) return status;
  if (reading.settings.file.empty())
    fmt::print("There is no configuration file; every option has its default.\n");
  else
    fmt::print("{} is good.\n", reading.settings.file.string());
  return 0;
}

int run(const Options& options) {
  daemon::block_signals();
  auto reading = config::read(options.config);
  if (options.check_config) return check_config(reading);
  if (const int status = report(reading.problems); status != 0) return status;

  const auto& wanted = reading.settings.log;
  const auto format = wanted.format == "plain"     ? log::Format::plain
                      : wanted.format == "json"    ? log::Format::json
                      : wanted.format == "journal" ? log::Format::journal
                                                   : log::preferred_format();
  log::start(format, wanted.level);
  try {
    return daemon::run_service(std::move(reading.settings), options.config);
  } catch (const Error& error) {
    log::error("{}", daemon::with_hint(error));
    return info(error.code()).exit_status;
  }
}

}  // namespace

int main(int argc, char** argv) {
  constexpr int kCheckConfig = 256, kVersion = 257;
  const option names[] = {{"config", required_argument, nullptr, 'c'},
                          {"check-config", no_argument, nullptr, kCheckConfig},
                          {"version", no_argument, nullptr, kVersion},
                          {"help", no_argument, nullptr, 'h'},
                          {nullptr, 0, nullptr, 0}};
  Options options;
  for (int found = 0; (found = getopt_long(argc, argv, "c:h", names, nullptr)) != -1;) {
    switch (found) {
      case 'c':
        options.config = optarg;
        break;
      case kCheckConfig:
        options.check_config = true;
        break;
      case kVersion:
        fmt::print("visitord {}\n", VISITOR_VERSION);
        return 0;
      case 'h':
        fmt::print("{}", kHelp);
        return 0;
      default:
        fmt::print(stderr, "Run 'visitord --help' to see what there is.\n");
        return info(Errc::usage).exit_status;
    }
  }
  if (optind < argc) {
    fmt::print(stderr, "visitord: '{}' is not an option\nRun 'visitord --help' to see what there is.\n", argv[optind]);
    return info(Errc::usage).exit_status;
  }
  try {
    return run(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "visitord: {}\n", error.what());
    return info(Errc::failed).exit_status;
  }
}
