#include "db/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "db/pq.hpp"

namespace visitor::db {
namespace {

std::string field(const PGresult& result, int code) {
  const char* text = PQresultErrorField(&result, code);
  return text == nullptr ? std::string{} : std::string{text};
}

struct Advice {
  std::string_view said;
  std::string_view hint;
};

// libpq tells these apart by text only.
constexpr std::array kConnectAdvice{
    Advice{"password authentication failed", "Correct the user or the password in [database] url."},
    Advice{"no password supplied", "Add the password to [database] url, or use a password file (~/.pgpass)."},
    Advice{"no pg_hba.conf entry", "Allow this host and user in the server's pg_hba.conf."},
    Advice{"eer authentication failed", "Run the command as root or as the user that owns the database."},
    Advice{"permission denied", "Grant the user CONNECT on the database."},
    Advice{"database \"", "Create the database with createdb, or correct its name in [database] url."},
    Advice{"role \"", "Create the role with createuser, or correct the user in [database] url."},
    Advice{"could not translate host name", "Correct the host in [database] url, or look at the name server."},
    Advice{"too many clients", "Raise max_connections on the server."},
    Advice{"starting up", "The server is starting; try again in a moment."},
    Advice{"shutting down", "The server is shutting down; try again when it is back."},
    Advice{"timeout expired", "Check the host and the port in [database] url, and the firewalls between."},
    Advice{"certificate", "Check sslmode and sslrootcert in [database] url."},
    Advice{"No such file or directory", "Run 'visitorctl db status'; the server does not seem to run."},
    Advice{"Connection refused", "Check that PostgreSQL runs on that host and port."},
};

}  // namespace

std::string one_line(std::string_view text) {
  std::string line;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto piece = trim(text.substr(0, end));
    if (!piece.empty()) {
      if (!line.empty()) line += "; ";
      line += piece;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return line;
}

bool is_fatal(const PGresult& result) {
  const auto severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  return severity == "FATAL" || severity == "PANIC";
}

void raise(const PGresult& result, bool lost) {
  const auto state = field(result, PG_DIAG_SQLSTATE);
  auto message = one_line(field(result, PG_DIAG_MESSAGE_PRIMARY));
  if (message.empty()) message = one_line(PQresultErrorMessage(&result));
  const auto constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
  if (lost)
    throw DatabaseError(Errc::database_lost, fmt::format("the connection to the database was lost: {}", message),
                        "Try again; look first whether the change was made.", state, constraint);
  const auto code = state.starts_with("23") && state != "23502" ? Errc::conflict : Errc::database;
  std::string hint;
  if (state == "53100") hint = "Free space on the database's disk.";
  if (state == "42501") hint = "Grant the database user what it lacks, or use the owner of the tables.";
  if (state == "42P01" || state == "42703") hint = "Run 'visitorctl db migrate'.";
  throw DatabaseError(code, std::move(message), std::move(hint), state, constraint);
}

void raise_lost(std::string_view said) {
  throw DatabaseError(Errc::database_lost, fmt::format("the connection to the database was lost: {}", said),
                      "Try again; look first whether the change was made.", "", "");
}

void raise_cannot_connect(std::string_view said) {
  const auto line = one_line(said);
  std::string_view hint = "Run 'visitorctl db status', and check [database] url.";
  for (const auto& advice : kConnectAdvice) {
    if (line.find(advice.said) != std::string::npos) {
      hint = advice.hint;
      break;
    }
  }
  throw DatabaseError(Errc::database, fmt::format("cannot connect to the database: {}", line), std::string{hint}, "",
                      "");
}

}  // namespace visitor::db
