#include "config/load.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <toml++/toml.h>
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <iterator>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "config/contradictions.hpp"
#include "config/options.hpp"
#include "config/values.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/telegram_token.hpp"
#include "core/text.hpp"

namespace visitor::config {
namespace {

constexpr std::size_t kFileLimit = std::size_t{1} << 20;

std::filesystem::path base_directory(const char* service_variable, std::string_view root_directory,
                                     const char* xdg_variable, std::string_view home_suffix) {
  const auto value = [](const char* name) {
    const char* text = std::getenv(name);
    return std::string{text == nullptr ? "" : text};
  };
  // systemd separates several directories with colons; ours has one.
  if (const auto given = value(service_variable); given.starts_with('/')) return given.substr(0, given.find(':'));
  if (geteuid() == 0) return root_directory;
  if (const auto given = value(xdg_variable); given.starts_with('/')) return std::filesystem::path{given} / "visitor";
  if (const auto home = value("HOME"); home.starts_with('/'))
    return std::filesystem::path{home} / home_suffix / "visitor";
  throw Error(Errc::config, fmt::format("neither HOME nor {} is set", xdg_variable),
              "Set HOME, or name the configuration with --config and the state with [state] directory.");
}

std::string type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string:
      return "text";
    case toml::node_type::integer:
      return "a number";
    case toml::node_type::floating_point:
      return "a number with a fraction";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::table:
      return "a table";
    default:
      return "a date or time";
  }
}

std::string expected(const Option& option) {
  switch (option.kind) {
    case Kind::address:
      return "an IP address such as \"127.0.0.1\" or \"::1\"";
    case Kind::integer:
      return "a whole number";
    case Kind::size:
      return "a number of bytes such as \"64KiB\" or \"1MiB\"";
    case Kind::span:
      return "a span of time with its unit, such as \"500ms\", \"90s\", \"15m\", \"8h\" or \"7d\"";
    case Kind::clock_time:
      return "a time of day such as \"06:00\"";
    case Kind::choice:
      return fmt::format("one of {}", fmt::join(option.choices, ", "));
    case Kind::choices:
      return fmt::format("a list of words such as [\"{}\"]", option.choices.front());
    case Kind::flag:
      return "true or false";
    case Kind::texts:
      return fmt::format("a list of texts in quotes such as [{}]",
                         json_quote(option.example.empty() ? "…" : option.example));
    default:
      return "text in quotes";
  }
}

std::vector<std::string> strings(std::span<const std::string_view> views) {
  return {views.begin(), views.end()};
}

std::string did_you_mean(const std::optional<std::string>& near) {
  return near ? fmt::format("; did you mean {}?", *near) : "";
}

/// A limit that is not there does not limit.
template <class T>
bool within(T value, std::optional<T> minimum, std::optional<T> maximum) {
  return value >= minimum.value_or(value) && value <= maximum.value_or(value);
}

std::vector<Contradiction> mail_contradictions(const Settings& settings) {
  const auto& email = settings.email;
  const bool password = !email.password.path.empty();
  std::vector<Contradiction> wrong;
  if (!email.server.empty() && email.from.empty()) wrong.push_back({"email.server", "needs email.from beside it"});
  if (email.user.empty() && password) wrong.push_back({"email.password_file", "needs email.user beside it"});
  if (!email.user.empty() && !password) wrong.push_back({"email.user", "needs email.password_file beside it"});
  if (!email.user.empty() && email.tls == "none")
    wrong.push_back({"email.tls", "must not be none beside email.user: the password would be readable on its way"});
  return wrong;
}

std::vector<Contradiction> telegram_contradictions(const Settings& settings) {
  const auto& telegram = settings.telegram;
  const bool token = !telegram.token.path.empty();
  std::vector<Contradiction> wrong;
  if (token && !telegram.token.content.empty() && !is_telegram_token(telegram.token.content.reveal()))
    wrong.push_back({"telegram.token_file", "does not hold a token: one line such as 123456789:AAE-…, from BotFather"});
  if (telegram.base_url.find('?') != std::string::npos)
    wrong.push_back({"telegram.base_url", "must not hold a question mark"});
  if (!telegram.people.empty() && telegram.chats.empty())
    wrong.push_back({"telegram.people", "needs telegram.chats beside it"});
  if (!telegram.webhook_url.empty() && !token)
    wrong.push_back({"telegram.webhook_url", "needs telegram.token_file beside it"});
  return wrong;
}

/// Reads one file: walks its tree, fills the settings, collects what is wrong.
class Reader {
 public:
  Reader(std::filesystem::path file, Reading& out) : file_(std::move(file)), out_(out) {}

  /// \returns false if it is not TOML at all
  bool text(const std::string& content) {
    try {
      const auto root = toml::parse(content, file_.string());
      walk(root);
      return true;
    } catch (const toml::parse_error& error) {
      add(static_cast<int>(error.source().begin.line), "", fmt::format("not valid TOML: {}", error.description()));
      return false;
    }
  }

  void add(int line, std::string key, std::string message) {
    out_.problems.push_back({file_, line, std::move(key), std::move(message)});
  }

  /// What holds between options, looked at where each of them is good.
  void relations() {
    const auto line_of = [&](const std::string& key) {
      const auto found = lines_.find(key);
      return found == lines_.end() ? 0 : found->second;
    };
    const auto good = [&](std::string_view key) {
      return std::ranges::none_of(out_.problems, [&](const Problem& problem) { return problem.key == key; });
    };
    const auto& settings = out_.settings;
    if (const auto wrong = contradiction(settings);
        !wrong.empty() && good("rules.day_begins") && good("rules.day_ends")) {
      const std::string key = lines_.contains("rules.day_ends") ? "rules.day_ends" : "rules.day_begins";
      add(line_of(key), key, wrong);
    }
    if (!settings.database.url.empty() && !settings.database.url_file.empty())
      add(line_of("database.url_file"), "database.url_file", "cannot stand beside database.url; keep one of the two");
    else if (!settings.database.url_file.empty())
      add_if_wrong(line_of("database.url_file"), "database.url_file",
                   read_secret(settings.database.url_file, out_.settings.database.url));
    for (const auto& wrong : tls_contradictions(settings)) add(line_of(wrong.key), wrong.key, wrong.message);
    for (const auto& wrong : mail_contradictions(settings)) add(line_of(wrong.key), wrong.key, wrong.message);
    for (const auto& wrong : telegram_contradictions(settings)) add(line_of(wrong.key), wrong.key, wrong.message);
    auto routing = routing_contradictions(settings);
    std::ranges::move(bucket_contradictions(settings), std::back_inserter(routing));
    std::ranges::move(wal_contradictions(settings), std::back_inserter(routing));
    std::ranges::move(report_contradictions(settings), std::back_inserter(routing));
    // Where an option is no good by itself, its entry lacks it.
    std::erase_if(routing, [&](const Contradiction& wrong) {
      return std::ranges::any_of(out_.problems, [&](const Problem& problem) {
        return problem.key == wrong.key || problem.key.starts_with(wrong.key + ".");
      });
    });
    for (const auto& wrong : routing) add(line_of(wrong.key), wrong.key, wrong.message);
  }

  /// \param entry  of a repeated table
  /// \returns what is wrong, or empty
  std::string set(const Option& option, const toml::node& node, std::size_t entry = 0) {
    const auto target = option.member(out_.settings, entry);
    if (option.kind == Kind::choices || option.kind == Kind::texts)
      return set_list(option, node, *std::get<std::vector<std::string>*>(target));
    if (option.kind == Kind::flag) {
      const auto* flag = node.as_boolean();
      if (flag == nullptr) return fmt::format("must be {}, not {}", expected(option), type_name(node));
      *std::get<bool*>(target) = flag->get();
      return "";
    }
    if (option.kind == Kind::integer) return set_integer(option, node, target);
    if (option.kind == Kind::size && node.is_integer()) {
      const auto count = **node.as_integer();
      return count < 0 ? fmt::format("must be {}, not {}", expected(option), count)
                       : set_size(option, std::to_string(count), target);
    }
    const auto* value = node.as_string();
    if (value == nullptr) return fmt::format("must be {}, not {}", expected(option), type_name(node));
    const std::string text = value->get();
    if (text.find('\0') != std::string::npos) return "must not hold a NUL character";
    if (const auto wrong = option.wrong == nullptr ? "" : option.wrong(text); !wrong.empty()) return wrong;
    switch (option.kind) {
      case Kind::secret_file: {
        auto& secret = *std::get<SecretFile*>(target);
        secret.path = absolute(text);
        return read_secret(secret.path, secret.content);
      }
      case Kind::path:
        *std::get<std::filesystem::path*>(target) = absolute(text);
        return "";
      case Kind::secret:
        *std::get<Secret*>(target) = Secret{std::string_view{text}};
        return "";
      case Kind::span:
        return set_span(option, text, target);
      case Kind::size:
        return set_size(option, text, target);
      case Kind::clock_time: {
        const auto time = parse_clock_time(text);
        if (!time) return fmt::format("must be {}, not \"{}\"", expected(option), text);
        if (!within(*time, parse_clock_time(option.minimum), parse_clock_time(option.maximum)))
          return out_of_range(option, text);
        *std::get<std::chrono::minutes*>(target) = *time;
        return "";
      }
      case Kind::address:
        if (!is_ip_address(text)) return fmt::format("must be {}, not \"{}\"", expected(option), text);
        *std::get<std::string*>(target) = text;
        return "";
      case Kind::choice:
        if (const auto wrong = not_a_choice(option, text); !wrong.empty()) return wrong;
        [[fallthrough]];
      default:
        *std::get<std::string*>(target) = text;
        return "";
    }
  }

 private:
  void walk(const toml::table& root) {
    for (const auto& [key, node] : root) {
      const std::string name{key.str()};
      const int line = static_cast<int>(key.source().begin.line);
      const bool known = is_table_name(name);
      const auto list = std::ranges::find(lists(), name, &List::name);
      if (const auto* table = node.as_table(); table != nullptr && known) {
        walk_table(name, *table);
      } else if (known) {
        add(line, name, fmt::format("must be a table: write [{}] and its options below it", name));
      } else if (list != lists().end()) {
        walk_list(*list, node, line);
      } else if (node.is_table() || node.is_array_of_tables()) {
        add(line, name, fmt::format("unknown table{}", did_you_mean(near_table(name))));
      } else {
        add(line, name, fmt::format("unknown option{}", did_you_mean(near_key("", name))));
      }
    }
  }

  static bool is_table_name(const std::string& name) {
    return std::ranges::any_of(tables(), [&](const Table& table) { return table.name == name; });
  }

  void walk_table(const std::string& table, const toml::table& entries) {
    for (const auto& [key, node] : entries) {
      const std::string name{key.str()};
      const auto full = fmt::format("{}.{}", table, name);
      const int line = static_cast<int>(key.source().begin.line);
      const auto* option = find_option(full);
      if (option == nullptr && is_table_name(full)) {
        if (const auto* within = node.as_table(); within != nullptr)
          walk_table(full, *within);
        else
          add(line, full, fmt::format("must be a table: write [{}] and its options below it", full));
        continue;
      }
      if (option == nullptr) {
        add(line, full, fmt::format("unknown option{}", did_you_mean(near_key(table, name))));
        continue;
      }
      lines_[full] = line;
      if (const auto wrong = set(*option, node); wrong.empty())
        out_.settings.from_file.insert(full);
      else
        add(line, full, wrong);
    }
  }

  void walk_list(const List& list, const toml::node& node, int line) {
    if (!node.is_array_of_tables())
      return add(line, std::string{list.name}, fmt::format("must be written as [[{}]], once for each", list.name));
    std::map<std::string, int> names;
    for (const auto& entry : *node.as_array()) walk_entry(list, *entry.as_table(), names);
  }

  /// \param names  of the entries before this one, with their lines; grows
  void walk_entry(const List& list, const toml::table& entry, std::map<std::string, int>& names) {
    const auto number = list.size(out_.settings);
    list.resize(out_.settings, number + 1);
    const int line = static_cast<int>(entry.source().begin.line);
    const auto* given = entry["name"].as_string();
    // Where the name is not good, the keys do without it.
    const bool named = given != nullptr && wrong_name(given->get()).empty();
    const auto table = named ? fmt::format("{}.{}", list.name, given->get()) : std::string{list.name};
    lines_[table] = line;
    if (named && !names.emplace(given->get(), line).second)
      add(line, table, fmt::format("the [[{}]] of line {} has this name, too", list.name, names.at(given->get())));
    for (const auto& option : list.options)
      if (option.required && !entry.contains(option.name()))
        add(line, fmt::format("{}.{}", table, option.name()), fmt::format("each [[{}]] must have one", list.name));
    for (const auto& [key, node] : entry) {
      const auto full = fmt::format("{}.{}", table, key.str());
      const int at = static_cast<int>(key.source().begin.line);
      lines_[full] = at;
      const auto option = std::ranges::find(list.options, key.str(), &Option::name);
      if (option == list.options.end()) {
        std::vector<std::string> all;
        for (const auto& one : list.options) all.emplace_back(one.name());
        add(at, full, fmt::format("unknown option{}", did_you_mean(nearest(key.str(), all))));
      } else if (const auto wrong = set(*option, node, number); !wrong.empty()) {
        add(at, full, wrong);
      } else if (named) {
        out_.settings.from_file.insert(full);
      }
    }
  }

  static std::optional<std::string> near_table(const std::string& name) {
    std::vector<std::string> names;
    for (const auto& table : tables()) names.emplace_back(table.name);
    for (const auto& list : lists()) names.emplace_back(list.name);
    const auto near = nearest(name, names);
    if (!near) return std::nullopt;
    const bool repeats = std::ranges::find(lists(), *near, &List::name) != lists().end();
    return fmt::format("{}{}{}", repeats ? "[[" : "[", *near, repeats ? "]]" : "]");
  }

  /// The full key that is meant by \p name in \p table: a near one of that table, one of the same name elsewhere, or a
  /// near one anywhere.
  static std::optional<std::string> near_key(const std::string& table, const std::string& name) {
    std::vector<std::string> here, all;
    std::optional<std::string> elsewhere;
    for (const auto& option : options()) {
      const std::string short_name{option.name()};
      if (option.table() == table) here.push_back(short_name);
      if (short_name == name && !elsewhere) elsewhere = std::string{option.key};
      all.emplace_back(option.key);
    }
    if (const auto near = nearest(name, here)) return fmt::format("{}.{}", table, *near);
    if (elsewhere) return elsewhere;
    return nearest(table.empty() ? name : fmt::format("{}.{}", table, name), all);
  }

  static std::string out_of_range(const Option& option, std::string_view given) {
    return fmt::format("must be from {} to {}, not {}", option.minimum, option.maximum, given);
  }

  static std::string not_a_choice(const Option& option, const std::string& word) {
    if (std::ranges::find(option.choices, word) != option.choices.end()) return "";
    if (const auto near = nearest(word, strings(option.choices)))
      return fmt::format("\"{}\" is unknown; did you mean \"{}\"?", word, *near);
    return fmt::format("\"{}\" is unknown; it can be {}", word, fmt::join(option.choices, ", "));
  }

  static std::string set_list(const Option& option, const toml::node& node, std::vector<std::string>& list) {
    const auto* array = node.as_array();
    if (array == nullptr) return fmt::format("must be {}, not {}", expected(option), type_name(node));
    std::vector<std::string> words;
    for (const auto& entry : *array) {
      const auto* word = entry.as_string();
      if (word == nullptr) return fmt::format("must hold words in quotes, not {}", type_name(entry));
      if (option.kind == Kind::texts) {
        if (word->get().find('\0') != std::string::npos) return "must not hold a NUL character";
        if (const auto wrong = option.wrong == nullptr ? "" : option.wrong(word->get()); !wrong.empty()) return wrong;
        words.push_back(word->get());
        continue;
      }
      if (const auto wrong = not_a_choice(option, word->get()); !wrong.empty()) return wrong;
      if (std::ranges::find(words, word->get()) == words.end()) words.push_back(word->get());
    }
    list = std::move(words);
    return "";
  }

  static std::string set_integer(const Option& option, const toml::node& node, const Target& target) {
    const auto* value = node.as_integer();
    if (value == nullptr) return fmt::format("must be {}, not {}", expected(option), type_name(node));
    const long long count = value->get();
    if (!within(count, to_integer(option.minimum), to_integer(option.maximum)))
      return out_of_range(option, std::to_string(count));
    if (auto* const* number = std::get_if<int*>(&target))
      **number = static_cast<int>(count);
    else
      *std::get<std::uint16_t*>(target) = static_cast<std::uint16_t>(count);
    return "";
  }

  static std::string set_size(const Option& option, const std::string& text, const Target& target) {
    const auto bytes = parse_size(text);
    if (!bytes) return fmt::format("must be {}, not \"{}\"", expected(option), text);
    if (!within(*bytes, parse_size(option.minimum), parse_size(option.maximum))) return out_of_range(option, text);
    *std::get<std::size_t*>(target) = *bytes;
    return "";
  }

  static std::string set_span(const Option& option, const std::string& text, const Target& target) {
    const auto span = parse_duration(text);
    if (!span) return fmt::format("must be {}, not \"{}\"", expected(option), text);
    if (!within(*span, parse_duration(option.minimum), parse_duration(option.maximum)))
      return out_of_range(option, text);
    if (auto* const* fine = std::get_if<std::chrono::milliseconds*>(&target)) {
      **fine = *span;
      return "";
    }
    if (span->count() % 1000 != 0) return fmt::format("must be whole seconds, not {}", text);
    *std::get<std::chrono::seconds*>(target) = std::chrono::duration_cast<std::chrono::seconds>(*span);
    return "";
  }

  std::filesystem::path absolute(const std::filesystem::path& path) const {
    if (path.empty()) return path;
    return (std::filesystem::absolute(file_).parent_path() / path).lexically_normal();
  }

  void add_if_wrong(int line, std::string key, std::string wrong) {
    if (!wrong.empty()) add(line, std::move(key), std::move(wrong));
  }

  /// \returns what is wrong, or empty
  static std::string read_secret(const std::filesystem::path& path, Secret& into) {
    try {
      struct stat status {};
      if (stat(path.c_str(), &status) != 0) return fmt::format("cannot read {}: {}", path.string(), errno_text(errno));
      if ((status.st_mode & 077) != 0)
        return fmt::format("{} is open to others (mode {:04o}); run 'chmod 600 {}'", path.string(),
                           status.st_mode & 07777, path.string());
      into = read_secret_file(path);
      return "";
    } catch (const Error& error) {
      return error.message();
    }
  }

  std::filesystem::path file_;
  Reading& out_;
  std::map<std::string, int> lines_;
};

/// Fills the paths that have no default of their own.
void complete_paths(Reading& reading) {
  auto& settings = reading.settings;
  if (settings.state_directory.empty()) {
    try {
      settings.state_directory = default_state_directory();
    } catch (const Error& error) {
      reading.problems.push_back({settings.file, 0, "state.directory", error.message()});
      return;
    }
  }
  if (settings.database.directory.empty()) settings.database.directory = settings.state_directory / "postgres";
  if (settings.secrets.key_file.empty()) settings.secrets.key_file = settings.state_directory / "master.key";
}

}  // namespace

std::string to_text(const Problem& problem) {
  std::string out;
  if (!problem.file.empty()) out += problem.file.string();
  if (problem.line != 0) out += fmt::format("{}{}", out.empty() ? "line " : ":", problem.line);
  if (!problem.key.empty()) out += fmt::format("{}{}", out.empty() ? "" : ": ", problem.key);
  return fmt::format("{}{}{}", out, out.empty() ? "" : ": ", problem.message);
}

std::filesystem::path default_file() {
  return base_directory("CONFIGURATION_DIRECTORY", "/etc/visitor", "XDG_CONFIG_HOME", ".config") / "visitor.toml";
}

std::filesystem::path default_state_directory() {
  return base_directory("STATE_DIRECTORY", "/var/lib/visitor", "XDG_STATE_HOME", ".local/state");
}

std::string contradiction(const Settings& settings) {
  if (settings.rules.day_begins < settings.rules.day_ends) return "";
  return fmt::format("the day ends at {}, and must end after it begins at {}", clock_text(settings.rules.day_ends),
                     clock_text(settings.rules.day_begins));
}

std::string assign(Settings& settings, const Option& option, std::string_view text) {
  Reading reading{std::move(settings), {}};
  Reader reader{{}, reading};
  const auto set = [&]() -> std::string {
    if (option.kind == Kind::integer) {
      const auto number = to_integer(text);
      if (!number) return fmt::format("must be {}, not \"{}\"", expected(option), text);
      return reader.set(option, toml::value<std::int64_t>{*number});
    }
    if (option.kind == Kind::flag) {
      if (text != "true" && text != "false") return fmt::format("must be {}, not \"{}\"", expected(option), text);
      return reader.set(option, toml::value<bool>{text == "true"});
    }
    if (option.kind != Kind::choices && option.kind != Kind::texts)
      return reader.set(option, toml::value<std::string>{text});
    toml::array words;
    for (auto rest = trim(text); !rest.empty();) {
      const auto end = std::min(rest.find(','), rest.size());
      words.push_back(std::string{trim(rest.substr(0, end))});
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return reader.set(option, words);
  };
  const auto wrong = set();
  settings = std::move(reading.settings);
  return wrong;
}

Reading read(const std::optional<std::filesystem::path>& given) {
  Reading reading;
  std::filesystem::path file;
  try {
    file = std::filesystem::absolute(given ? *given : default_file()).lexically_normal();
    const auto content = read_file(file, kFileLimit);
    Reader reader{file, reading};
    if (content) {
      reading.settings.file = file;
      if (reader.text(*content)) reader.relations();
    } else if (given) {
      reader.add(0, "", "the file does not exist");
    }
  } catch (const Error& error) {
    reading.problems.push_back({file, 0, "", error.message()});
  }
  complete_paths(reading);
  std::ranges::sort(reading.problems, [](const Problem& a, const Problem& b) {
    return std::tie(a.line, a.key) < std::tie(b.line, b.key);
  });
  return reading;
}

std::vector<Problem> check(const std::optional<std::filesystem::path>& file) {
  return read(file).problems;
}

Settings load(const std::optional<std::filesystem::path>& file) {
  auto reading = read(file);
  const auto& problems = reading.problems;
  if (problems.empty()) return std::move(reading.settings);
  auto message = to_text(problems.front());
  if (problems.size() > 1)
    message += fmt::format(" (and {} more problem{})", problems.size() - 1, problems.size() == 2 ? "" : "s");
  throw Error(Errc::config, message, "Run 'visitorctl config check' to see every problem of the configuration.");
}

}  // namespace visitor::config
