#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/value.hpp"
#include "core/error.hpp"

namespace visitor::cli {

class Session;

/// One option, flag or positional argument, as data: parser, help, completion and manual page read it.
struct Param {
  enum class Kind { positional, option, flag };
  enum class Completes { nothing, file, choices };

  Kind kind = Kind::option;
  std::vector<std::string> names;    ///< "-n", "--dry-run"; one word without dashes for a positional
  std::string placeholder;           ///< what stands for the value: "TIME"; empty for flags
  std::string help;                  ///< one line, no full stop
  std::vector<std::string> choices;  ///< the only values allowed, or empty for free ones
  std::string default_text;          ///< shown in help; empty: none, or not worth a word
  Completes completes = Completes::nothing;
  bool required = false;
  bool many = false;       ///< may be given more than once
  bool of_server = false;  ///< of every command, but of use only to those that can work with a visitord elsewhere
  Bounds bounds{0, 2'147'483'647};

  /// Takes one value; called once for each that was given, after all words were parsed. Flags get "".
  std::function<void(std::string_view)> set;

  /// "--dry-run" or "VISIT".
  const std::string& display_name() const { return names.back(); }
};

struct Example {
  std::string line;  ///< as typed: "visitorctl visit checkout 42"
  std::string note;  ///< what it is good for; may be empty
};

/// A node of the command tree: a group ("visit") with commands below it, or a command ("visit list") that runs.
///
/// Built in chains; each call answers with the command itself, so a file under cli/commands reads like its help.
class Command {
 public:
  Command(std::string name, std::string help) : name_(std::move(name)), help_(std::move(help)) {}

  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  /// A new child, in the order of help.
  Command& add(std::string name, std::string help);

  /// Longer help, below the first line: whole sentences, wrapped by help().
  Command& details(std::string text);

  /// \param name  upper case, also what help shows: "VISIT"
  template <class T>
  Command& positional(std::string name, T& into, std::string help) {
    return add_param<T>(Param::Kind::positional, std::move(name), {}, into, std::move(help));
  }
  /// \param names        "-n,--limit" or "--since"
  /// \param placeholder  of the value in help: "TIME"
  template <class T>
  Command& option(std::string names, std::string placeholder, T& into, std::string help) {
    return add_param<T>(Param::Kind::option, std::move(names), std::move(placeholder), into, std::move(help));
  }
  Command& flag(std::string names, bool& into, std::string help);

  // These speak of the parameter added last.
  Command& required();
  Command& between(std::int64_t least, std::int64_t most);
  Command& default_is(std::string text);
  Command& takes_file();
  Command& for_server();

  /// Exit statuses of its own, besides 0, 1, 2 and 130, which every command has.
  Command& fails_with(std::initializer_list<Errc> codes);
  /// The ones that every command has which opens the database.
  Command& uses_database();
  /// The same, of a command that can work with a visitord elsewhere, too: see cli/house.hpp.
  Command& uses_house();
  /// It speaks to a visitord, elsewhere or here, and opens no database.
  Command& uses_server();
  /// The exit statuses are those of the monitoring plugins: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. Whatever the
  /// command throws, wrong use included, is UNKNOWN.
  Command& as_check();
  Command& example(std::string line, std::string note = {});
  /// Left out of help.
  Command& hidden();
  /// \param work  runs after all parameters have been set
  Command& runs(std::function<void(Session&)> work);

  const std::string& name() const { return name_; }
  const std::string& help() const { return help_; }
  const std::string& details() const { return details_; }
  const std::vector<Param>& params() const { return params_; }
  const std::vector<std::unique_ptr<Command>>& children() const { return children_; }
  const std::vector<Errc>& codes() const { return codes_; }
  bool is_check() const { return check_; }
  /// --server is understood.
  bool takes_server() const { return takes_server_; }
  const std::vector<Example>& examples() const { return examples_; }
  const std::function<void(Session&)>& work() const { return work_; }
  const Command* parent() const { return parent_; }
  bool is_hidden() const { return hidden_; }
  bool is_group() const { return !work_; }
  /// "visitorctl visit list".
  std::string path() const;
  const Command* find(std::string_view name) const;

 private:
  template <class T>
  struct Unwrapped {
    using type = T;
    static constexpr bool many = false;
  };
  template <class T>
  struct Unwrapped<std::optional<T>> {
    using type = T;
    static constexpr bool many = false;
  };
  template <class T>
  struct Unwrapped<std::vector<T>> {
    using type = T;
    static constexpr bool many = true;
  };

  template <class T>
  Command& add_param(Param::Kind kind, std::string names, std::string placeholder, T& into, std::string help) {
    using Inner = typename Unwrapped<T>::type;
    auto& param = new_param(kind, names, std::move(placeholder), std::move(help));
    param.choices = Value<Inner>::choices();
    if (!param.choices.empty()) param.completes = Param::Completes::choices;
    param.many = Unwrapped<T>::many;
    // The bounds may be set later by between(), and the vector of parameters may move.
    param.set = [this, index = params_.size() - 1, &into](std::string_view words) {
      auto value = Value<Inner>::parse(words, params_[index].bounds);
      if constexpr (Unwrapped<T>::many)
        into.push_back(std::move(value));
      else
        into = std::move(value);
    };
    return *this;
  }
  Param& new_param(Param::Kind kind, const std::string& names, std::string placeholder, std::string help);

  std::string name_;
  std::string help_;
  std::string details_;
  std::vector<Param> params_;
  std::vector<std::unique_ptr<Command>> children_;
  std::vector<Errc> codes_;
  std::vector<Example> examples_;
  std::function<void(Session&)> work_;
  const Command* parent_ = nullptr;
  bool hidden_ = false;
  bool check_ = false;
  bool takes_server_ = false;
};

inline constexpr auto kDryRunHelp = "Do everything, then undo it: shows what would happen";
inline constexpr auto kYesHelp = "Do not ask";

}  // namespace visitor::cli
