#include "daemon/api/authenticator.hpp"

#include <fmt/format.h>

#include "core/hmac.hpp"
#include "core/text.hpp"

namespace visitor::api {
namespace {

constexpr std::chrono::milliseconds kKnown{500};
constexpr std::size_t kMostKnown = 1'000;

std::string name_of(const Secret& token, std::string_view remote) {
  return to_hex(hmac_sha256(token, remote));
}

}  // namespace

app::Authentication TokenAuthenticator::authenticate(db::Pool& pool, const Secret& token, std::string_view remote,
                                                     Instant now) {
  const auto name = name_of(token, remote);
  {
    const std::lock_guard lock{mutex_};
    const auto found = known_.find(name);
    if (found != known_.end() && found->second.at <= now && now < found->second.at + kKnown)
      return {found->second.caller, {}};
  }
  db::Transaction tx{pool, {.read_only = true}};
  auto found = app::authenticate(tx, token, remote, now);
  if (!found.caller) return found;
  const std::lock_guard lock{mutex_};
  if (known_.size() >= kMostKnown) known_.clear();
  known_.insert_or_assign(name, Known{*found.caller, now});
  return found;
}

void TokenAuthenticator::note_use(db::Pool& pool, const Caller& caller, domain::Permission permission,
                                  std::string_view remote, Instant now) {
  if (!app::use_is_due(caller, permission, now)) return;
  db::Transaction tx{pool};
  app::note_use(tx, caller, permission, remote, now);
  tx.commit();
  forget();
}

void TokenAuthenticator::forget() {
  const std::lock_guard lock{mutex_};
  known_.clear();
}

std::string credential_of(const Caller& caller) {
  if (caller.key) return fmt::format("API key {}", caller.key->id);
  return fmt::format("session {}", caller.session ? caller.session->id : domain::SessionId{});
}

}  // namespace visitor::api
