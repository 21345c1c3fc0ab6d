#include <fmt/format.h>

#include <algorithm>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/record.hpp"
#include "cli/terminal_check.hpp"
#include "cli/terminal_client.hpp"
#include "cli/views.hpp"
#include "store/journal.hpp"
#include "store/terminals.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string terminal;
  bool pin = false;
  bool force = false;
};

/// The whole walk.
struct Report {
  app::TerminalListed listed;
  std::vector<CheckStep> steps;
  bool ok = false;
};

void write(JsonWriter& json, const Report& report) {
  json.begin_object();
  write_named(json, "terminal", report.listed.terminal.id, report.listed.terminal.name);
  json.member("ok", report.ok).key("steps").begin_array();
  for (const auto& step : report.steps) write(json, step);
  json.end().end();
}

Tone tone_of(CheckStep::Result result) {
  switch (result) {
    case CheckStep::Result::ok:
      return Tone::good;
    case CheckStep::Result::warning:
      return Tone::warning;
    case CheckStep::Result::failed:
      return Tone::bad;
    case CheckStep::Result::skipped:
      break;
  }
  return Tone::faint;
}

void pin(const domain::Terminal& terminal, const net::Fingerprint& certificate, Session& session) {
  db::Transaction tx{session.db()};
  store::Terminals{tx, domain::Scope::everything()}.pin_certificate(
      terminal.id, std::vector(certificate.bytes.begin(), certificate.bytes.end()));
  tx.commit();
  session.note("Pinned the certificate " + net::to_text(certificate) + ".");
}

void run(const Options& options, Session& session) {
  Report report;
  {
    db::Transaction tx{session.db(), kReading};
    report.listed = app::resolve_terminal(session.reader(tx), options.terminal);
  }
  const auto& terminal = report.listed.terminal;
  put_on_record(session, {domain::AuditAction::view, store::topic::kTerminal, terminal.id.value,
                          app::Details{}.add("what", "test")});
  auto settings = client_options(terminal, session);
  if (options.pin) settings.certificate.reset();
  const auto before = settings.login;
  const SystemClock clock;
  hikvision::Client client{std::move(settings), clock};
  if (options.force) client.allow_login();

  const auto show = [&](const CheckStep& step) {
    report.steps.push_back(step);
    if (session.json()) return;
    if (!session.for_people())
      return session.print(
          fmt::format("{}\t{}\t{}\t{}\n", step.name, name(step.result), tsv_field(step.message), tsv_field(step.hint)));
    auto line = fmt::format("{:<13} {}", step.name, toned(name(step.result), tone_of(step.result), session.colour()));
    if (!step.message.empty()) line += ": " + printable(step.message);
    session.print(line + "\n");
    if (!step.hint.empty()) session.print(fmt::format("{:<13}   {}\n", "", printable(step.hint)));
  };
  const auto failure = check_terminal(client, {terminal.serial_number, terminal.mac_address}, show);
  keep_login(terminal, before, client.login_state(), failure, session);
  report.ok = !failure;
  if (session.json()) session.show(report, Card{});
  if (failure) {
    const auto failed = std::find_if(report.steps.begin(), report.steps.end(),
                                     [](const auto& step) { return step.result == CheckStep::Result::failed; });
    throw Error(Errc::terminal,
                fmt::format("terminal '{}' failed at the step {}: {}", terminal.name, failed->name, failure->message),
                failure->hint);
  }
  if (options.pin) {
    if (const auto certificate = client.certificate())
      pin(terminal, *certificate, session);
    else
      session.note("There is no certificate to pin: the terminal is not reached by https.");
  }
}

}  // namespace

void add_terminal_test(Command& terminal) {
  auto options = std::make_shared<Options>();
  terminal.add("test", "Walk through all that polling a terminal needs, and say what is wrong and what to do")
      .details(
          "Steps: connect, log_in, identity, clock, capabilities, page. Changes nothing on the terminal, and stores "
          "nothing but what became of the log-in, so that visitord and this command together never lock it.")
      .positional("TERMINAL", options->terminal, "Name or number")
      .required()
      .flag("--pin", options->pin, "Believe the certificate that is shown now, and only this one from now on")
      .flag("--force", options->force, "Log in although the terminal said that few tries are left, or to wait")
      .fails_with({Errc::not_found, Errc::terminal})
      .uses_database()
      .example("visitorctl terminal test 'Main entrance'")
      .example("visitorctl terminal test 3 --pin", "After the terminal got a new certificate")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
