#include <sys/stat.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "config/options.hpp"
#include "config/values.hpp"
#include "config_folder.hpp"
#include "core/error.hpp"
#include "domain/alert.hpp"
#include "domain/incident.hpp"
#include "domain/rules.hpp"

using namespace visitor;
using namespace std::chrono_literals;

namespace {

struct Folder : test::ConfigFolder {
  /// The problems of \p text as they are printed, each without the folder.
  std::vector<std::string> problems(const std::string& text) const {
    std::vector<std::string> out;
    for (const auto& problem : read(text).problems) {
      auto line = to_text(problem);
      for (auto at = line.find(path.string() + "/"); at != std::string::npos; at = line.find(path.string() + "/"))
        line.erase(at, path.string().size() + 1);
      out.push_back(line);
    }
    return out;
  }
  /// The only problem of \p text.
  std::string problem(const std::string& text) const {
    const auto all = problems(text);
    BOOST_REQUIRE_EQUAL(all.size(), 1U);
    return all.front();
  }
};

/// An environment variable for the length of a test.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    if (value != nullptr)
      setenv(name, value, 1);
    else
      unsetenv(name);
  }
  ~Variable() {
    if (old_)
      setenv(name_, old_->c_str(), 1);
    else
      unsetenv(name_);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> old_;
};

boost::test_tools::assertion_result as_ordinary_user(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result result{geteuid() != 0};
  result.message() << "root has fixed places, and does not look at these variables";
  return result;
}

boost::test_tools::assertion_result as_root(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result result{geteuid() == 0};
  result.message() << "only root has these places";
  return result;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(config_load, Folder)

BOOST_AUTO_TEST_CASE(empty_file_gives_the_defaults_of_the_settings) {
  const auto reading = read("");
  BOOST_TEST(reading.problems.empty());
  const config::Settings defaults;
  for (const auto& option : config::options())
    if (option.kind != config::Kind::path)
      BOOST_TEST(config::value_text(option, reading.settings) == config::value_text(option, defaults));
  BOOST_TEST(reading.settings.file == file());
}

BOOST_AUTO_TEST_CASE(default_in_the_table_is_the_default_of_the_settings) {
  const config::Settings defaults;
  for (const auto& option : config::options()) {
    BOOST_TEST_CONTEXT(option.key) {
      const auto text = config::value_text(option, defaults);
      if (option.kind == config::Kind::span)
        BOOST_TEST((config::parse_duration(text) == config::parse_duration(option.fallback)));
      else
        BOOST_TEST(text == option.fallback);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_kind_of_value_is_read) {
  const auto reading = read(R"(
[state]
directory = "/srv/visitor"
[database]
url = "host=db password=geheim"
pool_size = 20
pool_wait = "250ms"
[http]
address = "::1"
port = 0
body_limit = "64KiB"
[visits]
reentry_grace = "20m"
[rules]
off = ["long_stay", "overstay", "long_stay"]
day_begins = "05:30"
day_ends = "24:00"
[log]
level = "debug"
)");
  BOOST_TEST(reading.problems.empty());
  const auto& s = reading.settings;
  BOOST_TEST(s.state_directory == "/srv/visitor");
  BOOST_TEST(s.database.url.reveal() == "host=db password=geheim");
  BOOST_TEST(s.database.directory == "/srv/visitor/postgres");
  BOOST_TEST(s.secrets.key_file == "/srv/visitor/master.key");
  BOOST_TEST(s.database.pool_size == 20);
  BOOST_TEST((s.database.pool_wait == 250ms));
  BOOST_TEST(s.http.address == "::1");
  BOOST_TEST(s.http.port == 0);
  BOOST_TEST(s.http.body_limit == 65536U);
  BOOST_TEST((s.visits.reentry_grace == 20min));
  BOOST_TEST(s.rules.off == (std::vector<std::string>{"long_stay", "overstay"}), boost::test_tools::per_element());
  BOOST_TEST((s.rules.day_begins == 5h + 30min));
  BOOST_TEST((s.rules.day_ends == 24h));
  BOOST_TEST(s.log.level == "debug");
}

BOOST_AUTO_TEST_CASE(relative_path_is_relative_to_the_folder_of_the_file) {
  const auto reading = read("state.directory = \"../state\"\nsecrets.key_file = \"keys/master.key\"\n");
  BOOST_TEST(reading.problems.empty());
  BOOST_TEST(reading.settings.state_directory == (path.parent_path() / "state"));
  BOOST_TEST(reading.settings.secrets.key_file == (path / "keys/master.key"));
}

BOOST_AUTO_TEST_CASE(every_problem_is_reported_at_once_in_the_order_of_the_file) {
  const auto all = problems(
      "[polling]\n"
      "intervall = \"2s\"\n"
      "lease = 10\n"
      "[rule]\n"
      "[http]\n"
      "port = 70000\n");
  const std::vector<std::string> expected{
      "visitor.toml:2: polling.intervall: unknown option; did you mean polling.interval?",
      "visitor.toml:3: polling.lease: must be a span of time with its unit, such as \"500ms\", \"90s\", \"15m\", "
      "\"8h\" or \"7d\", not a number",
      "visitor.toml:4: rule: unknown table; did you mean [rules]?",
      "visitor.toml:6: http.port: must be from 0 to 65535, not 70000",
  };
  BOOST_TEST(all == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(unknown_option_names_the_nearest_one) {
  BOOST_TEST(problem("[visits]\nre_entry_grace = \"1m\"\n") ==
             "visitor.toml:2: visits.re_entry_grace: unknown option; did you mean visits.reentry_grace?");
  BOOST_TEST(problem("[visits]\nlong_stay = \"8h\"\n") ==
             "visitor.toml:2: visits.long_stay: unknown option; did you mean rules.long_stay?");
  BOOST_TEST(problem("port = 80\n") == "visitor.toml:1: port: unknown option; did you mean http.port?");
  BOOST_TEST(problem("[visits]\nzzzzzzzzzzzzzz = 1\n") == "visitor.toml:2: visits.zzzzzzzzzzzzzz: unknown option");
  BOOST_TEST(
      problem("[rules.long_stay_limits]\n").starts_with("visitor.toml:1: rules.long_stay_limits: unknown option"));
}

BOOST_AUTO_TEST_CASE(unknown_table_names_the_nearest_one_if_any) {
  BOOST_TEST(problem("[databse]\nurl = 1\n") == "visitor.toml:1: databse: unknown table; did you mean [database]?");
  BOOST_TEST(problem("[zzzzzzzzzz]\n") == "visitor.toml:1: zzzzzzzzzz: unknown table");
  BOOST_TEST(problem("http = 8480\n") ==
             "visitor.toml:1: http: must be a table: write [http] and its options below it");
}

BOOST_AUTO_TEST_CASE(wrong_type_is_named_with_what_is_expected) {
  BOOST_TEST(problem("[http]\nport = \"8480\"\n") == "visitor.toml:2: http.port: must be a whole number, not text");
  BOOST_TEST(problem("[http]\nport = 84.8\n") ==
             "visitor.toml:2: http.port: must be a whole number, not a number with a fraction");
  BOOST_TEST(problem("[log]\nlevel = true\n") ==
             "visitor.toml:2: log.level: must be one of trace, debug, info, warning, error, off, not true or false");
  BOOST_TEST(problem("[state]\ndirectory = 1\n") ==
             "visitor.toml:2: state.directory: must be text in quotes, not a number");
  BOOST_TEST(problem("[rules]\noff = \"long_stay\"\n") ==
             "visitor.toml:2: rules.off: must be a list of words such as [\"exit_without_entry\"], not text");
  BOOST_TEST(problem("[rules]\noff = [1]\n") == "visitor.toml:2: rules.off: must hold words in quotes, not a number");
  BOOST_TEST(problem("[rules]\nday_begins = 06:00:00\n") ==
             "visitor.toml:2: rules.day_begins: must be a time of day such as \"06:00\", not a date or time");
  BOOST_TEST(problem("[http]\nbody_limit = [1]\n") ==
             "visitor.toml:2: http.body_limit: must be a number of bytes such as \"64KiB\" or \"1MiB\", not a list");
}

BOOST_AUTO_TEST_CASE(unreadable_value_is_quoted) {
  BOOST_TEST(problem("[polling]\ninterval = \"2\"\n").ends_with("or \"7d\", not \"2\""));
  BOOST_TEST(problem("[polling]\ninterval = \"-2s\"\n").ends_with("or \"7d\", not \"-2s\""));
  BOOST_TEST(problem("[polling]\ninterval = \"2 s\"\n").ends_with("or \"7d\", not \"2 s\""));
  BOOST_TEST(problem("[rules]\nday_ends = \"25:00\"\n") ==
             "visitor.toml:2: rules.day_ends: must be a time of day such as \"06:00\", not \"25:00\"");
  BOOST_TEST(problem("[http]\naddress = \"localhost\"\n") ==
             "visitor.toml:2: http.address: must be an IP address such as \"127.0.0.1\" or \"::1\", not \"localhost\"");
  BOOST_TEST(problem("[http]\nbody_limit = \"1MB\"\n") ==
             "visitor.toml:2: http.body_limit: must be a number of bytes such as \"64KiB\" or \"1MiB\", not \"1MB\"");
  BOOST_TEST(problem("[http]\nbody_limit = -1\n").ends_with("not -1"));
  BOOST_TEST(problem("[log]\nlevel = \"warnin\"\n") ==
             "visitor.toml:2: log.level: \"warnin\" is unknown; did you mean \"warning\"?");
  BOOST_TEST(problem("[log]\nformat = \"syslogformat\"\n") ==
             "visitor.toml:2: log.format: \"syslogformat\" is unknown; it can be auto, plain, json, journal");
  BOOST_TEST(problem("[rules]\noff = [\"longstay\"]\n") ==
             "visitor.toml:2: rules.off: \"longstay\" is unknown; did you mean \"long_stay\"?");
  BOOST_TEST(problem("[state]\ndirectory = \"a\\u0000b\"\n") ==
             "visitor.toml:2: state.directory: must not hold a NUL character");
}

BOOST_AUTO_TEST_CASE(value_out_of_range_is_named_with_the_range) {
  BOOST_TEST(problem("[polling]\ninterval = \"1ms\"\n") ==
             "visitor.toml:2: polling.interval: must be from 100ms to 1h, not 1ms");
  BOOST_TEST(problem("[database]\npool_size = 9223372036854775807\n") ==
             "visitor.toml:2: database.pool_size: must be from 2 to 200, not 9223372036854775807");
  BOOST_TEST(problem("[http]\nbody_limit = 10\n") ==
             "visitor.toml:2: http.body_limit: must be from 1KiB to 1GiB, not 10");
  BOOST_TEST(problem("[rules]\nday_ends = \"00:00\"\n") ==
             "visitor.toml:2: rules.day_ends: must be from 00:01 to 24:00, not 00:00");
  BOOST_TEST(problem("[visits]\nreentry_grace = \"1500ms\"\n") ==
             "visitor.toml:2: visits.reentry_grace: must be whole seconds, not 1500ms");
}

BOOST_AUTO_TEST_CASE(day_that_ends_before_it_begins_is_a_problem) {
  BOOST_TEST(problem("[rules]\nday_begins = \"22:00\"\nday_ends = \"06:00\"\n") ==
             "visitor.toml:3: rules.day_ends: the day ends at 06:00, and must end after it begins at 22:00");
  BOOST_TEST(problem("[rules]\nday_begins = \"23:00\"\n") ==
             "visitor.toml:2: rules.day_begins: the day ends at 22:00, and must end after it begins at 23:00");
}

BOOST_AUTO_TEST_CASE(bad_syntax_is_named_with_its_line) {
  const auto said = problem("[http]\nport = 8480\naddress = \"127.0.0.1\n");
  BOOST_TEST(said.starts_with("visitor.toml:3: not valid TOML: "));
  BOOST_TEST(problem("[http]\nport = 1\nport = 2\n").starts_with("visitor.toml:3: not valid TOML: "));
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_refused_and_not_followed) {
  BOOST_TEST(
      problem("[rules]\noff = " + std::string(100'000, '[') + "\n").starts_with("visitor.toml:2: not valid TOML"));
}

BOOST_AUTO_TEST_CASE(file_that_is_missing_unreadable_or_huge_is_a_problem) {
  const auto missing = config::check(path / "nowhere.toml");
  BOOST_REQUIRE_EQUAL(missing.size(), 1U);
  BOOST_TEST(to_text(missing[0]) == (path / "nowhere.toml").string() + ": the file does not exist");

  const auto folder = config::check(path);
  BOOST_REQUIRE_EQUAL(folder.size(), 1U);
  BOOST_TEST(folder[0].message.ends_with("Is a directory"));

  BOOST_TEST(problem(std::string((1U << 20) + 1, '#')).ends_with("is larger than 1048576 bytes"));
}

BOOST_AUTO_TEST_CASE(url_comes_from_a_file_that_only_its_owner_may_read) {
  write_file(path / "url", "postgresql://v:geheim@db/visitor\n", 0600);
  const auto reading = read("[database]\nurl_file = \"url\"\n");
  BOOST_TEST(reading.problems.empty());
  BOOST_TEST(reading.settings.database.url.reveal() == "postgresql://v:geheim@db/visitor");

  chmod((path / "url").c_str(), 0640);
  BOOST_TEST(problem("[database]\nurl_file = \"url\"\n") ==
             "visitor.toml:2: database.url_file: url is open to others (mode 0640); run 'chmod 600 url'");
  BOOST_TEST(problem("[database]\nurl_file = \"nowhere\"\n") ==
             "visitor.toml:2: database.url_file: cannot read nowhere: No such file or directory");
  write_file(path / "empty", "\n", 0600);
  BOOST_TEST(problem("[database]\nurl_file = \"empty\"\n") ==
             "visitor.toml:2: database.url_file: empty holds no secret");
  BOOST_TEST(problem("[database]\nurl = \"host=a\"\nurl_file = \"url\"\n") ==
             "visitor.toml:3: database.url_file: cannot stand beside database.url; keep one of the two");
}

BOOST_AUTO_TEST_CASE(load_throws_with_the_first_problem_and_counts_the_others) {
  write_file(file(), "[http]\nport = -1\nmax_connections = 0\n");
  BOOST_CHECK_EXCEPTION(config::load(file()), Error, [&](const Error& error) {
    return error.code() == Errc::config &&
           error.message() == file().string() + ":2: http.port: must be from 0 to 65535, not -1 (and 1 more problem)";
  });
}

BOOST_AUTO_TEST_CASE(sample_names_every_option_and_means_the_defaults) {
  const auto text = config::sample();
  for (const auto& option : config::options()) {
    const auto name = option.name();
    BOOST_TEST(text.find("\n#" + std::string{name} + " = ") != std::string::npos);
  }
  for (const auto& list : config::lists()) {
    BOOST_TEST(text.find("\n#[[" + std::string{list.name} + "]]\n") != std::string::npos);
    for (const auto& option : list.options)
      BOOST_TEST(text.find("\n#" + std::string{option.name()} + " = ") != std::string::npos);
  }
  BOOST_TEST(problems(text).empty());
  BOOST_TEST(read(text).settings.from_file.empty());
}

BOOST_AUTO_TEST_CASE(sample_without_its_comment_signs_has_no_problem) {
  std::string text;
  bool url_file = false;
  std::string table;
  std::istringstream lines{config::sample()};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("#url_file")) url_file = true;
    if (line.starts_with('[')) table = line;
    // url and url_file exclude each other, and the log of a server that they name is not ours to archive.
    const bool excluded = line.starts_with("#url_file") || (table == "[backup.wal]" && line.starts_with("#directory"));
    const bool said = line.size() > 1 && ((line[1] >= 'a' && line[1] <= 'z') || line[1] == '[');
    if (line.starts_with('#') && said && !excluded) line.erase(0, 1);
    text += line + "\n";
  }
  BOOST_TEST(url_file);
  std::size_t options = config::options().size() - 2;
  const auto write_secret = [&](const config::Option& option) {
    if (option.kind == config::Kind::secret_file) write_file(path / option.example, "123456789:geheimnis\n", 0600);
  };
  for (const auto& option : config::options()) write_secret(option);
  for (const auto& list : config::lists()) {
    options += list.options.size();
    for (const auto& option : list.options) write_secret(option);
  }
  const auto reading = read(text);
  for (const auto& problem : reading.problems) BOOST_TEST_MESSAGE(to_text(problem));
  BOOST_TEST(reading.problems.empty());
  BOOST_TEST(reading.settings.from_file.size() == options);
  for (const auto& list : config::lists()) BOOST_TEST(list.size(reading.settings) == 1U);
}

BOOST_AUTO_TEST_CASE(telegram_needs_a_token_that_is_one_and_ids_that_are_numbers) {
  write_file(path / "bot.token", "123456789:AAE-abcdefgh\n", 0600);
  write_file(path / "no.token", "secret words\n", 0600);
  const auto good = read(
      "[telegram]\ntoken_file = \"bot.token\"\nchats = [\"-1001\", \"42\"]\npeople = [\"42\"]\n"
      "webhook_url = \"https://visitor.example/telegram\"\n");
  BOOST_TEST(good.problems.empty());
  BOOST_TEST(good.settings.telegram.token.content.reveal() == "123456789:AAE-abcdefgh");
  for (const char* wrong :
       {"token_file = \"no.token\"", "token_file = \"absent.token\"", "chats = [\"home\"]", "chats = [\"0\"]",
        "chats = [\"42\"]\npeople = [\"-42\"]", "people = [\"42\"]", "webhook_url = \"https://x.example/\"",
        "base_url = \"https://x.example/?a\"", "base_url = \"x\"", "language = \"kk\""}) {
    const auto reading = read(std::string{"[telegram]\n"} + wrong);
    BOOST_TEST_CONTEXT(wrong) {
      BOOST_REQUIRE_EQUAL(reading.problems.size(), 1U);
      BOOST_TEST(to_text(reading.problems[0]).find("secret words") == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(show_has_every_option_with_its_origin_and_no_secret) {
  const auto shown = config::show(read("[database]\nurl = \"password=geheim\"\n[http]\nport = 80\n").settings);
  BOOST_REQUIRE_EQUAL(shown.size(), config::options().size());
  const auto find = [&](const std::string& key) { return *std::ranges::find(shown, key, &config::Shown::key); };
  BOOST_TEST(find("database.url").value == "\"***\"");
  BOOST_TEST(find("database.url").origin == "file");
  BOOST_TEST(find("http.port").value == "80");
  BOOST_TEST(find("http.port").origin == "file");
  BOOST_TEST(find("http.address").value == "\"127.0.0.1\"");
  BOOST_TEST(find("http.address").origin == "default");
  BOOST_TEST(find("rules.off").value == "[]");
  BOOST_TEST(find("visits.reentry_grace").value == "\"15m\"");
}

BOOST_AUTO_TEST_CASE(reload_brings_in_what_can_change_and_keeps_the_rest) {
  const auto running = read("[http]\nport = 80\n[polling]\ninterval = \"2s\"\n").settings;
  const auto fresh = read("[polling]\ninterval = \"3s\"\n[database]\nurl = \"host=b\"\n").settings;

  const auto reload = config::reload(running, fresh);

  BOOST_TEST(reload.changed == std::vector<std::string>{"polling.interval"}, boost::test_tools::per_element());
  BOOST_TEST(reload.need_restart == (std::vector<std::string>{"database.url", "http.port"}),
             boost::test_tools::per_element());
  BOOST_TEST((reload.settings.polling.interval == 3s));
  BOOST_TEST(reload.settings.http.port == 80);
  BOOST_TEST(reload.settings.database.url.empty());
  BOOST_TEST(reload.settings.from_file.contains("http.port"));
  BOOST_TEST(!reload.settings.from_file.contains("database.url"));
}

BOOST_AUTO_TEST_CASE(rules_that_can_be_switched_off_are_the_incident_types) {
  const auto choices = config::find_option("rules.off")->choices;
  std::vector<std::string_view> types;
  for (const auto& row : domain::names<domain::IncidentType>()) types.push_back(row.name);
  BOOST_TEST(choices == types, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(canaries_go_to_a_channel_and_its_recipient) {
  const auto& option = *config::find_option("alerts.canary_to");
  for (const auto& row : domain::names<domain::Channel>()) {
    const auto channel = std::string{row.name};
    const bool log = row.value == domain::Channel::log;
    BOOST_TEST(option.wrong(channel).empty() == log);
    BOOST_TEST(option.wrong(channel + ":somebody").empty() == !log);
    BOOST_TEST(!option.wrong(channel + ":").empty());
  }
  for (const auto* text : {"", ":", "fax:17", "Log", ":ops"}) BOOST_TEST(!option.wrong(text).empty());
}

BOOST_AUTO_TEST_CASE(options_of_the_rules_say_what_the_rules_say_themselves) {
  config::Settings settings;
  for (const auto& rule : domain::rules()) {
    const auto type = std::string{domain::name(rule.type)};
    BOOST_TEST_CONTEXT(type) {
      const auto* severity = config::find_option("rules." + type + "_severity");
      BOOST_TEST_REQUIRE(severity != nullptr);
      BOOST_TEST(severity->fallback == domain::name(rule.severity));
      BOOST_TEST(config::value_text(*severity, settings) == severity->fallback);
      // Each option sets the place of its own type.
      BOOST_TEST(config::assign(settings, *severity, "low") == "");
      BOOST_TEST(settings.rules.severity.at(static_cast<std::size_t>(rule.type)) == "low");
      BOOST_TEST(config::assign(settings, *severity, severity->fallback) == "");
      for (const auto key : rule.thresholds)
        BOOST_TEST(config::find_option("rules." + std::string{key}) != nullptr, key);
    }
  }
  BOOST_TEST(settings.rules.severity.size() == domain::rules().size());
  // A rule's own thresholds are those of an empty file.
  const domain::RuleSettings own;
  BOOST_TEST((own.overstay == settings.rules.overstay && own.clock_drift == settings.rules.clock_drift));
  BOOST_TEST((own.exit_entry_count == settings.rules.exit_entry_count));
  BOOST_TEST((own.exit_entry_window == settings.rules.exit_entry_window && own.capacity == settings.rules.capacity));
}

BOOST_AUTO_TEST_CASE(an_option_set_from_text_has_the_bounds_of_the_file) {
  config::Settings settings;
  const auto assign = [&](std::string_view key, std::string_view text) {
    return config::assign(settings, *config::find_option(key), text);
  };
  BOOST_TEST(assign("rules.long_stay", "6h") == "");
  BOOST_TEST((settings.rules.long_stay == 6h));
  BOOST_TEST(assign("rules.long_stay", "59s") == "must be from 1m to 30d, not 59s");
  BOOST_TEST(assign("rules.exit_entry_count", "1") == "must be from 2 to 1000, not 1");
  BOOST_TEST(assign("rules.exit_entry_count", "many") == "must be a whole number, not \"many\"");
  BOOST_TEST(assign("rules.off", " tamper , duress,tamper") == "");
  BOOST_TEST(settings.rules.off == (std::vector<std::string>{"tamper", "duress"}), boost::test_tools::per_element());
  BOOST_TEST(assign("rules.off", "tampr") == "\"tampr\" is unknown; did you mean \"tamper\"?");
  BOOST_TEST(settings.rules.off.size() == 2U);
  BOOST_TEST(assign("rules.off", "") == "");
  BOOST_TEST(settings.rules.off.empty());
  BOOST_TEST(assign("rules.day_begins", "23:30") == "");
  BOOST_TEST(config::contradiction(settings) == "the day ends at 22:00, and must end after it begins at 23:30");
  BOOST_TEST(assign("rules.day_ends", "24:00") == "");
  BOOST_TEST(config::contradiction(settings) == "");
}

BOOST_AUTO_TEST_CASE(keys_are_unique_and_belong_to_a_table) {
  std::set<std::string_view> keys;
  for (const auto& option : config::options()) {
    BOOST_TEST(keys.insert(option.key).second);
    BOOST_TEST((std::ranges::find(config::tables(), option.table(), &config::Table::name) != config::tables().end()));
    BOOST_TEST(option.sentence.ends_with('.'));
  }
  for (const auto& list : config::lists()) {
    BOOST_TEST((std::ranges::find(config::tables(), list.name, &config::Table::name) == config::tables().end()));
    BOOST_TEST(list.options.front().name() == "name");
    BOOST_TEST(list.options.front().required);
    for (const auto& option : list.options) {
      BOOST_TEST(keys.insert(option.key).second);
      BOOST_TEST(option.table() == list.name);
      BOOST_TEST(option.sentence.ends_with('.'));
      BOOST_TEST(option.reloadable);
    }
  }
}

BOOST_AUTO_TEST_CASE(service_manager_names_the_places) {
  const Variable configuration{"CONFIGURATION_DIRECTORY", "/etc/visitor-b"};
  const Variable state{"STATE_DIRECTORY", "/var/lib/visitor-b"};
  BOOST_TEST(config::default_file() == "/etc/visitor-b/visitor.toml");
  BOOST_TEST(config::default_state_directory() == "/var/lib/visitor-b");
}

BOOST_AUTO_TEST_CASE(root_has_fixed_places, *boost::unit_test::precondition(as_root)) {
  const Variable configuration{"CONFIGURATION_DIRECTORY", nullptr};
  const Variable state{"STATE_DIRECTORY", nullptr};
  const Variable xdg{"XDG_STATE_HOME", "/elsewhere"};
  BOOST_TEST(config::default_file() == "/etc/visitor/visitor.toml");
  BOOST_TEST(config::default_state_directory() == "/var/lib/visitor");
}

BOOST_AUTO_TEST_CASE(ordinary_user_has_places_below_home, *boost::unit_test::precondition(as_ordinary_user)) {
  const Variable configuration{"CONFIGURATION_DIRECTORY", nullptr};
  const Variable state{"STATE_DIRECTORY", nullptr};
  const Variable home{"HOME", "/home/anna"};
  const Variable config_home{"XDG_CONFIG_HOME", nullptr};
  const Variable state_home{"XDG_STATE_HOME", "relative/is/ignored"};
  BOOST_TEST(config::default_file() == "/home/anna/.config/visitor/visitor.toml");
  BOOST_TEST(config::default_state_directory() == "/home/anna/.local/state/visitor");
  const Variable absolute{"XDG_STATE_HOME", "/data"};
  BOOST_TEST(config::default_state_directory() == "/data/visitor");
}

BOOST_AUTO_TEST_CASE(missing_home_is_a_clear_error, *boost::unit_test::precondition(as_ordinary_user)) {
  const Variable configuration{"CONFIGURATION_DIRECTORY", nullptr};
  const Variable home{"HOME", nullptr};
  const Variable config_home{"XDG_CONFIG_HOME", nullptr};
  BOOST_CHECK_EXCEPTION(config::default_file(), Error, [](const Error& error) {
    return error.message() == "neither HOME nor XDG_CONFIG_HOME is set";
  });
}

BOOST_AUTO_TEST_SUITE_END()
