#include "cli/terminal_client.hpp"

#include <algorithm>

#include "app/terminals.hpp"
#include "store/terminals.hpp"

namespace visitor::cli {

hikvision::ClientOptions client_options(const domain::Terminal& terminal, Session& session) {
  hikvision::ClientOptions options;
  options.base_url = terminal.base_url;
  options.username = terminal.username;
  options.password = app::terminal_password(session.vault(), terminal);
  options.login = {.wait_until = terminal.locked_until,
                   .locked = terminal.state == domain::TerminalState::locked,
                   .tries_left = terminal.login_tries_left};
  options.connect_timeout = session.settings().polling.connect_timeout;
  options.request_timeout = session.settings().polling.request_timeout;
  if (const auto& pinned = terminal.certificate_sha256; pinned && pinned->size() == 32) {
    net::Fingerprint fingerprint;
    std::copy(pinned->begin(), pinned->end(), fingerprint.bytes.begin());
    options.certificate = fingerprint;
  }
  return options;
}

void keep_login(const domain::Terminal& terminal, const hikvision::LoginState& before,
                const hikvision::LoginState& after, const std::optional<hikvision::Failure>& failure,
                Session& session) {
  if (before == after) return;
  db::Transaction tx{session.db()};
  store::Terminals terminals{tx, domain::Scope::everything()};
  const auto stored = terminals.lock(terminal.id);
  const bool refused = after.tries_left || after.wait_until;
  terminals.save_health(terminal.id,
                        {.state = after.locked ? domain::TerminalState::locked
                                  : refused    ? domain::TerminalState::refused
                                               : domain::TerminalState::online,
                         .last_answer_at = refused ? std::nullopt : std::optional{session.now()},
                         .last_error = failure ? failure->message : "",
                         .failures = refused ? stored.failures + 1 : 0,
                         .locked_until = after.wait_until,
                         .login_tries_left = after.tries_left,
                         .clock_offset = std::nullopt},
                        session.now());
  tx.commit();
}

}  // namespace visitor::cli
