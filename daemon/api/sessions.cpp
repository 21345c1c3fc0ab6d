#include <fmt/format.h>

#include "app/api_keys.hpp"
#include "app/json_accounts.hpp"
#include "app/log_in.hpp"
#include "daemon/api/listing.hpp"
#include "daemon/api/resources.hpp"

namespace visitor::api {
namespace {

using app::LogInVerdict;
using domain::Permission;

constexpr std::int64_t kToken = 512;
constexpr int kMost = 1'000;

void write_tokens(app::JsonWriter& json, const auth::SessionIssued& issued) {
  json.member("session_id", issued.session.id).member("login", std::string_view{issued.session.login});
  json.member("access_token", issued.tokens.access.reveal()).member("access_until", issued.tokens.access_until);
  json.member("refresh_token", issued.tokens.refresh.reveal()).member("refresh_until", issued.tokens.refresh_until);
}

Refusal nobody(std::string detail, std::string hint) {
  Refusal refusal{Problem::not_authenticated, std::move(detail)};
  refusal.header("WWW-Authenticate", "Bearer realm=\"visitor\"").hint(std::move(hint));
  return refusal;
}

[[noreturn]] void refuse(const app::LogInResult& result) {
  switch (result.verdict) {
    case LogInVerdict::code_needed:
      throw Refusal(Problem::second_factor_needed, "the password is right, and a code is needed")
          .hint("Send the same again with the code of the authenticator, or a recovery code, in code.");
    case LogInVerdict::wrong_code:
      throw Refusal(Problem::second_factor_needed, "the code is wrong, or was used before")
          .hint("Wait for the next code.");
    case LogInVerdict::throttled:
      throw Refusal(Problem::rate_limited, "too many tries to log in")
          .header("Retry-After", fmt::to_string(result.retry_after.count()));
    case LogInVerdict::wrong:
    case LogInVerdict::welcome:
      break;
  }
  throw nobody("the login or the password is wrong", "After several wrong tries the next ones have to wait.");
}

std::optional<Secret> secret(const Values& body, std::string_view name) {
  const auto text = body.text(name);
  if (!text) return std::nullopt;
  return Secret{*text};
}

Answer log_in(const Lobby& lobby) {
  app::LogInRequest request;
  request.login = lobby.body.text_or("login");
  request.password = *secret(lobby.body, "password");
  request.code = secret(lobby.body, "code");
  request.device = secret(lobby.body, "device_token");
  request.address = lobby.request.remote;
  request.agent = std::string{lobby.request.header("User-Agent")};
  request.request_id = lobby.request.id;
  const auto result = app::log_in(lobby.desk, request, lobby.now);
  if (result.verdict != LogInVerdict::welcome) refuse(result);
  app::JsonWriter json{app::JsonWriter::Layout::line};
  json.begin_object();
  write_tokens(json, *result.issued);
  json.text_member("device_token", result.device ? result.device->reveal() : "");
  json.member("enrol_only", result.enrol_only).end();
  Answer answer;
  answer.body = json.take();
  answer.status = 201;
  return answer;
}

Answer refresh(const Lobby& lobby) {
  const auto refreshed =
      app::refresh_session(lobby.desk, *secret(lobby.body, "refresh_token"), lobby.request.remote, lobby.now);
  if (refreshed.verdict != auth::RefreshVerdict::done)
    throw nobody("the refresh token is not in force", "Log in again: POST /api/v1/sessions/.");
  app::JsonWriter json{app::JsonWriter::Layout::line};
  json.begin_object();
  write_tokens(json, *refreshed.issued);
  json.end();
  Answer answer;
  answer.body = json.take();
  return answer;
}

Answer step_up(const Lobby& lobby) {
  const auto& caller = *lobby.caller;
  if (!caller.session) throw Refusal(Problem::denied, "an API key has no session to show a code in");
  const auto result = app::step_up(lobby.desk, caller, *secret(lobby.body, "code"), lobby.now,
                                   {fmt::format("api:{}", lobby.request.remote), lobby.request.id});
  if (result.verdict != LogInVerdict::welcome) refuse(result);
  db::Transaction tx{lobby.desk.pool, {.read_only = true}};
  const auto session = auth::Sessions{tx}.find(caller.session->id);
  if (!session) throw Error(Errc::not_found, fmt::format("there is no session {}", caller.session->id));
  Answer answer;
  answer.body = to_json(*session);
  return answer;
}

bool sees_all(const Call& call) {
  const auto scope = call.caller.principal.scope_for(Permission::session_view);
  return scope && scope->is_everything();
}

Answer list_sessions(const Call& call) {
  auto login = call.query.text("login");
  if (!sees_all(call)) {
    if (login && *login != call.caller.principal.login())
      throw Refusal(Problem::denied,
                    fmt::format("{} may see no sessions but its own: others take {}", call.caller.principal.login(),
                                domain::name(Permission::session_view)));
    login = call.caller.principal.login();
  }
  return page_of(call, app::list_sessions(call.work, login, call.query.yes("all"), kMost));
}

/// The session of the address, where it is the caller's own or he has that right on everything.
domain::Session session_of(const Call& call, Permission permission) {
  const auto id = call.id<domain::SessionTag>();
  auto found = auth::Sessions{call.work.tx}.find(id);
  const auto scope = call.caller.principal.scope_for(permission);
  const bool own = found && found->account == call.caller.principal.account();
  if (!found || (!own && !(scope && scope->is_everything())))
    throw Error(Errc::not_found, fmt::format("there is no session {}", id));
  return *std::move(found);
}

Answer get_session(const Call& call) {
  return one(call, session_of(call, Permission::session_view));
}

/// What If-Match of its end is held against.
Answer session_to_end(const Call& call) {
  return one(call, session_of(call, Permission::session_revoke));
}

Answer end_session(const Call& call) {
  const auto id = session_of(call, Permission::session_revoke).id;
  if (call.caller.session && call.caller.session->id == id) {
    app::log_out(call.work.tx, call.caller, call.work.now, call.work.actor.origin);
    return one(call, *auth::Sessions{call.work.tx}.find(id));
  }
  return one(call, app::revoke_session(call.work, id));
}

Answer revoke_sessions(const Call& call) {
  const auto ended =
      app::revoke_sessions(call.work, call.body.text_or("login"), call.body.id<domain::SessionTag>("session"));
  app::JsonWriter json{app::JsonWriter::Layout::line};
  json.begin_object().key("sessions").begin_array();
  for (const auto& session : ended) write(json, session);
  Answer answer;
  answer.body = json.end().end().take();
  return answer;
}

Answer list_keys(const Call& call) {
  return page_of(call, app::list_api_keys(call.work, call.query.text("login"), call.query.yes("all"), kMost));
}

Answer get_key(const Call& call) {
  return one(call, app::audit_api_key(call.work, call.id<domain::ApiKeyTag>()));
}

Answer create_key(const Call& call) {
  const auto& body = call.body;
  app::NewApiKey wanted;
  wanted.login = body.text_or("login");
  wanted.name = body.text_or("name");
  wanted.permissions = body.all_named<Permission>("permissions");
  wanted.networks = body.texts("networks");
  wanted.expires_at = body.moment("expires_at");
  for (const auto permission : wanted.permissions)
    if (!call.caller.principal.may(permission))
      throw Refusal(Problem::denied, fmt::format("{} may not give away {}, which it does not have",
                                                 call.caller.principal.login(), domain::name(permission)));
  const auto created = app::create_api_key(call.work, wanted);
  Answer answer;
  answer.body = to_json(created);
  answer.status = 201;
  answer.headers.emplace_back("Location", fmt::format("/api/v1/apikeys/{}/", created.key.id));
  return answer;
}

Answer revoke_key(const Call& call) {
  return one(call, app::revoke_api_key(call.work, call.id<domain::ApiKeyTag>()));
}

std::vector<Field> token_fields() {
  return {id("session_id", "Number of the session"),           text("login", "Who is logged in"),
          text("access_token", "For 'Authorization: Bearer'"), moment("access_until", "Until when it is good"),
          text("refresh_token", "For new tokens; good once"),  moment("refresh_until", "Until when it is good")};
}

std::vector<Field> key_fields() {
  return {id("id", "Number"),
          object("account", "For whom it acts", "LoginNamed"),
          text("name", "Name"),
          many(named<Permission>("permissions", "What it may do, at most")),
          many(text("networks", "From where it may be used; none: from anywhere")),
          moment("created_at", "When it was made"),
          or_null(moment("expires_at", "When it ends")),
          or_null(moment("revoked_at", "When it was revoked")),
          or_null(moment("last_used_at", "When it was used last, to the minute")),
          or_null(text("last_used_from", "From where that was"))};
}

std::vector<Field> with(std::vector<Field> fields, std::vector<Field> more) {
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

}  // namespace

void add_sessions(Table& table) {
  table.add({"Tokens", token_fields()});
  table.add({"LogIn", with(token_fields(), {or_null(text("device_token", "To be sent at the next log-in from here")),
                                            yes_or_no("enrol_only", "A second factor has to be set up first")})});
  table.add({"LoginNamed", {id("id", "Number"), text("login", "Login")}});
  table.add({.method = "POST",
             .path = "/sessions/",
             .name = "log_in",
             .summary = "Log in",
             .body = {required(text("login", "Who", 100, 1)), required(text("password", "Password", 256, 1)),
                      text("code", "Code of the authenticator, or a recovery code", 64, 1),
                      text("device_token", "What an earlier log-in on this device was given", kToken, 1)},
             .answer = "LogIn",
             .status = 201,
             .open = log_in});
  table.add({.method = "POST",
             .path = "/sessions/refresh/",
             .name = "refresh_session",
             .summary = "New tokens for a refresh token; one that is used twice ends the session",
             .body = {required(text("refresh_token", "Refresh token", kToken, 1))},
             .answer = "Tokens",
             .open = refresh});

  table.add({"Session",
             {id("id", "Number"), object("account", "Whose it is", "LoginNamed"),
              named<domain::SecondFactorKind>("second_factor", "What was shown besides the password"),
              or_null(moment("stepped_up_at", "When that was shown last")), moment("created_at", "When it began"),
              moment("last_used_at", "When it was used last, to the minute"), moment("ends_at", "When it ends"),
              or_null(text("address", "From where it began")), or_null(text("agent", "What the program calls itself")),
              or_null(moment("ended_at", "When it was ended")),
              or_null(named<domain::SessionEnd>("ended_how", "By whom or what"))}});
  table.add({.method = "POST",
             .path = "/sessions/step-up/",
             .name = "step_up",
             .summary = "Show a code in this session, for what asks for a fresh one; it lasts for [sessions] step_up",
             .own = true,
             .enrols = true,
             .body = {required(text("code", "Code of the authenticator, or a recovery code", 64, 1))},
             .answer = "Session",
             .open = step_up});
  table.add({.path = "/sessions/",
             .name = "list_sessions",
             .summary = "One's own sessions, newest first; with session.view those of everybody",
             .command = "visitorctl user sessions",
             .own = true,
             .query = {text("login", "Of this account", 100, 1), yes_or_no("all", "Also those that are over")},
             .answer = "Session",
             .paging = Paging::pages,
             .run = list_sessions});
  table.add({.path = "/sessions/{id}/",
             .name = "get_session",
             .summary = "One's own session; with session.view anybody's",
             .command = "visitorctl user sessions",
             .own = true,
             .answer = "Session",
             .run = get_session});
  table.add({.method = "DELETE",
             .path = "/sessions/{id}/",
             .name = "end_session",
             .summary = "End one's own session, this one or another; with session.revoke anybody's",
             .command = "visitorctl user revoke",
             .own = true,
             .enrols = true,
             .answer = "Session",
             .if_match = IfMatch::may,
             .conflicts = true,
             .current = session_to_end,
             .run = end_session});

  table.add({"SessionsEnded", {many(object("sessions", "Those that were live", "Session"))}});
  table.add({.method = "POST",
             .path = "/sessions/revoke/",
             .name = "revoke_sessions",
             .summary = "End the sessions of an account at once, everywhere",
             .command = "visitorctl user revoke",
             .permission = Permission::session_revoke,
             .everywhere = true,
             .body = {required(text("login", "Whose", 100, 1)), id("session", "Only this one")},
             .answer = "SessionsEnded",
             .conflicts = true,
             .run = revoke_sessions});

  table.add({"ApiKey", key_fields()});
  table.add({"ApiKeyCreated", with(key_fields(), {text("key", "The key; nobody can see it later")})});
  table.add({"ApiKeyUse",
             {named<Permission>("permission", "What was needed"), moment("first_used_at", "When first"),
              moment("last_used_at", "When last, to the hour")}});
  table.add({"ApiKeyAudit", with(key_fields(), {many(object("used", "What it has needed", "ApiKeyUse")),
                                                many(named<Permission>("unused", "What it never needed"))})});
  table.add({.path = "/apikeys/",
             .name = "list_apikeys",
             .summary = "API keys, by account and name, never their texts",
             .command = "visitorctl apikey list",
             .permission = Permission::api_key_view,
             .everywhere = true,
             .query = {text("login", "Of this account", 100, 1), yes_or_no("all", "Also those that are over")},
             .answer = "ApiKey",
             .paging = Paging::pages,
             .run = list_keys});
  table.add({.path = "/apikeys/{id}/",
             .name = "get_apikey",
             .summary = "An API key, and which of its permissions were ever needed",
             .command = "visitorctl apikey audit",
             .permission = Permission::api_key_view,
             .everywhere = true,
             .answer = "ApiKeyAudit",
             .run = get_key});
  table.add(
      {.method = "POST",
       .path = "/apikeys/",
       .name = "create_apikey",
       .summary = "Make an API key, which is shown this once",
       .command = "visitorctl apikey create",
       .permission = Permission::api_key_edit,
       .everywhere = true,
       .secret = true,
       .fresh = true,
       .body = {required(text("login", "Account that it acts for", 100, 1)), required(text("name", "Name", 100, 1)),
                required(many(named<Permission>("permissions", "What it may do, at most"))),
                many(text("networks", "From where it may be used; none: from anywhere", 64, 1)),
                moment("expires_at", "When it ends")},
       .answer = "ApiKeyCreated",
       .conflicts = true,
       .status = 201,
       .run = create_key});
  table.add({.method = "DELETE",
             .path = "/apikeys/{id}/",
             .name = "revoke_apikey",
             .summary = "Revoke an API key",
             .command = "visitorctl apikey revoke",
             .permission = Permission::api_key_edit,
             .everywhere = true,
             .answer = "ApiKey",
             .if_match = IfMatch::may,
             .conflicts = true,
             .current = get_key,
             .run = revoke_key});
}

}  // namespace visitor::api
