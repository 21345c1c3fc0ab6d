#include <algorithm>

#include "core/log.hpp"
#include "daemon/api/cors.hpp"
#include "daemon/api/dispatch.hpp"
#include "daemon/api/etag.hpp"
#include "db/single_select.hpp"

// Requests that wait for a worker at the same time. One trip to the database costs more than what it reads.
namespace visitor::api {

/// A request that may share a SELECT.
struct Dispatch::Asker {
  const http::Request* request = nullptr;
  Table::Match match;
  Values query;
  std::optional<Caller> caller = {};  ///< once it is let in
  std::optional<domain::Scope> scope = {};
  http::Headers headers = {};  ///< that its answer has in any case
  std::optional<http::Response> response = {};

  const Route& route() const { return *match.route; }
  bool takes_many() const { return static_cast<bool>(route().many); }
  bool asks_the_same(const Asker& other) const {
    return match.route == other.match.route && request->query == other.request->query &&
           (takes_many() || request->path == other.request->path);
  }
};

std::optional<Dispatch::Asker> Dispatch::asker_of(const http::Request& request, Instant now) const {
  if (request.method != "GET") return std::nullopt;
  Asker asker{&request, table_.match(request.method, std::string_view{request.path}.substr(kBase.size())), {}};
  if (asker.match.route == nullptr || !asker.route().one_select) return std::nullopt;
  try {
    asker.query = read_query(request.query, asker.route().query, now, not_here(asker.route()));
  } catch (const Refusal&) {
    return std::nullopt;
  }
  if (!asker.route().one_select(asker.query)) return std::nullopt;
  return asker;
}

http::Response Dispatch::alone(Asker& asker, const Parts& parts, Instant now) const {
  try {
    return run(*asker.request, asker.route(), asker.match.path, *asker.caller, parts, now);
  } catch (const std::exception&) {
    return refused(*asker.request);
  }
}

/// \returns whether the asker may share; who may not has his response
bool Dispatch::may_share(Asker& asker, const Parts& parts, Instant now) {
  const auto& request = *asker.request;
  const auto& route = asker.route();
  try {
    take(by_address_, request.remote, now, asker.headers);
    asker.caller = admit(request, asker.match, parts, now, asker.headers);
    if (!route.everywhere && !route.own) asker.scope = asker.caller->principal.scope_for(route.permission);
    if (asker.scope) {
      authenticator_->note_use(parts.pool, *asker.caller, route.permission, request.remote, now);
      return true;
    }
    asker.response = alone(asker, parts, now);
  } catch (const std::exception&) {
    asker.response = refused(request);
  }
  return false;
}

/// Leaves without a response whom it could not answer.
void Dispatch::answer_group(std::span<Asker* const> group, const Parts& parts, Instant now) const {
  const auto& route = group.front()->route();
  std::vector<app::Actor> actors;
  std::vector<std::optional<Answer>> answers;
  {
    db::SingleSelect select{parts.pool};
    std::vector<app::Work> works;
    std::vector<Call> calls;
    for (auto* asker : group) actors.push_back(actor_of(*asker->caller, *asker->request));
    works.reserve(group.size());
    const auto asked = route.many ? group.size() : std::size_t{1};
    for (std::size_t i = 0; i < asked; ++i) {
      auto& asker = *group[i];
      works.push_back({select.transaction(), actors[i], now, *parts.settings, *asker.scope});
      calls.push_back({route, *asker.request, works[i], *asker.caller, parts.vault, parts.pool, asker.match.path,
                       asker.query, Values{}});
    }
    if (route.many)
      answers = route.many(calls);
    else
      answers.emplace_back(route.run(calls.front()));
  }
  std::string etag;
  for (std::size_t i = 0; i < group.size(); ++i) {
    auto& asker = *group[i];
    const auto& answer = answers[route.many ? i : 0];
    if (!answer) continue;
    if (route.many || i == 0) etag = etag_of(route, *answer);
    asker.response = to_response(route, *asker.request, asker.query, *answer, etag);
  }
}

std::vector<std::optional<http::Response>> Dispatch::answer_together(std::span<const http::Request* const> requests) {
  std::vector<std::optional<http::Response>> responses(requests.size());
  const auto parts = parts_();
  if (!parts) return responses;
  const auto now = clock_.now();
  std::vector<std::optional<Asker>> askers;
  askers.reserve(requests.size());
  for (const auto* request : requests) askers.push_back(asker_of(*request, now));
  // Whom nobody can share with may take long, so he keeps nobody waiting.
  std::vector<bool> lonely(askers.size());
  for (std::size_t i = 0; i < askers.size(); ++i)
    lonely[i] =
        askers[i] && askers.size() > 1 && std::ranges::none_of(askers, [&, one = &askers[i]](const auto& other) {
          return &other != one && other && other->asks_the_same(**one);
        });
  for (std::size_t i = 0; i < askers.size(); ++i)
    if (lonely[i]) askers[i].reset();

  std::vector<Asker*> sharing;
  for (auto& asker : askers)
    if (asker && may_share(*asker, *parts, now)) sharing.push_back(&*asker);
  while (!sharing.empty()) {
    const auto end =
        std::stable_partition(sharing.begin(), sharing.end(), [first = sharing.front()](const Asker* asker) {
          return asker->scope == first->scope && asker->asks_the_same(*first);
        });
    const std::vector<Asker*> group{sharing.begin(), end};
    sharing.erase(sharing.begin(), end);
    try {
      if (group.size() > 1) answer_group(group, *parts, now);
    } catch (const std::exception& error) {
      log::debug("api: {} requests are answered one by one: {}", group.size(), error.what());
    }
    // Who is alone, what is not there, and what has failed.
    for (auto* asker : group)
      if (!asker->response) asker->response = alone(*asker, *parts, now);
  }

  for (std::size_t i = 0; i < askers.size(); ++i) {
    auto& asker = askers[i];
    if (!asker) continue;
    auto& response = responses[i].emplace(*std::move(asker->response));
    for (auto& header : asker->headers) response.headers.push_back(std::move(header));
    for (auto& header : cors_headers(*requests[i], parts->settings->api.origins))
      response.headers.push_back(std::move(header));
  }
  return responses;
}

}  // namespace visitor::api
