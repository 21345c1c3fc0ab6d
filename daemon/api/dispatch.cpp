#include "daemon/api/dispatch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "app/audit.hpp"
#include "app/edit_locks.hpp"
#include "app/visits.hpp"
#include "core/hmac.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "daemon/api/cors.hpp"
#include "daemon/api/etag.hpp"
#include "db/error.hpp"
#include "db/single_select.hpp"
#include "store/api_replies.hpp"

namespace visitor::api {
namespace {

constexpr int kAttempts = 3;
constexpr std::size_t kLongestToken = 512;
constexpr std::string_view kBearer = "bearer ";
constexpr std::string_view kRefresh = "/sessions/refresh/";

bool is_json(std::string_view content_type) {
  const auto kind = lower(trim(content_type.substr(0, content_type.find(';'))));
  return kind == "application/json" || kind == "application/merge-patch+json";
}

Values body_of(const Route& route, const http::Request& request, Instant now) {
  if (!request.body.empty() && !is_json(request.header("Content-Type")))
    throw Refusal(Problem::wrong_media_type, "the body is not called JSON");
  return read_body(request.body, route.body, now);
}

/// Holds a write against If-Match. \returns the version that it names
std::optional<int> check_if_match(const Call& call) {
  const auto wanted = call.request.header("If-Match");
  if (wanted.empty()) {
    if (call.route.if_match == IfMatch::must)
      throw Refusal(Problem::precondition_required, "the request has no If-Match");
    return std::nullopt;
  }
  if (call.route.if_match == IfMatch::never) return std::nullopt;
  const auto current = call.route.current(call);
  if (!names_etag(wanted, etag_of(current.body, current.version), false))
    throw Refusal(Problem::precondition_failed, "the thing has another ETag by now");
  return current.version;
}

/// Holds a write against the lock that the caller says is his. What others hold is minded by the use cases.
void check_lock(const Call& call) {
  const auto shown = trim(call.request.header("Lock-Token"));
  if (call.route.edits.empty() || shown.empty()) return;
  const auto lock = app::lock_on(call.work, call.route.edits, *call.path.number("id"));
  if (lock && fmt::format("{}", lock->token) == shown && lock->account == call.work.actor.account) return;
  throw Refusal(Problem::locked, lock ? fmt::format("{} is editing it by now", lock->login) : "that lock is over");
}

/// Says who is editing what was written all the same.
void name_holders(Answer& answer, const app::WrittenPast& past) {
  std::string holders;
  for (const auto& lock : past.locks()) holders += (holders.empty() ? "" : ", ") + json_quote(lock.login);
  if (!holders.empty()) answer.headers.emplace_back("Lock-Held-By", std::move(holders));
}

/// A key has what it lists, as far as the roles of its account have it.
Refusal key_lacks(const domain::ApiKey& key, domain::Permission permission) {
  const auto name = domain::name(permission);
  if (std::ranges::find(key.permissions, permission) == key.permissions.end())
    return std::move(
        Refusal{Problem::denied, fmt::format("API key '{}' does not list {}, which this takes", key.name, name)}.hint(
            fmt::format("'visitorctl apikey audit {}' shows what it lists; 'visitorctl apikey create' makes one that "
                        "lists more.",
                        key.id)));
  return std::move(
      Refusal{Problem::denied, fmt::format("API key '{}' lists {}, but {} does not have it", key.name, name, key.login)}
          .hint(fmt::format("'visitorctl user show {}' shows the roles that the key acts with.", key.login)));
}

/// Where the caller may do what the route does.
domain::Scope scope_of(const Route& route, const Caller& caller) {
  if (route.own) return domain::Scope::everything();
  auto scope = caller.principal.scope_for(route.permission);
  if (!scope && caller.key) throw key_lacks(*caller.key, route.permission);
  if (!scope)
    throw Refusal(Problem::denied, fmt::format("{} may not do this: it takes {}", caller.principal.login(),
                                               domain::name(route.permission)));
  if (route.everywhere && !scope->is_everything())
    throw Refusal(Problem::denied,
                  fmt::format("{} may not do this: it takes {} on everything, not on a part of the house",
                              caller.principal.login(), domain::name(route.permission)));
  return *std::move(scope);
}

domain::Origin origin_of(const http::Request& request) {
  return {fmt::format("api:{}", request.remote), request.id};
}

/// Whether somebody was kept from something by what he may do. What lies out of his scope looks absent, so that each
/// thing that is not there for him counts.
bool is_refused_access(Problem problem, const Route& route, const Caller& caller) {
  if (problem == Problem::denied || problem == Problem::step_up_needed) return true;
  if (problem != Problem::not_found || !route.has_path_id()) return false;
  if (route.own) return true;
  const auto scope = caller.principal.scope_for(route.permission);
  return !scope || !scope->is_everything();
}

/// What audit rows call the things of the route: "visit".
std::string topic_of(const Route& route) {
  auto topic = route.path.substr(1, route.path.find('/', 1) - 1);
  if (topic.ends_with('s')) topic.pop_back();
  return topic;
}

constexpr std::string_view kKeyHeader = "Idempotency-Key";
constexpr std::size_t kLongestKey = 255;

/// What a request asked, in short.
std::string request_hash(const http::Request& request) {
  static const Secret kLabel{std::string_view{"api_reply"}};
  const auto text = fmt::format("{}\n{}\n{}\n{}", request.method, request.path, request.query, request.body);
  return to_hex(hmac_sha256(kLabel, text));
}

/// The Idempotency-Key that counts; empty: none.
std::string idempotency_key(const Call& call) {
  if (!call.route.done_once() || call.query.yes("dry_run")) return "";
  const std::string key{trim(call.request.header(kKeyHeader))};
  const bool plain = std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
  if (key.size() > kLongestKey || !plain)
    throw Refusal(Problem::invalid_value, "the Idempotency-Key is not 1 to 255 visible ASCII characters",
                  {{std::string{kKeyHeader}, "", "is not 1 to 255 visible ASCII characters"}});
  return key;
}

std::string location_of(const Answer& answer) {
  for (const auto& [name, value] : answer.headers)
    if (name == "Location") return value;
  return "";
}

/// Does what is asked once for each Idempotency-Key.
Answer run_once(Call& call) {
  const auto key = idempotency_key(call);
  const auto hash = key.empty() ? "" : request_hash(call.request);
  store::ApiReplies replies{call.work.tx};
  const auto account = call.work.actor.account;
  if (!key.empty())
    if (auto before = replies.begin(account, key, hash, call.work.now)) {
      if (before->request_hash != hash)
        throw Refusal(Problem::key_reused, "the Idempotency-Key was used for another request in the last 24 hours");
      Answer answer{std::move(before->body), before->version, before->status};
      answer.headers.emplace_back("Idempotency-Replayed", "1");
      if (!before->location.empty()) answer.headers.emplace_back("Location", std::move(before->location));
      return answer;
    }
  if (call.route.fresh) app::require_fresh_second_factor(call.work.tx, call.caller, call.work.settings, call.work.now);
  check_lock(call);
  call.seen = check_if_match(call);
  auto answer = call.route.run(call);
  if (!key.empty())
    replies.finish(account, key, {hash, answer.status, answer.body, answer.version, location_of(answer)});
  return answer;
}

}  // namespace

Dispatch::Dispatch(std::function<std::optional<Parts>()> parts, Authenticator* authenticator, const Clock& clock,
                   const Limits& limits)
    : parts_(std::move(parts)),
      authenticator_(authenticator),
      clock_(clock),
      by_credential_(limits.per_credential),
      by_address_(limits.per_address),
      table_(make_table()) {}

void take(RateLimit& limit, std::string_view who, Instant now, http::Headers& headers) {
  const auto verdict = limit.take(who, now);
  headers = {{"RateLimit-Limit", fmt::format("{};w=60", verdict.limit)},
             {"RateLimit-Remaining", fmt::to_string(verdict.remaining)},
             {"RateLimit-Reset", fmt::to_string(verdict.wait.count())}};
  if (!verdict.allowed)
    throw Refusal(Problem::rate_limited, fmt::format("more than {} requests a minute", verdict.limit))
        .header("Retry-After", fmt::to_string(verdict.wait.count()));
}

app::Actor actor_of(const Caller& caller, const http::Request& request) {
  return {caller.principal.account(), caller.principal.login(),
          caller.key ? domain::ActionHow::api : domain::ActionHow::person, origin_of(request)};
}

http::Response refused(const http::Request& request) {
  try {
    throw;
  } catch (const Refusal& refusal) {
    return to_response(refusal, request);
  } catch (const Error& error) {
    const auto refusal = refusal_of(error);
    if (app::info(refusal.problem()).status >= 500)
      log::warn("api: {} {} failed ({}): {}", request.method, request.path, request.id, error.message());
    return to_response(refusal, request);
  } catch (const std::exception& error) {
    log::error("api: {} {} failed ({}): {}", request.method, request.path, request.id, error.what());
    return to_response(Refusal{Problem::failed, "see the daemon's log, by the request id"}, request);
  }
}

http::Response Dispatch::answer(const http::Request& request) {
  const auto parts = parts_();
  auto cors = parts ? cors_headers(request, parts->settings->api.origins) : http::Headers{};
  if (is_preflight(request)) return answer_preflight(std::move(cors));
  http::Headers headers;
  const auto with_headers = [&](http::Response response) {
    for (auto& header : headers) response.headers.push_back(std::move(header));
    for (auto& header : cors) response.headers.push_back(std::move(header));
    return response;
  };
  try {
    return with_headers(handle(request, parts, headers));
  } catch (const std::exception&) {
    return with_headers(refused(request));
  }
}

/// Records who came, now and then.
void Dispatch::note_stranger(const http::Request& request, db::Pool& pool, Instant now, std::string_view why) {
  if (stranger_rows_.take(request.remote, now).allowed && all_stranger_rows_.take("", now).allowed)
    app::record_stranger(pool, origin_of(request), now, why);
}

Refusal Dispatch::stranger(const http::Request& request, db::Pool& pool, Instant now, std::string_view why,
                           std::string detail) {
  note_stranger(request, pool, now, why);
  Refusal refusal{Problem::not_authenticated, std::move(detail)};
  refusal.header("WWW-Authenticate", "Bearer realm=\"visitor\"");
  return refusal;
}

Caller Dispatch::authenticate(const http::Request& request, db::Pool& pool, Instant now) {
  const auto header = request.header("Authorization");
  if (header.empty()) throw stranger(request, pool, now, "no token", "the request has no Authorization");
  if (header.size() > kBearer.size() + kLongestToken || lower(header.substr(0, kBearer.size())) != kBearer)
    throw stranger(request, pool, now, "no token", "the Authorization is not a bearer token");
  const auto token = trim(header.substr(kBearer.size()));
  app::Authentication found;
  if (authenticator_ != nullptr && !token.empty())
    found = authenticator_->authenticate(pool, Secret{token}, request.remote, now);
  if (found.caller) return *std::move(found.caller);
  if (found.from_elsewhere && stranger_rows_.take(fmt::format("key {}", found.from_elsewhere->id), now).allowed)
    app::record_key_elsewhere(pool, origin_of(request), now, *found.from_elsewhere);
  throw stranger(request, pool, now, "unknown token", "the token is not in force");
}

http::Response Dispatch::handle(const http::Request& request, const std::optional<Parts>& parts,
                                http::Headers& headers) {
  const auto now = clock_.now();
  take(by_address_, request.remote, now, headers);
  if (!parts) throw Refusal(Problem::unavailable, "the database is not open yet").header("Retry-After", "1");
  auto match = table_.match(request.method, std::string_view{request.path}.substr(kBase.size()));
  if (match.route != nullptr && !match.route->takes_token()) return let_in(request, *match.route, nullptr, *parts, now);
  const auto caller = admit(request, match, *parts, now, headers);
  if (match.route->open) return let_in(request, *match.route, &caller, *parts, now);
  if (!match.route->errand) return run(request, *match.route, match.path, caller, *parts, now);
  http::Response later;
  later.rest = [this, request, route = match.route, path = std::move(match.path), caller, parts = *parts, now] {
    try {
      return run(request, *route, path, caller, parts, now);
    } catch (const std::exception&) {
      return refused(request);
    }
  };
  return later;
}

Caller Dispatch::admit(const http::Request& request, const Table::Match& match, const Parts& parts, Instant now,
                       http::Headers& headers) {
  auto caller = authenticate(request, parts.pool, now);
  take(by_credential_, credential_of(caller), now, headers);
  if (caller.enrol_only && !(match.route != nullptr && match.route->enrols)) {
    app::record_refusal(parts.pool, actor_of(caller, request), now, "session", caller.session->id.value, {},
                        app::info(Problem::second_factor_needed).name);
    throw Refusal(Problem::second_factor_needed,
                  fmt::format("a role of {} asks for a second factor", caller.principal.login()))
        .hint(
            "Set one up: POST /api/v1/totp/, or 'visitorctl totp enroll'; or show a code of the one that there is: "
            "POST /api/v1/sessions/step-up/.");
  }

  if (match.route == nullptr) {
    if (match.allow.empty()) throw Refusal(Problem::not_found, std::string{app::kNoSuchAddress});
    throw Refusal(Problem::method_not_allowed, fmt::format("this address does not take {}", request.method))
        .header("Allow", match.allow);
  }
  return caller;
}

http::Response Dispatch::let_in(const http::Request& request, const Route& route, const Caller* caller,
                                const Parts& parts, Instant now) {
  read_query(request.query, {}, now);
  const auto body = body_of(route, request, now);
  const app::LogInDesk desk{parts.pool, parts.vault, *parts.settings, parts.check, parts.renew};
  auto answer = [&] {
    try {
      return route.open(Lobby{desk, request, body, now, caller});
    } catch (const Refusal& refusal) {
      // Who logs in with a wrong password is on record by now.
      if (refusal.problem() == Problem::not_authenticated && route.path == kRefresh)
        note_stranger(request, parts.pool, now, "refresh token not in force");
      throw;
    }
  }();
  if (caller != nullptr) authenticator_->forget();
  http::Response response;
  response.status = answer.status;
  response.content_type = "application/json";
  response.body = std::move(answer.body);
  response.headers = std::move(answer.headers);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

/// What is refused for want of a right is on record when the answer goes out.
http::Response Dispatch::run(const http::Request& request, const Route& route, const Values& path, const Caller& caller,
                             const Parts& parts, Instant now) const {
  const auto record = [&](Problem problem) {
    if (!is_refused_access(problem, route, caller)) return;
    app::record_refusal(parts.pool, actor_of(caller, request), now, topic_of(route), path.number("id").value_or(0),
                        route.own ? std::string_view{} : domain::name(route.permission),
                        problem == Problem::denied ? std::string_view{} : app::info(problem).name);
  };
  try {
    return act(request, route, path, caller, parts, now);
  } catch (const Refusal& refusal) {
    record(refusal.problem());
    throw;
  } catch (const Error& error) {
    record(refusal_of(error).problem());
    throw;
  }
}

http::Response Dispatch::act(const http::Request& request, const Route& route, const Values& path, const Caller& caller,
                             const Parts& parts, Instant now) const {
  const auto actor = actor_of(caller, request);
  const auto scope = scope_of(route, caller);
  if (!route.own) authenticator_->note_use(parts.pool, caller, route.permission, request.remote, now);
  const auto query = read_query(request.query, route.query, now, not_here(route));
  const auto body = route.writes() ? body_of(route, request, now) : Values{};

  if (route.errand) {
    auto made = route.errand({parts, request, caller, actor, path, query, now, clock_, stop_.get_token()});
    const auto etag = made.etag;
    return to_response(route, request, query, std::move(made), etag);
  }
  Answer answer;
  const bool single = route.one_select && route.one_select(query);
  const auto answer_with = [&](db::Transaction& tx) {
    const app::WrittenPast past;
    const app::Work work{tx, actor, now, *parts.settings, scope};
    Call call{route, request, work, caller, parts.vault, parts.pool, path, query, body};
    auto done = route.writes() ? run_once(call) : route.run(call);
    name_holders(done, past);
    return done;
  };
  for (int attempt = 1;; ++attempt) {
    try {
      if (single) {
        db::SingleSelect select{parts.pool};
        answer = answer_with(select.transaction());
        break;
      }
      db::Transaction tx{parts.pool,
                         {.isolation = route.writes() ? db::Isolation::read_committed : db::Isolation::repeatable_read,
                          .read_only = !route.writes()}};
      answer = answer_with(tx);
      if (route.writes() && !query.yes("dry_run")) {
        tx.commit();
        authenticator_->forget();
      }
      break;
    } catch (const app::BlockedGuestError& refusal) {
      // What was begun is rolled back by now, and the incident outlives it.
      if (!query.yes("dry_run"))
        db::with_retry(parts.pool, kAttempts, [&](db::Transaction& tx) {
          app::record_refusal(app::Work{tx, actor, now, *parts.settings, domain::Scope::everything()}, refusal);
        });
      throw;
    } catch (const db::DatabaseError& error) {
      // A connection that broke while it was not in use shows it at the first statement.
      const bool again = error.retryable() || (single && error.code() == Errc::database_lost);
      if (!again || attempt == kAttempts) throw;
    }
  }

  const auto etag = answer.etag.empty() ? etag_of(route, answer) : answer.etag;
  return to_response(route, request, query, std::move(answer), etag);
}

std::string etag_of(const Route& route, const Answer& answer) {
  const bool has_one = route.has_etag() && answer.status < 300 && !answer.body.empty();
  return has_one ? etag_of(answer.body, answer.version) : std::string{};
}

http::Response to_response(const Route& route, const http::Request& request, const Values& query, Answer answer,
                           const std::string& etag) {
  http::Response response;
  response.status = answer.status;
  response.content_type = std::move(answer.content_type);
  response.headers = std::move(answer.headers);
  response.headers.emplace_back("Vary", "Authorization, Origin");
  if (query.yes("dry_run")) response.headers.emplace_back("Dry-Run", "1");
  response.headers.emplace_back("Cache-Control", route.has_etag() ? "private, no-cache" : "no-store");
  if (!etag.empty()) {
    response.headers.emplace_back("ETag", etag);
    if (!route.writes() && names_etag(request.header("If-None-Match"), etag, true)) {
      response.status = 304;
      return response;
    }
  }
  if (!route.has_etag() || !etag.empty()) {
    response.body = std::move(answer.body);
    response.source = std::move(answer.source);
  }
  return response;
}

}  // namespace visitor::api
