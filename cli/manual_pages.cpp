#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "app/health.hpp"
#include "cli/manual.hpp"
#include "config/options.hpp"

// The pages that describe no command.
namespace visitor::cli {
namespace {

/// What a check of health looks at; numbers come from the check itself.
struct Looked {
  std::string_view name;
  std::string_view value;
  std::string_view critical;  ///< besides the value
};
constexpr std::array<Looked, 5> kLooked{{
    {"database", "how long the database took to answer", "it does not answer"},
    {"terminals", "how many enabled terminals do not answer, or refuse", "none of them answers"},
    {"outbox", "how long the oldest alert has been waiting to be sent", ""},
    {"scheduler", "how far the most delayed job of any visitord is behind",
     "a loop of visitord has stalled, or no job has ever run"},
    {"disk", "what is free where state lives; of two places, in the fuller one", ""},
}};

std::string bounds_of(const app::Check& check, const Looked& looked) {
  const auto with_unit = [&](double value) {
    return fmt::format("{}{}{}", value, check.unit.empty() ? "" : " ", check.unit);
  };
  const auto way = check.warning && check.critical && *check.critical < *check.warning ? "down to" : "from";
  std::string text;
  if (check.warning) text += fmt::format(" WARNING {} {}", way, with_unit(*check.warning));
  if (check.critical)
    text += fmt::format("{} CRITICAL {} {}", text.empty() ? "" : ",", way, with_unit(*check.critical));
  if (!looked.critical.empty())
    text +=
        fmt::format("{} CRITICAL{} where {}", text.empty() ? "" : ",", check.critical ? " also" : "", looked.critical);
  return text + ".";
}

/// A member of the JSON that webhooks and programs get, as notify::alert_json() writes it.
struct Member {
  std::string_view name;
  std::string_view meaning;
};
constexpr std::array<Member, 19> kAlertMembers{{
    {"version", "1. Members may be added; where one changed its meaning, this number would grow."},
    {"event_id", "The same at every attempt: what tells a repetition."},
    {"kind", "incident_opened, incident_updated, incident_ended, guest_arrived, test and so on."},
    {"severity", "low, medium, high or critical."},
    {"created_at", "When the alert came up, in UTC: 2026-09-01T12:00:00Z."},
    {"alert", "Its number, as 'visitorctl alert show' takes it."},
    {"incident", "The number of the incident, or null."},
    {"visit", "The number of the visit, or null."},
    {"incident_type", "long_stay, door_forced and so on, or null."},
    {"late", "true where it had happened long before it became known."},
    {"possibly_repeated", "true where an earlier attempt may have arrived."},
    {"thread", "The same for everything about one incident, or null."},
    {"replaces", "The event_id that this one brings up to date, or null."},
    {"language", "en or ru: of subject, facts and text."},
    {"subject", "One line for people."},
    {"facts", "A list of objects with label and value, in the order of reading."},
    {"text", "For people; may have lines."},
    {"link", "Where to read on, or null."},
    {"summary", "One English sentence without a person's name."},
}};

void describe_alerts(Roff& roff) {
  roff.section("ALERTS AS JSON")
      .text(
          "A webhook gets each alert as the body of a POST, and a program on its standard input, as one JSON object in "
          "one line of UTF-8:");
  for (const auto& member : kAlertMembers) roff.item(bold(member.name), std::string{member.meaning});
  roff.section("ANSWERS OF A WEBHOOK")
      .text(
          "2xx: delivered. 408, 425, 429, 5xx and no answer: again later, after what Retry-After says. 3xx: again "
          "later, because a redirect is not followed. Everything else: given up.\n"
          "Three headers come along:");
  roff.item(bold("Visitor-Event-Id"), "The event_id.");
  roff.item(bold("Visitor-Timestamp"),
            "When it was sent, in seconds since 1970. Refuse what is older than five minutes.");
  roff.item(
      bold("Visitor-Signature"),
      "With secret_file: sha256= and the HMAC-SHA-256 of timestamp, dot and body with the secret, in hexadecimal. "
      "This prints it:");
  roff.verbatim("printf '%s.%s' \"$TIMESTAMP\" \"$BODY\" | openssl dgst -sha256 -hmac \"$SECRET\"");
  roff.section("ENDS OF A PROGRAM")
      .text(
          "0: delivered. 75, a signal, the deadline: again later. Everything else: given up, with the first line of "
          "standard error as the reason. The program runs as the user of visitord, in /, with PATH, LANG and "
          "VISITOR_EVENT_ID as its environment.");
}

void describe(Roff& roff, const config::Option& option) {
  std::vector<std::string> facts{std::string{config::meaning(option.kind)}};
  if (option.required) facts.emplace_back("required");
  if (!option.choices.empty()) facts.push_back(fmt::format("of {}", fmt::join(option.choices, ", ")));
  if (!option.minimum.empty()) facts.push_back(fmt::format("from {} to {}", option.minimum, option.maximum));
  if (!option.fallback.empty()) facts.push_back(fmt::format("default {}", option.fallback));
  roff.item(bold(option.name()), fmt::format("{} Value: {}.{}", option.sentence, fmt::join(facts, ", "),
                                             option.reloadable ? " (reload)" : ""));
}

}  // namespace

ManualPage visitord_page() {
  Roff roff{"visitord", 8, "poll the terminals, keep the visits, open incidents and send alerts"};
  roff.section("SYNOPSIS")
      .text(bold("visitord") + " [" + bold("--config") + " " + italic("FILE") + "] [" + bold("--check-config") + "]");
  roff.section("DESCRIPTION")
      .text(
          "visitord asks each terminal for its events, stores every event once, checks expected guests in and out at "
          "the terminals' time, and turns what is suspicious into incidents and alerts. It answers on HTTP how it is: "
          "/livez, /readyz, /health/ and /metrics.\n"
          "It runs in the foreground and tells systemd when it is ready. Without [database] url in visitor.toml(5) it "
          "starts a private PostgreSQL, which goes on when visitord ends. Any number of visitord may work on one "
          "database: each terminal is polled by one of them, and another takes over when that one is gone.");
  roff.section("OPTIONS");
  roff.item(bold("-c") + ", " + bold("--config") + " " + italic("FILE"),
            "Read FILE instead of /etc/visitor/visitor.toml (root) or $XDG_CONFIG_HOME/visitor/visitor.toml.");
  roff.item(bold("--check-config"), "Say what is wrong with the configuration, and end.");
  roff.item(bold("--version"), "Print the version, and end.");
  roff.item(bold("-h") + ", " + bold("--help"), "Print a summary of this, and end.");
  roff.section("SIGNALS");
  roff.item(bold("SIGTERM") + ", " + bold("SIGINT"), "Finish what has begun, and end within five seconds.");
  roff.item(bold("SIGHUP"),
            "Read the configuration anew, or keep the old one and say why. Options that need a restart are named in "
            "visitor.toml(5).");
  roff.section("EXIT STATUS");
  roff.item(bold("0"), "ended as told.");
  for (const auto code : {Errc::failed, Errc::usage, Errc::config, Errc::database, Errc::integrity})
    roff.item(bold(std::to_string(info(code).exit_status)), std::string{info(code).meaning} + ".");
  roff.section("FILES");
  roff.item("/etc/visitor/visitor.toml", "The configuration.");
  roff.item("/var/lib/visitor", "State: the master key and the private PostgreSQL.");
  roff.section("EXAMPLES").verbatim("visitord --config /etc/visitor/visitor.toml");
  roff.section("SEE ALSO")
      .text(bold("visitorctl") + "(1), " + bold("visitor.toml") + "(5), " + bold("visitor-health") + "(7)");
  return {"visitord", 8, roff.take()};
}

ManualPage configuration_page() {
  Roff roff{"visitor.toml", 5, "configuration of visitord and visitorctl"};
  roff.section("DESCRIPTION")
      .text(
          "The file is TOML. Everything in it has a default, so that it may be empty or missing. 'visitorctl init' "
          "writes one with every option commented out, 'visitorctl config check' names every problem with its line, "
          "and 'visitorctl config show' says what is in force.\n"
          "A span of time is written as 500ms, 90s, 15m, 8h or 7d; a number of bytes as 64KiB, 1MiB or 1GiB. A "
          "relative path starts at the folder of the file. What is marked with (reload) comes into force when visitord "
          "gets SIGHUP; the rest needs a restart.");
  roff.section("FILES");
  roff.item("/etc/visitor/visitor.toml", "Of root.");
  roff.item("$XDG_CONFIG_HOME/visitor/visitor.toml, ~/.config/visitor/visitor.toml", "Of other users.");
  for (const auto& table : config::tables()) {
    roff.section(fmt::format("[{}]", table.name)).text(table.sentence);
    for (const auto& option : config::options())
      if (option.table() == table.name) describe(roff, option);
  }
  for (const auto& list : config::lists()) {
    roff.section(fmt::format("[[{}]]", list.name))
        .text(std::string{list.sentence} + " May stand any number of times, each time with another name.");
    for (const auto& option : list.options) describe(roff, option);
  }
  describe_alerts(roff);
  roff.section("EXAMPLES")
      .verbatim("[database]\nurl_file = \"/etc/visitor/database.url\"\n\n[polling]\ninterval = \"5s\"");
  roff.section("SEE ALSO").text(bold("visitord") + "(8), " + bold("visitorctl-config") + "(1)");
  return {"visitor.toml", 5, roff.take()};
}

ManualPage health_page() {
  Roff roff{"visitor-health", 7, "what health checks look at, and how they answer"};
  roff.section("DESCRIPTION")
      .text(
          "'visitorctl health' and the address /health/ of visitord look at the same things. Each gets a status of its "
          "own, and the worst of them counts for the whole.");
  roff.section("CHECKS");
  for (const auto& check : app::assess({}).checks) {
    const auto looked =
        std::find_if(kLooked.begin(), kLooked.end(), [&](const auto& row) { return row.name == check.name; });
    const auto& row = looked == kLooked.end() ? Looked{check.name, "", ""} : *looked;
    roff.item(bold(check.name), fmt::format("Value: {}.{}", row.value, bounds_of(check, row)));
  }
  roff.item(
      bold("canary"),
      "Only with [alerts] canary_interval. Value: how long ago a channel last took a test message; of several, the "
      "one that has been without for longest. WARNING from twice the interval, CRITICAL from three times.");
  roff.item(
      bold("backup"),
      "Value: how old the newest good backup is. CRITICAL from [backup] max_age. 'visitorctl backup status' names "
      "what else it looks at. Without [backup] targets it is unknown, which does not count.");
  roff.section("STATUS OF A CHECK");
  roff.item(bold("ok"), "As it should be.");
  roff.item(bold("warning"), "Somebody should look.");
  roff.item(bold("critical"), "Something does not work.");
  roff.item(bold("unknown"),
            "It could not be found out, mostly because the database does not answer; or, of the check backup alone, it "
            "was never set up.");
  roff.section("STATUS OF THE WHOLE");
  roff.item(bold("healthy"), "Every check is ok, or of something that was never set up.");
  roff.item(bold("degraded"), "A check is warning or could not be found out, and none is critical.");
  roff.item(bold("unhealthy"), "A check is critical.");
  roff.section("PLUGIN OUTPUT")
      .text(
          "'visitorctl health' prints one line for Nagios, Icinga and their like: a status, what every check found, "
          "and after a bar the values with their thresholds. The exit status is that of a monitoring plugin:");
  roff.item(bold("0"), "OK: healthy.");
  roff.item(bold("1"), "WARNING: degraded.");
  roff.item(bold("2"), "CRITICAL: unhealthy.");
  roff.item(bold("3"), "UNKNOWN: it could not be found out; wrong use.");
  roff.text("Commands called check, such as 'visitorctl config check', end with the same statuses.");
  roff.section("HTTP");
  roff.item(bold("/livez"), "visitord runs.");
  roff.item(bold("/readyz"), "visitord can do its work.");
  roff.item(bold("/health/"), "Every check as JSON.");
  roff.item(bold("/metrics"), "The same facts as numbers, in the form that Prometheus reads.");
  roff.section("SEE ALSO").text(bold("visitorctl-health") + "(1), " + bold("visitord") + "(8)");
  return {"visitor-health", 7, roff.take()};
}

}  // namespace visitor::cli
