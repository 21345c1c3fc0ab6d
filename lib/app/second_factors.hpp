#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/code_check.hpp"
#include "app/work.hpp"
#include "auth/totp.hpp"
#include "core/vault.hpp"
#include "domain/session.hpp"

/// Setting up, looking at and taking away second factors. Each step writes its audit row.
///
/// Over the API a session that has a second factor shows it again first (require_fresh_second_factor); at the command
/// line the operating system says who may, and whoever has an authenticator shows a code of it.
namespace visitor::app {

/// What people's authenticators call us.
inline constexpr std::string_view kIssuer = "Visitor";

struct TotpEnrolment {
  domain::TotpDevice device;
  std::string login;
  Secret uri;  ///< otpauth://…, for a QR code
  Secret key;  ///< the same key in Base32, for typing
};

/// A new authenticator, which counts once a code of it is confirmed; until then an older one goes on counting.
/// \throws Error not_found  no such account
/// \throws Error conflict   it is disabled, or not a person's
TotpEnrolment enrol_totp(const Work& work, const Vault& vault, std::string_view login,
                         const auth::TotpParameters& parameters);

struct TotpConfirmed {
  domain::TotpDevice device;
  std::string login;
  /// Ten for an account that had no authenticator before; empty where an older one was replaced: its codes go on.
  std::vector<Secret> recovery_codes;
};

/// With its first code an authenticator counts, instead of any older one.
/// \param session  that the code was shown in, if any: from now on it is one with a second factor
/// \throws Error not_found  no such account
/// \throws Error conflict   no authenticator waits
/// \throws Error denied     the code is wrong
TotpConfirmed confirm_totp(const Work& work, const Vault& vault, std::string_view login, const Secret& code,
                           std::optional<domain::SessionId> session = {});

struct SecondFactorStatus {
  AccountId account;
  std::string login;
  std::optional<domain::TotpDevice> device;
  bool pending = false;    ///< a new one waits for its first code
  bool required = false;   ///< a role asks for one
  int recovery_codes = 0;  ///< that are left
};
/// \throws Error not_found
SecondFactorStatus second_factor_status(const Work& work, const Vault& vault, std::string_view login);

/// Takes away the authenticator and the recovery codes.
/// \throws Error not_found  no such account
/// \throws Error conflict   there is none
void disable_totp(const Work& work, const Vault& vault, std::string_view login);

/// Ten new recovery codes; the older ones are worth nothing from now on.
/// \throws Error not_found  no such account
/// \throws Error conflict   it has no authenticator
std::vector<Secret> renew_recovery_codes(const Work& work, const Vault& vault, std::string_view login);

/// How far the clock that showed the codes is off.
struct ClockDrift {
  std::string login;
  std::int64_t steps = 0;  ///< ahead; behind: negative
  bool good = false;       ///< its codes are taken
};
/// Looks an hour around. Two codes that follow one another leave no doubt; one is right by chance in 1 of 4,000 cases.
/// Spends none.
/// \param codes  one or two
/// \throws Error not_found  no such account
/// \throws Error conflict   it has no authenticator
/// \throws Error denied     no moment within the hour before and after now shows these codes
ClockDrift find_clock_drift(const Work& work, const Vault& vault, std::string_view login,
                            const std::vector<Secret>& codes);

/// What a step that asks for a fresh code means, at the command line, for the account of that login.
enum class StepUpNeed : std::uint8_t {
  none,      ///< there is no such account, or it has no authenticator and no role that asks for one
  code,      ///< it has one: a code is to be shown
  enrolment  ///< a role asks for one, and it has none
};
/// Needs no master key, and asks of the schema no more than version 13.
StepUpNeed step_up_need(db::Transaction& tx, std::string_view login);

/// Looks at a code of \p login, and writes down that it was shown: to be committed either way.
/// \throws Error not_found  no such account
CodeCheck show_code(const Work& work, const Vault& vault, std::string_view login, const Secret& code);

}  // namespace visitor::app
