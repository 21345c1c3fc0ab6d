#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/poll_request.hpp"
#include "app/terminals.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"
#include "core/text.hpp"
#include "core/vault.hpp"
#include "db/listener.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::vector<std::string> terminals;
  bool no_wait = false;
  std::chrono::seconds timeout{30};
};

/// A terminal and what its poll came to, if it has been heard of.
struct Polled {
  app::TerminalListed listed;
  std::optional<app::PollAnswer> answer;
};

void write(JsonWriter& json, const Polled& polled) {
  json.begin_object().member("id", polled.listed.terminal.id).text_member("name", polled.listed.terminal.name);
  json.member("answered", polled.answer.has_value());
  const auto answer = polled.answer.value_or(app::PollAnswer{});
  json.text_member("state", polled.answer ? domain::name(answer.state) : "").member("events", answer.stored);
  json.member("check_ins", answer.check_ins).member("check_outs", answer.check_outs);
  json.member("incidents", answer.incidents).text_member("error", answer.error).end();
}

Table polled_table(const std::vector<Polled>& rows) {
  Table table{{{"Terminal"},
               {"State"},
               {"Events", Column::Align::right},
               {"Check-ins", Column::Align::right},
               {"Check-outs", Column::Align::right},
               {"Incidents", Column::Align::right},
               {"Error", {}, Column::Fit::give}}};
  for (const auto& [listed, answer] : rows) {
    const auto number = [&](int app::PollAnswer::*count) { return answer ? fmt::to_string(*answer.*count) : ""; };
    const bool good = answer && answer->error.empty();
    table.add({listed.terminal.name,
               {answer ? std::string{domain::name(answer->state)} : "no answer", good ? Tone::good : Tone::bad},
               number(&app::PollAnswer::stored),
               number(&app::PollAnswer::check_ins),
               number(&app::PollAnswer::check_outs),
               number(&app::PollAnswer::incidents),
               answer ? answer->error : ""});
  }
  return table;
}

/// Those that were named, or every one that is enabled.
std::vector<Polled> chosen(const app::Work& work, const Options& options) {
  std::vector<Polled> all;
  app::TerminalFilter enabled;
  enabled.enabled = true;
  if (options.terminals.empty())
    for (auto& listed : app::list_terminals(work, enabled)) all.push_back({std::move(listed), {}});
  for (const auto& ref : options.terminals) all.push_back({app::resolve_terminal(work, ref), {}});
  for (const auto& [listed, answer] : all) {
    const auto& terminal = listed.terminal;
    if (!terminal.enabled)
      throw Error(Errc::conflict, fmt::format("terminal {} is disabled", terminal.name),
                  fmt::format("Run 'visitorctl terminal enable {}' first.", terminal.id));
    if (!terminal.lease_until || *terminal.lease_until <= work.now)
      throw Error(Errc::terminal, fmt::format("nobody polls terminal {}", terminal.name), "Is visitord running?");
  }
  return all;
}

void run(const Options& options, Session& session) {
  app::PollRequest request{to_hex(random_bytes(8)), {}};
  db::Listener listener{session.db().options().connection, {std::string{app::kPolledChannel}}};
  if (!options.no_wait) listener.wait(std::chrono::milliseconds{0});
  std::vector<Polled> polled;
  {
    db::Transaction tx{session.db()};
    const auto work = session.work(tx);
    polled = chosen(work, options);
    for (const auto& one : polled) request.terminals.push_back(one.listed.terminal.id);
    app::ask_to_poll(work, request);
    tx.commit();
  }
  if (options.no_wait) return session.done_all("terminals", polled, fmt::format("Asked for {}.", polled.size()));

  const auto deadline = std::chrono::steady_clock::now() + options.timeout;
  std::size_t missing = polled.size();
  while (missing > 0) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    for (const auto& notification : listener.wait(left).notifications) {
      auto answer = app::parse_poll_answer(notification.payload);
      if (!answer || answer->asker != request.asker) continue;
      for (auto& one : polled)
        if (one.listed.terminal.id == answer->terminal && !one.answer) {
          one.answer = answer;
          --missing;
        }
    }
  }
  session.list("terminals", polled, polled_table(polled));
  const bool good = std::all_of(polled.begin(), polled.end(),
                                [](const Polled& one) { return one.answer && one.answer->error.empty(); });
  if (!good) session.set_exit_status(info(Errc::terminal).exit_status);
}

}  // namespace

void add_terminal_poll_now(Command& terminal) {
  auto options = std::make_shared<Options>();
  terminal.add("poll-now", "Have terminals polled at once, and wait for what came of it")
      .positional("TERMINAL", options->terminals, "Name or number; without one every enabled terminal")
      .flag("--no-wait", options->no_wait, "Only ask")
      .option("--timeout", "SPAN", options->timeout, "How long to wait for the answers")
      .default_is("30s")
      .details(
          "The visitord that polls a terminal does it, so that nothing is read twice. Exit status 15 where a "
          "terminal does not answer, or nobody polls it.")
      .fails_with({Errc::not_found, Errc::conflict, Errc::terminal})
      .uses_database()
      .example("visitorctl terminal poll-now")
      .example("visitorctl terminal poll-now 'Main entrance' --no-wait")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
