#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>

#include "app/instance.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "config/options.hpp"
#include "core/text.hpp"
#include "db/transaction.hpp"
#include "store/candidates.hpp"

namespace visitor::cli {

/// Of what a shell hands over nothing is wrong: it may be empty, and what it holds finds nothing.
struct Typed {
  std::string text;
};

template <>
struct Value<Typed> {
  static Typed parse(std::string_view words, const Bounds&) { return {clean_utf8(std::string{words})}; }
  static std::vector<std::string> choices() { return {}; }
};

namespace {

using store::Completion;

// Somebody waits at the keyboard.
constexpr std::chrono::milliseconds kPatience{700};
constexpr auto kZones = "/usr/share/zoneinfo/tzdata.zi";

struct Options {
  Typed kind;
  Typed beginning;
  std::vector<Typed> words;
};

/// Ends the program after kPatience, wherever it is: a host name that does not resolve, a server that hangs.
void bound_in_time() {
  std::signal(SIGALRM, [](int) { ::_exit(0); });
  itimerval after{};
  after.it_value.tv_usec = std::chrono::microseconds{kPatience}.count();
  ::setitimer(ITIMER_REAL, &after, nullptr);
}

void add_if_begun(std::vector<Completion>& found, const std::string& beginning, std::string_view word,
                  std::string_view note) {
  if (word.starts_with(beginning)) found.push_back({std::string{word}, std::string{note}});
}

/// What follows \p words, as 'help' takes them.
std::vector<Completion> commands(const Options& options, const Command& root) {
  const auto* command = &root;
  for (const auto& word : options.words)
    if (const auto* child = command->find(word.text)) command = child;
  std::vector<Completion> found;
  for (const auto& child : command->children())
    if (!child->is_hidden()) add_if_begun(found, options.beginning.text, child->name(), child->help());
  return found;
}

std::vector<Completion> keys(const Options& options) {
  std::vector<Completion> found;
  const auto add = [&](std::span<const config::Option> rows) {
    for (const auto& option : rows) add_if_begun(found, options.beginning.text, option.key, option.sentence);
  };
  add(config::options());
  for (const auto& list : config::lists()) add(list.options);
  return found;
}

/// "Z Asia/Almaty …" begins a zone and "L Asia/Almaty Other/Name" gives it another name.
std::vector<Completion> zones(const Options& options) {
  std::vector<Completion> found;
  std::ifstream file{kZones};
  for (std::string kind, line; file >> kind && std::getline(file, line);) {
    const auto text = std::string_view{line}.substr(std::min<std::size_t>(1, line.size()));
    const auto blank = text.find(' ');
    if (blank == std::string_view::npos || (kind != "Z" && kind != "L")) continue;
    add_if_begun(found, options.beginning.text, kind == "Z" ? text.substr(0, blank) : text.substr(blank + 1), "");
  }
  return found;
}

std::vector<Completion> look_up(const Options& options, db::Transaction& tx) {
  store::Candidates candidates{tx};
  const auto& kind = options.kind.text;
  const auto& beginning = options.beginning.text;
  if (kind == "VISIT") return candidates.visits(beginning);
  if (kind == "INCIDENT") return candidates.incidents(beginning);
  if (kind == "ALERT") return candidates.alerts(beginning);
  if (kind == "HOST") return candidates.hosts(beginning);
  if (kind == "DEPARTMENT") return candidates.departments(beginning);
  if (kind == "SITE") return candidates.sites(beginning);
  if (kind == "TERMINAL") return candidates.terminals(beginning);
  if (kind == "JOB") return candidates.jobs(beginning);
  if (kind != "GUEST") return {};
  auto found = candidates.guests_by_number(beginning);
  if (!beginning.empty()) {
    auto named = candidates.guests(beginning);
    found.insert(found.end(), std::make_move_iterator(named.begin()), std::make_move_iterator(named.end()));
  }
  return found;
}

/// Nothing where the embedded cluster does not run: a word that is being typed starts no server.
std::vector<Completion> look_up(const Options& options, Session& session) {
  app::Instance instance{session.settings()};
  db::ConnectionOptions connection;
  connection.application_name = "visitorctl completion";
  connection.statement_deadline = kPatience;
  if (instance.embedded()) {
    if (instance.cluster().status().state != db::ClusterState::running) return {};
    connection.conninfo = instance.cluster().conninfo();
  } else {
    connection.conninfo = instance.settings().database.url;
  }
  db::Connection database{connection};
  db::Transaction tx{database, {.read_only = true}};
  return look_up(options, tx);
}

std::vector<Completion> candidates(const Options& options, Session& session) {
  if (options.kind.text == "COMMAND") return commands(options, session.root());
  if (options.kind.text == "OPTION") return keys(options);
  if (options.kind.text == "ZONE") return zones(options);
  return look_up(options, session);
}

void run(const Options& options, Session& session) {
  bound_in_time();
  std::string text;
  try {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    for (const auto& [word, note] : candidates(options, session)) {
      // What a shell cannot take as one word is not proposed.
      if (word.empty() || std::any_of(word.begin(), word.end(), control)) continue;
      text += word + "\t" + printable(note) + "\n";
    }
  } catch (const std::exception&) {
    return;  // there is nothing to propose, and the command line that is being typed is not the place to say why
  }
  session.print(text);
}

}  // namespace

void add_complete(Command& root) {
  auto options = std::make_shared<Options>();
  root.add("__complete", "Print what a word that is being typed may become, for the scripts of 'completion'")
      .details(
          "KIND is the name that the value has in help: VISIT, HOST, OPTION and so on. Each line is a word, a tab and "
          "what that is. Prints nothing where there is nothing to propose, whatever the reason.")
      .positional("KIND", options->kind, "What is looked for")
      .required()
      .positional("BEGINNING", options->beginning, "What has been typed of it")
      .positional("WORD", options->words, "The arguments before it")
      .example("visitorctl __complete -- HOST Dan")
      .hidden()
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
