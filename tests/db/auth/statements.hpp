#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"
#include "db/pool.hpp"
#include "db/transaction.hpp"

namespace visitor::test {

/// What a pool asks of the server, as the server's log has it: every statement of its one connection, in order.
class Statements {
 public:
  explicit Statements(db::Pool& like) : pool_(options_like(like)) {
    db::Transaction tx{like};
    log_ = std::filesystem::path{tx.row("SELECT current_setting('data_directory') AS at").get<std::string>("at")}
               .parent_path() /
           "server.log";
    take();
  }

  db::Pool& pool() { return pool_; }

  /// Since the last call: the text of each, with its blanks made one.
  std::vector<std::string> take() {
    std::string text;
    {
      const auto all = read_file(log_, kMost);
      if (!all) throw Error(Errc::failed, "the server has no log at " + log_.string());
      text = all->substr(read_);
      read_ = all->size();
    }
    std::vector<std::string> statements;
    for (std::size_t at = 0; at < text.size();) {
      const auto end = std::min(text.find('\n', at), text.size());
      const std::string_view line{text.data() + at, end - at};
      at = end + 1;
      if (line.starts_with('\t')) {  // a statement goes on
        if (!statements.empty()) add(statements.back(), line);
        continue;
      }
      // "2026-… UTC [4711] LOG:  execute name: SELECT …", "… LOG:  statement: COMMIT"
      for (const std::string_view kind : {"LOG:  execute ", "LOG:  statement: "}) {
        const auto found = line.find(kind);
        if (found == std::string_view::npos) continue;
        auto rest = line.substr(found + kind.size());
        if (kind.ends_with("execute ")) rest.remove_prefix(std::min(rest.find(':') + 1, rest.size()));
        add(statements.emplace_back(), rest);
      }
    }
    return statements;
  }

 private:
  static constexpr std::size_t kMost = std::size_t{64} << 20;

  static db::PoolOptions options_like(db::Pool& like) {
    auto options = like.options();
    options.size = 1;
    const auto text = fmt::format("{} options='-c log_statement=all'", options.connection.conninfo.reveal());
    options.connection.conninfo = Secret{std::string_view{text}};
    return options;
  }
  static void add(std::string& to, std::string_view text) {
    for (const char c : text) {
      const bool blank = c == ' ' || c == '\t';
      if (!blank || (!to.empty() && to.back() != ' ')) to += blank ? ' ' : c;
    }
    if (!to.empty() && to.back() != ' ') to += ' ';
  }

  db::Pool pool_;
  std::filesystem::path log_;
  std::size_t read_ = 0;
};

}  // namespace visitor::test
