#include "app/break_glass.hpp"

#include <fmt/format.h>

#include "app/account_names.hpp"
#include "app/checks.hpp"
#include "app/details.hpp"
#include "app/incidents.hpp"
#include "app/journal.hpp"
#include "auth/principals.hpp"
#include "auth/totp_devices.hpp"
#include "core/error.hpp"

namespace visitor::app {
namespace {

constexpr std::size_t kReason = 500;
constexpr std::chrono::minutes kShortest{1};
constexpr std::chrono::hours kLongest{24};

/// Who may give any role to anybody.
bool is_administrator(const Work& work, AccountId account) {
  const auto principal = auth::find_principal(work.tx, account);
  const auto scope = principal ? principal->scope_for(domain::Permission::role_grant) : std::nullopt;
  return scope && scope->is_everything();
}

void require_administrator(const Work& work, const Vault& vault, const store::Account& account) {
  if (!is_administrator(work, account.id))
    throw Error(Errc::denied, fmt::format("'{}' is not an administrator of everything", account.login));
  if (!auth::TotpDevices{work.tx, vault}.find(account.id))
    throw Error(Errc::denied, fmt::format("'{}' has no authenticator to show a code of", account.login));
}

[[noreturn]] void already(std::string_view login) {
  throw Error(Errc::conflict, fmt::format("'{}' is an administrator already", login));
}

}  // namespace

void check_break_glass(const Work& work, const Vault& vault, const BreakGlassOrder& order) {
  checked_text("the reason", order.reason, 1, kReason);
  if (order.lasts < kShortest || order.lasts > kLongest)
    throw Error(Errc::usage, "an emergency lasts from a minute to a day", "Say --for 1h, for example.");
  const auto first = get_account(work, order.first);
  const auto second = get_account(work, order.second);
  if (first.id == second.id)
    throw Error(Errc::usage, "two administrators are needed, and this is one", "Name another with --second.");
  const auto account = get_account(work, order.login);
  if (is_administrator(work, account.id)) already(account.login);
  require_administrator(work, vault, first);
  require_administrator(work, vault, second);
}

BreakGlass open_break_glass(const Work& work, const BreakGlassOrder& order) {
  const auto account = get_account(work, order.login);
  const auto first = get_account(work, order.first);
  const auto second = get_account(work, order.second);
  if (!auth::find_principal(work.tx, account.id))
    throw Error(Errc::conflict, fmt::format("account '{}' is disabled, or is not a person's", account.login));
  const auto opened = auth::BreakGlasses{work.tx}.open(
      {account.id, first.id, second.id, checked_text("the reason", order.reason, 1, kReason), work.now + order.lasts},
      work.now);
  if (!opened) already(account.login);
  auto entries = journal(work);
  entries.audit(domain::AuditAction::permission_change, auth::kBreakGlassTopic, opened->id,
                Details{}
                    .add("account", account.id)
                    .add("first", first.id)
                    .add("second", second.id)
                    .add("ends_at", opened->ends_at)
                    .add("reason", std::string_view{opened->reason})
                    .json());
  entries.change(auth::kBreakGlassTopic, opened->id, 1);
  NewIncident incident;
  incident.severity = domain::Severity::critical;
  incident.summary = fmt::format("Break-glass: {} is administrator until {}, by {} and {}", account.login,
                                 to_iso(opened->ends_at), first.login, second.login);
  open_incident(work, incident);
  return *opened;
}

std::vector<BreakGlass> list_break_glass(const Work& work, int limit) {
  return auth::BreakGlasses{work.tx}.list(limit);
}

BreakGlass close_break_glass(const Work& work, domain::BreakGlassId id) {
  auth::BreakGlasses all{work.tx};
  const auto before = all.find(id);
  if (!before)
    throw Error(Errc::not_found, fmt::format("break-glass {} does not exist", id),
                "Run 'visitorctl breakglass list' to see them.");
  if (!all.close(id, work.actor.account, work.now))
    throw Error(Errc::conflict, fmt::format("break-glass {} is over since {}", id,
                                            to_iso(before->closed_at.value_or(before->ends_at))));
  auto entries = journal(work);
  entries.audit(domain::AuditAction::permission_change, auth::kBreakGlassTopic, id,
                Details{}.add("closed", true).json());
  entries.change(auth::kBreakGlassTopic, id, 2);
  return all.find(id).value();
}

}  // namespace visitor::app
