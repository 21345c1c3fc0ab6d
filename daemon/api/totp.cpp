#include "app/json_accounts.hpp"
#include "daemon/api/listing.hpp"
#include "daemon/api/resources.hpp"

namespace visitor::api {
namespace {

using domain::TotpAlgorithm;

void require_session(const Call& call) {
  if (!call.caller.session) throw Refusal(Problem::denied, "an API key has no second factor: a person has");
}

Answer show_status(const Call& call) {
  return one(call, app::second_factor_status(call.work, call.vault, call.caller.principal.login()));
}

Answer enroll(const Call& call) {
  auth::TotpParameters parameters;
  parameters.algorithm = call.body.named<TotpAlgorithm>("algorithm").value_or(parameters.algorithm);
  parameters.digits = static_cast<int>(call.body.number("digits").value_or(parameters.digits));
  if (parameters.digits != 6 && parameters.digits != 8)
    throw Refusal(Problem::invalid_value, "digits is neither 6 nor 8", {{"", "/digits", "is neither 6 nor 8"}});
  auto answer = one(call, app::enrol_totp(call.work, call.vault, call.caller.principal.login(), parameters));
  answer.status = 201;
  return answer;
}

Answer confirm(const Call& call) {
  require_session(call);
  return one(call, app::confirm_totp(call.work, call.vault, call.caller.principal.login(),
                                     Secret{call.body.text_or("code")}, call.caller.session->id));
}

}  // namespace

void add_totp(Table& table) {
  table.add({"Authenticator",
             {named<TotpAlgorithm>("algorithm", "Hash"), number("digits", "Digits of a code", 6, 8),
              moment("confirmed_at", "Since when it counts"), or_null(moment("last_used_at", "When it was used last")),
              number("last_drift_seconds", "How far ahead its clock was then", -3'600, 3'600)}});
  table.add(
      {"SecondFactor",
       {object("account", "Whose", "LoginNamed"), or_null(object("authenticator", "What counts", "Authenticator")),
        yes_or_no("pending", "A new authenticator waits for its first code"),
        yes_or_no("required", "A role of the account asks for one"),
        number("recovery_codes_left", "Recovery codes that are good")}});
  table.add({"Enrolment",
             {object("account", "Whose", "LoginNamed"), text("uri", "otpauth address, for a QR code"),
              text("key", "The same key in Base32, for typing"), named<TotpAlgorithm>("algorithm", "Hash"),
              number("digits", "Digits of a code", 6, 8)}});
  table.add(
      {"Enrolled",
       {object("account", "Whose", "LoginNamed"), object("authenticator", "What counts from now on", "Authenticator"),
        many(text("recovery_codes",
                  "Each good once, and not shown again; none where the account had an authenticator before"))}});
  table.add({.path = "/totp/",
             .name = "get_totp",
             .summary = "The caller's own second factor",
             .command = "visitorctl totp status",
             .own = true,
             .enrols = true,
             .answer = "SecondFactor",
             .run = show_status});
  table.add({.method = "POST",
             .path = "/totp/",
             .name = "enroll_totp",
             .summary = "Begin to set up an authenticator of one's own, which counts once a code of it was shown",
             .command = "visitorctl totp enroll",
             .secret = true,
             .own = true,
             .enrols = true,
             .fresh = true,
             .body = {with_default(named<TotpAlgorithm>("algorithm", "Hash; few apps know others than SHA1"), "SHA1"),
                      with_default(number("digits", "Digits of a code: 6 or 8", 6, 8), "6")},
             .answer = "Enrolment",
             .conflicts = true,
             .status = 201,
             .run = enroll});
  table.add({.method = "POST",
             .path = "/totp/confirm/",
             .name = "confirm_totp",
             .summary = "Make the new authenticator count, with its first code",
             .command = "visitorctl totp confirm",
             .secret = true,
             .own = true,
             .enrols = true,
             .body = {required(text("code", "What the new authenticator shows", 16, 1))},
             .answer = "Enrolled",
             .conflicts = true,
             .run = confirm});
}

}  // namespace visitor::api
