#include "store/terminal_edits.hpp"

namespace visitor::store {
namespace {

constexpr auto kUpdate = R"sql(
    UPDATE terminal
       SET site_id = $3, name = $4, base_url = $5, username = $6, password_sealed = $7, poll_interval_ms = $8,
           certificate_sha256 = $9, version = version + 1,
           state = CASE WHEN $10 THEN 'new' ELSE state END, state_since = CASE WHEN $10 THEN $11 ELSE state_since END,
           last_error = CASE WHEN $10 THEN '' ELSE last_error END, failures = CASE WHEN $10 THEN 0 ELSE failures END,
           locked_until = CASE WHEN $10 THEN NULL ELSE locked_until END,
           login_tries_left = CASE WHEN $10 THEN NULL ELSE login_tries_left END
     WHERE id = $1 AND version = $2)sql";

constexpr auto kRemoveDoors = R"sql(
    DELETE FROM door WHERE terminal_id = $1)sql";

constexpr auto kRemove = R"sql(
    DELETE FROM terminal WHERE id = $1)sql";

}  // namespace

bool TerminalEdits::update(const domain::Terminal& terminal, bool other_access, Instant now) {
  return tx_.exec(kUpdate, terminal.id, terminal.version, terminal.site, terminal.name, terminal.base_url,
                  terminal.username, terminal.password_sealed, static_cast<int>(terminal.poll_interval.count()),
                  terminal.certificate_sha256, other_access, now) == 1;
}

void TerminalEdits::remove(TerminalId id) {
  tx_.exec(kRemoveDoors, id);
  tx_.exec(kRemove, id);
}

}  // namespace visitor::store
