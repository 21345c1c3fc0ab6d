#include "db/connection.hpp"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>

#include "db/pq.hpp"

namespace visitor::db {
namespace {

constexpr std::size_t kStatements = 512;  // prepared ones kept per session

// Values and rules of the session do not depend on the server's settings.
std::string session_settings(const ConnectionOptions& options) {
  return fmt::format(
      "SET TimeZone = 'UTC'; SET client_encoding = 'UTF8'; SET DateStyle = 'ISO, YMD'; "
      "SET idle_in_transaction_session_timeout = {}",
      options.idle_deadline.count());
}

/// Names, addresses and socket directories, with commas between.
bool are_hosts(std::string_view hosts) {
  while (!hosts.empty()) {
    const auto host = hosts.substr(0, hosts.find(','));
    hosts.remove_prefix(std::min(host.size() + 1, hosts.size()));
    if (host.find('@', 1) != host.npos) return false;  // a leading one is an abstract socket
    if (!host.starts_with('/') && host.find('/') != host.npos) return false;
  }
  return true;
}

/// Libpq repeats pieces of the string in its errors. Where an unescaped '@', '/' or ':' in a password has shifted the
/// pieces, these would show it.
void check_conninfo(const Secret& conninfo) {
  const std::string text{conninfo.reveal()};
  char* said = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeConninfo> parsed{PQconninfoParse(text.c_str(), &said)};
  PQfreemem(said);
  bool sound = parsed != nullptr;
  for (const auto* option = parsed.get(); sound && option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string_view name{option->keyword};
    const std::string_view value{option->val};
    if (name == "host") sound = are_hosts(value);
    if (name == "hostaddr" || name == "dbname") sound = value.find('@') == value.npos;
    if (name == "port") sound = value.find_first_not_of("0123456789,") == value.npos;
  }
  if (!sound)
    throw Error(Errc::config, "the database's connection string cannot be understood",
                "Write it as postgresql://user:password@host:5432/name, with %40 for @, %2F for / and %3A for : in the "
                "password.");
}

PGconn* connect(const ConnectionOptions& options) {
  const std::string conninfo{options.conninfo.reveal()};
  const auto timeout = fmt::format("{}", std::max<long long>(2, options.connect_deadline.count()));
  // What stands before dbname yields to the connection string, which dbname is expanded to.
  const std::array keywords{"connect_timeout",
                            "gssencmode",
                            "keepalives_idle",
                            "tcp_user_timeout",
                            "dbname",
                            "fallback_application_name",
                            static_cast<const char*>(nullptr)};
  const std::array values{timeout.c_str(),
                          "disable",
                          "30",
                          "30000",
                          conninfo.c_str(),
                          options.application_name.c_str(),
                          static_cast<const char*>(nullptr)};
  return PQconnectdbParams(keywords.data(), values.data(), 1);
}

}  // namespace

Connection::Impl::Impl(const ConnectionOptions& options)
    : wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), deadline(options.statement_deadline) {
  if (!wake) throw Error(Errc::failed, fmt::format("cannot make an event descriptor: {}", errno_text(errno)));
  check_conninfo(options.conninfo);
  pg = connect(options);
  if (pg == nullptr) throw std::bad_alloc{};
  try {
    if (PQstatus(pg) != CONNECTION_OK) raise_cannot_connect(PQerrorMessage(pg));
    PQsetNoticeProcessor(
        pg, [](void*, const char*) {}, nullptr);  // they may quote rows
    if (PQsetnonblocking(pg, 1) != 0) raise_cannot_connect(PQerrorMessage(pg));
    simple(session_settings(options), Interrupt::never);
  } catch (...) {
    PQfinish(pg);
    throw;
  }
}

Connection::Impl::~Impl() {
  PQfinish(pg);
}

std::string Connection::Impl::simple(std::string_view sql, Interrupt how) {
  run_queue();
  begin_statement(how);
  const WakeOnStop wake_up{how == Interrupt::cancel ? stop : std::stop_token{}, wake.get()};
  require(PQsendQuery(pg, std::string{sql}.c_str()));
  return PQcmdStatus(finish().get());
}

void Connection::Impl::script(std::string_view sql) {
  simple(sql, Interrupt::cancel);
}

void Connection::Impl::drop_statement(const Statement& statement) {
  const auto found = by_key.find(statement.key);
  const auto node = found->second;
  by_key.erase(found);
  statements.erase(node);
}

Connection::Impl::Statement& Connection::Impl::prepared(std::string_view sql, const Params& params) {
  std::string key{sql};
  std::vector<Oid> types;
  types.reserve(params.slots().size());
  for (const auto& slot : params.slots()) types.push_back(slot.type);
  key += '\0';
  key.append(reinterpret_cast<const char*>(types.data()), types.size() * sizeof(Oid));

  if (const auto found = by_key.find(key); found != by_key.end()) {
    statements.splice(statements.begin(), statements, found->second);
    return statements.front();
  }

  if (statements.size() >= kStatements) {
    garbage.push_back(statements.back().name);
    drop_statement(statements.back());
  }
  if (!garbage.empty() && PQtransactionStatus(pg) != PQTRANS_INERROR) {
    std::string sweep;
    for (const auto& name : garbage) sweep += "DEALLOCATE " + name + ";";
    garbage.clear();
    require(PQsendQuery(pg, sweep.c_str()));
    finish();
  }
  auto name = fmt::format("v{}", next_name++);
  require(PQsendPrepare(pg, name.c_str(), std::string{sql}.c_str(), static_cast<int>(types.size()), types.data()));
  finish();
  statements.push_front({std::move(key), std::move(name), nullptr});
  by_key.emplace(statements.front().key, statements.begin());
  return statements.front();
}

void Connection::Impl::send(const Statement& statement, const Params& params) {
  const auto count = params.slots().size();
  std::vector<const char*> values(count);
  std::vector<int> lengths(count);
  const std::vector<int> formats(count, 1);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& slot = params.slots()[i];
    if (slot.length > INT_MAX)
      throw Error(Errc::usage, fmt::format("parameter ${} is larger than the database can hold", i + 1));
    values[i] = params.data(slot);
    lengths[i] = static_cast<int>(std::max<std::int64_t>(slot.length, 0));
  }
  require(PQsendQueryPrepared(pg, statement.name.c_str(), static_cast<int>(count), values.data(), lengths.data(),
                              formats.data(), 1));
}

void Connection::Impl::forget_if_stale(const Statement& statement, std::string_view sqlstate) {
  // The table behind it was altered, or somebody has deallocated it.
  if (sqlstate == "0A000") garbage.push_back(statement.name);
  if (sqlstate == "0A000" || sqlstate == "26000") drop_statement(statement);
}

Connection::Outcome Connection::Impl::outcome_of(Statement& statement, ResultPtr result) {
  if (!statement.columns) statement.columns = std::make_shared<const Columns>(*result);
  const auto affected = std::strtoll(PQcmdTuples(result.get()), nullptr, 10);
  return {Rows{std::make_shared<const Result>(std::move(result), statement.columns)}, affected};
}

Connection::Outcome Connection::Impl::execute(std::string_view sql, const Params& params) {
  if (!queue.empty()) return execute_with_queue(sql, params);
  begin_statement(Interrupt::cancel);
  const WakeOnStop wake_up{stop, wake.get()};
  auto& statement = prepared(sql, params);
  send(statement, params);
  try {
    return outcome_of(statement, finish());
  } catch (const DatabaseError& error) {
    forget_if_stale(statement, error.sqlstate());
    throw;
  }
}

void Connection::Impl::stream(std::string_view sql, const Params& params, const std::function<void(const Row&)>& use) {
  run_queue();
  begin_statement(Interrupt::cancel);
  const WakeOnStop wake_up{stop, wake.get()};
  auto& statement = prepared(sql, params);
  send(statement, params);
  require(PQsetSingleRowMode(pg));
  busy = true;
  try {
    while (auto result = next_result()) {
      const auto status = PQresultStatus(result.get());
      if (status == PGRES_SINGLE_TUPLE) {
        if (!statement.columns) statement.columns = std::make_shared<const Columns>(*result);
        use(Row{std::make_shared<const Result>(std::move(result), statement.columns), 0});
        if (deadline.count() > 0 && ended == Ended::no) until = Clock::now() + deadline;
      } else if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        const ResultPtr failed = std::move(result);
        drain();
        fail(*failed);
      }
    }
  } catch (...) {
    abandon();
    throw;
  }
  busy = false;
}

void Connection::Impl::abandon() {
  if (!broken && PQtransactionStatus(pg) == PQTRANS_ACTIVE) {
    ended = Ended::by_stop;
    until = Clock::now() + std::chrono::seconds{5};
    cancel();
    drain();
  }
  busy = false;
}

void Connection::Impl::fetch(std::string_view cursor, int batch, const std::function<void(const Row&)>& use) {
  run_queue();
  begin_statement(Interrupt::cancel);
  const WakeOnStop wake_up{stop, wake.get()};
  const Params none;
  auto& statement = prepared(fmt::format("FETCH {} FROM {}", batch, cursor), none);
  send(statement, none);
  busy = true;
  try {
    for (bool more = true; more;) {
      begin_waiting(Interrupt::cancel);  // how long the rows before were in use is not the server's time
      const auto rows = outcome_of(statement, finish()).rows;
      more = rows.size() == static_cast<std::size_t>(batch);
      if (more) {
        send(statement, none);
        flush();
      }
      for (const auto& row : rows) use(row);
    }
  } catch (const DatabaseError& error) {
    forget_if_stale(statement, error.sqlstate());
    abandon();
    throw;
  } catch (...) {
    abandon();
    throw;
  }
  busy = false;
}

Connection::Connection(const ConnectionOptions& options) : impl_(std::make_unique<Impl>(options)) {}
Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

bool Connection::alive() {
  return impl_->alive();
}

bool Connection::idle() const {
  return !impl_->broken && !impl_->busy && PQtransactionStatus(impl_->pg) == PQTRANS_IDLE;
}

void Connection::set_statement_deadline(std::chrono::milliseconds deadline) {
  impl_->deadline = deadline;
}

std::chrono::milliseconds Connection::statement_deadline() const {
  return impl_->deadline;
}

void Connection::set_stop(std::stop_token stop) {
  impl_->stop = std::move(stop);
}

int Connection::server_version() const {
  return PQserverVersion(impl_->pg);
}

int Connection::backend_pid() const {
  return PQbackendPID(impl_->pg);
}

Connection::Outcome Connection::execute(std::string_view sql, const Params& params) {
  return impl_->execute(sql, params);
}

void Connection::stream(std::string_view sql, const Params& params, const std::function<void(const Row&)>& use) {
  impl_->stream(sql, params, use);
}

void Connection::fetch(std::string_view cursor, int batch, const std::function<void(const Row&)>& use) {
  impl_->fetch(cursor, batch, use);
}

void Connection::script(std::string_view sql) {
  impl_->script(sql);
}

}  // namespace visitor::db
