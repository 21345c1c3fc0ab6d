#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/probe.hpp"

namespace visitor::cli {
namespace {

struct Options {
  domain::Channel channel = domain::Channel::log;
  std::optional<std::string> to;
  std::chrono::seconds timeout{30};
};

void run(const Options& options, Session& session) {
  std::vector<app::ChannelAddress> addresses;
  if (options.to)
    addresses.push_back({options.channel, *options.to});
  else if (options.channel == domain::Channel::log)
    addresses.push_back({options.channel, ""});
  else
    addresses = app::canary_addresses(session.settings(), options.channel);
  if (addresses.empty())
    throw Error(Errc::usage, "nobody is named to send it to",
                "Give --to, or name somebody in [alerts] canary_to of the configuration.");
  send_probe(session, domain::AlertKind::test, addresses, options.timeout);
}

}  // namespace

void add_alert_test(Command& alert) {
  auto options = std::make_shared<Options>();
  alert.add("test", "Send a test message, and wait until it was taken")
      .positional("CHANNEL", options->channel, "By which channel")
      .required()
      .option("--to", "RECIPIENT", options->to, "Address, chat or name; without it those of [alerts] canary_to")
      .option("--timeout", "SPAN", options->timeout, "How long to wait for the answer")
      .default_is("30s")
      .details(
          "The message goes the way of every alert, through the queue, and its tries are on record. Where no visitord "
          "sends on that channel, this command does: that message, and nothing else that waits.")
      .fails_with({Errc::delivery})
      .uses_database()
      .example("visitorctl alert test log")
      .example("visitorctl alert test email --to ops@example.org")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
