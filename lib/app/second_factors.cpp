#include "app/second_factors.hpp"

#include <fmt/format.h>

#include "app/account_names.hpp"
#include "app/details.hpp"
#include "app/journal.hpp"
#include "auth/base32.hpp"
#include "auth/principals.hpp"
#include "auth/recovery_codes.hpp"
#include "auth/second_factor.hpp"
#include "auth/sessions.hpp"
#include "auth/totp_devices.hpp"
#include "core/error.hpp"

namespace visitor::app {
namespace {

using domain::AuditAction;

constexpr std::string_view kAccountTopic = "account";
constexpr std::int64_t kReach = std::chrono::hours{1} / auth::kTotpPeriod;  // steps

[[noreturn]] void no_authenticator(std::string_view login) {
  throw Error(Errc::conflict, fmt::format("account '{}' has no authenticator", login),
              fmt::format("Run 'visitorctl totp enroll {}' to set one up.", login));
}

void audit(const Work& work, AccountId account, std::string_view what) {
  journal(work).audit(AuditAction::permission_change, auth::kTotpTopic, account, Details{}.add("what", what).json());
}

}  // namespace

TotpEnrolment enrol_totp(const Work& work, const Vault& vault, std::string_view login,
                         const auth::TotpParameters& parameters) {
  const auto account = get_account(work, login);
  if (!auth::find_principal(work.tx, account.id))
    throw Error(Errc::conflict, fmt::format("account '{}' is disabled, or is not a person's", account.login));
  auto enrolment = auth::TotpDevices{work.tx, vault}.enrol(account.id, parameters, work.now);
  audit(work, account.id, "enrolled");
  const auto key = auth::to_base32(enrolment.key.reveal_bytes());
  return {std::move(enrolment.device), account.login, auth::totp_uri(enrolment.key, parameters, kIssuer, account.login),
          Secret{std::string_view{key}}};
}

TotpConfirmed confirm_totp(const Work& work, const Vault& vault, std::string_view login, const Secret& code,
                           std::optional<domain::SessionId> session) {
  const auto account = get_account(work, login);
  auth::TotpDevices devices{work.tx, vault};
  const bool had = devices.find(account.id).has_value();
  if (!devices.find_pending(account.id))
    throw Error(Errc::conflict, fmt::format("no authenticator of account '{}' waits for its first code", account.login),
                fmt::format("Run 'visitorctl totp enroll {}'.", account.login));
  auto device = devices.confirm(account.id, code.reveal(), work.now);
  if (!device)
    throw Error(Errc::denied, "the code is wrong",
                fmt::format("Wait for the next one; 'visitorctl totp doctor {}' says whether the clock is off.",
                            account.login));
  TotpConfirmed confirmed{*std::move(device), account.login, {}};
  if (!had) confirmed.recovery_codes = auth::RecoveryCodes{work.tx, vault}.renew(account.id, work.now);
  if (session) auth::Sessions{work.tx}.step_up(*session, domain::SecondFactorKind::totp, work.now);
  audit(work, account.id, had ? "replaced" : "confirmed");
  return confirmed;
}

SecondFactorStatus second_factor_status(const Work& work, const Vault& vault, std::string_view login) {
  const auto account = get_account(work, login);
  auth::TotpDevices devices{work.tx, vault};
  const auto principal = auth::find_principal(work.tx, account.id);
  return {account.id,
          account.login,
          devices.find(account.id),
          devices.find_pending(account.id).has_value(),
          principal && principal->requires_second_factor(),
          auth::RecoveryCodes{work.tx, vault}.left(account.id)};
}

void disable_totp(const Work& work, const Vault& vault, std::string_view login) {
  const auto account = get_account(work, login);
  if (!auth::TotpDevices{work.tx, vault}.remove(account.id)) no_authenticator(account.login);
  auth::RecoveryCodes{work.tx, vault}.remove(account.id);
  audit(work, account.id, "disabled");
}

std::vector<Secret> renew_recovery_codes(const Work& work, const Vault& vault, std::string_view login) {
  const auto account = get_account(work, login);
  if (!auth::TotpDevices{work.tx, vault}.find(account.id)) no_authenticator(account.login);
  auto codes = auth::RecoveryCodes{work.tx, vault}.renew(account.id, work.now);
  audit(work, account.id, "recovery codes renewed");
  return codes;
}

ClockDrift find_clock_drift(const Work& work, const Vault& vault, std::string_view login,
                            const std::vector<Secret>& codes) {
  const auto account = get_account(work, login);
  auth::TotpDevices devices{work.tx, vault};
  if (!devices.find(account.id) && !devices.find_pending(account.id)) no_authenticator(account.login);
  std::optional<std::int64_t> found;
  if (!codes.empty()) found = devices.drift(account.id, codes.front().reveal(), work.now, kReach);
  // The second is that of the step after the first.
  if (found && codes.size() > 1 &&
      devices.drift(account.id, codes[1].reveal(), work.now + (*found + 1) * auth::kTotpPeriod, 0) != 0)
    found.reset();
  if (!found)
    throw Error(Errc::denied, fmt::format("the authenticator of '{}' shows no such code within an hour", account.login),
                "It holds another key, or the clock is off by more: enrol anew.");
  return {account.login, *found, *found >= -1 && *found <= 1};
}

StepUpNeed step_up_need(db::Transaction& tx, std::string_view login) {
  const auto account = store::Accounts{tx}.find_by_login(login);
  if (!account) return StepUpNeed::none;
  if (auth::has_second_factor(tx, account->id)) return StepUpNeed::code;
  const auto principal = auth::find_principal(tx, account->id);
  return principal && principal->requires_second_factor() ? StepUpNeed::enrolment : StepUpNeed::none;
}

CodeCheck show_code(const Work& work, const Vault& vault, std::string_view login, const Secret& code) {
  const auto account = get_account(work, login);
  const auto checked = check_code(work.tx, vault, account.id, work.actor.account, code,
                                  Details{}.add("account", account.id), work.now, work.actor.origin);
  if (checked.shown)
    journal(work).audit(AuditAction::login, kAccountTopic, account.id,
                        Details{}.add("stepped_up", domain::name(*checked.shown)).json());
  return checked;
}

}  // namespace visitor::app
