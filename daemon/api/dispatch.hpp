#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "config/settings.hpp"
#include "core/clock.hpp"
#include "core/vault.hpp"
#include "daemon/api/authenticator.hpp"
#include "daemon/api/rate_limit.hpp"
#include "daemon/api/route.hpp"
#include "daemon/http/router.hpp"
#include "db/pool.hpp"

namespace visitor::api {

constexpr std::string_view kBase = "/api/v1";
constexpr int kStrangersRecorded = 60;  // a minute

/// What the API needs of an instance that is open.
struct Parts {
  std::shared_ptr<const config::Settings> settings;  ///< those in force
  db::Pool& pool;
  const Vault& vault;
  app::PasswordCheck check = {};  ///< of whoever logs in
  app::PasswordRenewal renew = {};
};

/// How many requests a minute each may make.
struct Limits {
  int per_credential = 1'200;  ///< of a session or an API key
  int per_address = 6'000;     ///< of an address, also without a token that is good
};

/// Answers requests below /api/v1/.
///
/// | what comes                                    | answer                                          |
/// |-----------------------------------------------|-------------------------------------------------|
/// | no or an unknown bearer token                 | 401, whatever the path is, but where one logs   |
/// |                                               | in                                              |
/// | a path that there is not, or another method   | 404; 405 with Allow                             |
/// | without the right, or without a fresh code    | 403                                             |
/// | an unknown parameter, a wrong value           | 400 that names it                               |
/// | a thing out of the caller's scope             | 404, as if it were not there                    |
/// | GET with If-None-Match of what is there       | 304                                             |
/// | a write with If-Match of something else       | 412; 428 where it is missing and must not be    |
/// | the database is not open                      | 503                                             |
/// | more requests than Limits                     | 429 with Retry-After                            |
/// | POST with an Idempotency-Key, again           | the first answer again                          |
/// | a preflight of a browser                      | 204; what it allows to an origin is [api]'s     |
///
/// Refusals are RFC 9457 problems. Without an authenticator everything is refused. What is refused for want of a token,
/// a right, a fresh code or a scope is in the audit; of strangers a row a minute for each address, and no more than
/// kStrangersRecorded of all.
class Dispatch {
 public:
  /// \param parts          nothing while the database is not open; called on any thread
  /// \param authenticator  nullptr: nobody gets in; outlives this
  /// \param clock          outlives this
  Dispatch(std::function<std::optional<Parts>()> parts, Authenticator* authenticator, const Clock& clock,
           const Limits& limits = {});

  /// Any thread. Throws nothing that a request can cause; nor does what is the rest of it.
  http::Response answer(const http::Request& request);
  /// Answers, in their order and each as answer() would, those that can share a SELECT with another one of them: who
  /// asks for the same in one scope, or for single things of one kind. Nothing for the others, of which nothing has
  /// happened. The SELECT begins after they have come: nobody gets what was true before he asked. Each is let in,
  /// limited and recorded by itself. One request alone is answered, too, if it takes one SELECT. Any thread.
  std::vector<std::optional<http::Response>> answer_together(std::span<const http::Request* const> requests);

  /// What takes long comes to its end soon. Any thread.
  void request_stop() { stop_.request_stop(); }

  const Table& table() const { return table_; }

 private:
  http::Response handle(const http::Request& request, const std::optional<Parts>& parts, http::Headers& headers);
  /// Whoever has the token, counted; nobody where the route is none for him. \throws Refusal
  Caller admit(const http::Request& request, const Table::Match& match, const Parts& parts, Instant now,
               http::Headers& headers);
  struct Asker;
  std::optional<Asker> asker_of(const http::Request& request, Instant now) const;
  bool may_share(Asker& asker, const Parts& parts, Instant now);
  http::Response alone(Asker& asker, const Parts& parts, Instant now) const;
  void answer_group(std::span<Asker* const> group, const Parts& parts, Instant now) const;
  http::Response run(const http::Request& request, const Route& route, const Values& path, const Caller& caller,
                     const Parts& parts, Instant now) const;
  http::Response act(const http::Request& request, const Route& route, const Values& path, const Caller& caller,
                     const Parts& parts, Instant now) const;
  http::Response let_in(const http::Request& request, const Route& route, const Caller* caller, const Parts& parts,
                        Instant now);
  Caller authenticate(const http::Request& request, db::Pool& pool, Instant now);
  void note_stranger(const http::Request& request, db::Pool& pool, Instant now, std::string_view why);
  Refusal stranger(const http::Request& request, db::Pool& pool, Instant now, std::string_view why, std::string detail);

  std::function<std::optional<Parts>()> parts_;
  Authenticator* authenticator_;
  const Clock& clock_;
  std::stop_source stop_;
  RateLimit by_credential_;
  RateLimit by_address_;
  RateLimit stranger_rows_{1};  // what of them is recorded
  RateLimit all_stranger_rows_{kStrangersRecorded};
  const Table table_;
};

/// Every request of the API.
Table make_table();

/// Takes one of \p who, and sets \p headers to what the answer says of it. \throws Refusal rate_limited
void take(RateLimit& limit, std::string_view who, Instant now, http::Headers& headers);

/// Who acts where \p caller has sent \p request.
app::Actor actor_of(const Caller& caller, const http::Request& request);

/// The answer to a request whose handling threw what is being caught.
http::Response refused(const http::Request& request);

/// The response that \p answer becomes: 304 where the request names its ETag.
/// \param query  of the request
/// \param etag   of the answer, where the route has one
http::Response to_response(const Route& route, const http::Request& request, const Values& query, Answer answer,
                           const std::string& etag);
/// Empty where it has none.
std::string etag_of(const Route& route, const Answer& answer);

}  // namespace visitor::api
