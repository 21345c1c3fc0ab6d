#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/work.hpp"
#include "cli/globals.hpp"
#include "cli/json_writer.hpp"
#include "cli/output.hpp"
#include "cli/table.hpp"
#include "cli/value.hpp"
#include "config/settings.hpp"
#include "core/clock.hpp"
#include "core/vault.hpp"
#include "core/zone.hpp"
#include "db/pool.hpp"

namespace visitor::app {
class Instance;
class RemoteHouse;
struct ApiServer;
}  // namespace visitor::app

namespace visitor::cli {

class Command;

/// For commands that only look: one moment of the database, whatever others do meanwhile.
inline const db::TransactionOptions kReading{.isolation = db::Isolation::repeatable_read, .read_only = true};

/// What a command works with: settings, database, actor, clock, and the ways to answer. Everything is opened when it is
/// first asked for.
///
/// Results go to standard output and everything else to standard error. With --quiet, done() and note() print nothing.
class Session {
 public:
  /// \param root, global  the tree of commands and the options of every command, for those that describe them
  Session(Globals globals, const Command& root, const Command& global);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const Globals& globals() const { return globals_; }
  bool json() const { return globals_.json; }
  const Command& root() const { return root_; }
  const Command& global() const { return global_; }

  /// \throws Error config  the file has problems, each in a line of the message
  const config::Settings& settings();
  /// \throws Error usage  the house is elsewhere (see server()): its database is not to be had from here
  app::Instance& instance();
  /// The pool, its schema checked; starts the embedded cluster.
  db::Pool& db();
  const Vault& vault();

  /// The visitord that this program is to work with: of --server, else of VISITOR_SERVER.
  /// Nothing: the database of this machine it is.
  /// \param otherwise  gives the address where none is named
  /// \throws Error usage  there is a server and no key for it, or a key and no server
  std::optional<app::ApiServer> server(const std::function<std::string()>& otherwise = {});
  /// The house behind it, or nullptr.
  app::RemoteHouse* remote();

  Instant now() const { return now_; }  ///< stands still from the start of the command
  /// The operating system's user as an actor, its account made in \p tx if it is missing.
  app::Work work(db::Transaction& tx);
  /// The same for reading only: the actor has no account.
  app::Work reader(db::Transaction& tx);
  /// Who runs this program on which machine, and a number that all that this run does has in common.
  const domain::Origin& origin();
  /// Name of the operating system's user: of SUDO_USER under sudo.
  static std::string os_user();

  /// \throws Error usage
  Instant instant(const Moment& moment, const Zone& zone) const;

  // Answers. In JSON one thing is its own object, and a list is an object with one array: {"visits": […]}.

  /// One thing that was asked for.
  template <class T>
  void show(const T& value, const Card& card) {
    if (json()) return print(object(value));
    print(out_.is_terminal() ? card.aligned(colour()) : card.tsv());
  }
  /// One thing that people read as a table.
  template <class T>
  void show(const T& value, const Table& table) {
    if (!json()) return print_table(table);
    print(object(value));
  }
  /// Many. \p rows and the table hold the same things.
  template <class T>
  void list(std::string_view key, const std::vector<T>& rows, const Table& table) {
    if (!json()) return print_table(table);
    print(array(key, rows));
  }
  /// What was changed, or with \p dry_run would have been. \p text is one sentence.
  template <class T>
  void done(const T& value, const std::string& text, bool dry_run = false) {
    if (globals_.quiet) return;
    print(json() ? object(value) : printable(text) + (dry_run ? " (Dry run: nothing was stored.)\n" : "\n"));
  }
  /// Many things that were changed.
  template <class T>
  void done_all(std::string_view key, const std::vector<T>& rows, const std::string& text, bool dry_run = false) {
    if (globals_.quiet) return;
    print(json() ? array(key, rows) : printable(text) + (dry_run ? " (Dry run: nothing was stored.)\n" : "\n"));
  }
  /// A finished text or document.
  void print(std::string_view text);
  void print_table(const Table& table);
  /// Something worth knowing beside the result.
  void note(const std::string& text);
  /// Says that the list was cut at \p limit rows, and how to get more.
  void note_cut(int limit);

  /// Before something that cannot be undone.
  /// \throws Error usage        nobody can be asked and \p yes is not given
  /// \throws Error interrupted  the answer is not yes
  void confirm(const std::string& question, bool yes);

  /// Columns of the terminal that standard output is; without one more than any line has.
  std::size_t width() const { return out_.is_terminal() ? out_.width() : std::string::npos; }
  bool colour() const;      ///< of standard output
  bool for_people() const;  ///< standard output is a terminal and no --json

  /// What main() ends with if nothing is thrown. 0 unless set: health and check commands have statuses of their own.
  void set_exit_status(int status) { exit_status_ = status; }
  int exit_status() const { return exit_status_; }

 private:
  template <class T>
  static std::string object(const T& value) {
    JsonWriter writer;
    write(writer, value);
    return writer.take();
  }
  template <class T>
  static std::string array(std::string_view key, const std::vector<T>& rows) {
    JsonWriter writer;
    writer.begin_object().key(key).begin_array();
    for (const auto& row : rows) write(writer, row);
    return writer.end().end().take();
  }

  Globals globals_;
  const Command& root_;
  const Command& global_;
  Stream out_;
  Stream err_;
  Instant now_;
  std::unique_ptr<app::Instance> instance_;
  std::unique_ptr<app::RemoteHouse> remote_;
  std::optional<config::Settings> settings_;
  std::optional<app::Actor> actor_;
  domain::Origin origin_;
  int exit_status_ = 0;
};

}  // namespace visitor::cli
