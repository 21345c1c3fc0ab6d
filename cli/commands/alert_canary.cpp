#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/probe.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<domain::Channel> channel;
  std::chrono::seconds timeout{30};
};

void run(const Options& options, Session& session) {
  const auto addresses = app::canary_addresses(session.settings(), options.channel);
  if (addresses.empty())
    throw Error(Errc::config,
                "[alerts] canary_to names nobody" +
                    (options.channel ? " on channel " + std::string{domain::name(*options.channel)} : ""),
                "Put addresses such as \"email:ops@example.org\" into alerts.canary_to.");
  send_probe(session, domain::AlertKind::canary, addresses, options.timeout);
}

}  // namespace

void add_alert_canary(Command& alert) {
  auto options = std::make_shared<Options>();
  alert.add("canary", "Send a canary to everybody in [alerts] canary_to, and wait until it was taken")
      .positional("CHANNEL", options->channel, "Only by this channel")
      .option("--timeout", "SPAN", options->timeout, "How long to wait for the answers; 0s: not at all")
      .default_is("30s")
      .details(
          "visitord sends one every [alerts] canary_interval. How long ago the last one was taken is the check "
          "'canary' of 'visitorctl health'.")
      .fails_with({Errc::config, Errc::delivery})
      .uses_database()
      .example("visitorctl alert canary")
      .example("visitorctl alert canary email")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
