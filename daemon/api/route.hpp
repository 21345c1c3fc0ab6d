#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "app/log_in.hpp"
#include "app/work.hpp"
#include "core/clock.hpp"
#include "core/vault.hpp"
#include "daemon/api/authenticator.hpp"
#include "daemon/api/field.hpp"
#include "daemon/api/refusal.hpp"
#include "daemon/api/values.hpp"
#include "daemon/http/message.hpp"
#include "db/pool.hpp"
#include "domain/permission.hpp"

/// One declaration per request that there is. Dispatch, checking, the OpenAPI document and the page for people are all
/// made from it, so that they cannot differ.
namespace visitor::api {

struct Route;

/// What a handler works with. Everything in it was checked: values are as the route's fields say, the caller has the
/// route's permission, and work.scope is where.
struct Call {
  const Route& route;
  const http::Request& request;
  const app::Work& work;
  const Caller& caller;
  const Vault& vault;
  db::Pool& pool;  ///< for what is read when the transaction of the work is over
  Values path;
  Values query;
  Values body;
  /// The version that If-Match names, where the request has it: what a use case compares again.
  std::optional<int> seen = {};

  template <class Tag>
  Id<Tag> id() const {
    return *path.id<Tag>("id");
  }
};

struct Answer {
  std::string body;            ///< JSON, where nothing else is said
  std::optional<int> version;  ///< of the thing, where it has one: becomes part of the ETag
  int status = 200;
  http::Headers headers = {};
  std::string content_type = "application/json";
  std::shared_ptr<http::Source> source = {};  ///< instead of the body
  std::string etag = {};                      ///< of what the source gives, with its quotation marks
};

using Handler = std::function<Answer(const Call&)>;
/// Several calls of one route in one scope, at once: the answer of each, in their order, and nothing for those whose
/// thing is not there.
using ManyHandler = std::function<std::vector<std::optional<Answer>>(const std::vector<Call>&)>;

/// What a handler works with that lets people in: nobody is logged in yet, or somebody shows a code.
struct Lobby {
  const app::LogInDesk& desk;
  const http::Request& request;
  const Values& body;
  Instant now;
  const Caller* caller = nullptr;  ///< who is logged in, where the route takes a token
};
using OpenHandler = std::function<Answer(const Lobby&)>;

struct Parts;

/// What a handler works with that takes long and opens its own transactions.
struct Errand {
  const Parts& parts;
  const http::Request& request;
  const Caller& caller;
  const app::Actor& actor;
  const Values& path;
  const Values& query;
  Instant now;
  const Clock& clock;
  std::stop_token stop;
};
using ErrandHandler = std::function<Answer(const Errand&)>;

/// Whether a write looks at If-Match.
enum class IfMatch : std::uint8_t {
  never,
  may,   ///< 412 where it does not match
  must,  ///< and 428 where it is not there: a race would lose somebody's work
};

/// How a list comes.
enum class Paging : std::uint8_t {
  none,    ///< it is no list
  pages,   ///< page and page_size
  cursor,  ///< cursor and page_size
  both,
};

struct Route {
  std::string method = "GET";
  std::string path = {};     ///< below /api/v1, with a slash at the end: "/visits/{id}/"
  std::string name = {};     ///< once: "get_visit"
  std::string summary = {};  ///< a sentence
  std::string command = {};  ///< of visitorctl that does the same; empty: none
  domain::Permission permission = domain::Permission::visit_view;
  bool everywhere = false;  ///< what it shows is of no one site: the permission on a part of the house is not enough
  bool secret = false;      ///< nobody may keep the answer: it has no ETag and is not kept for an Idempotency-Key
  bool own = false;         ///< about the caller alone: whoever is logged in may, whatever the permission says
  bool enrols = false;      ///< also for a session that can only set up a second factor
  bool fresh = false;       ///< asks for a code that was shown in the session a moment ago
  std::vector<Field> query = {};
  std::vector<Field> body = {};
  std::string answer = {};  ///< schema of the answer, or of one element of a list
  Paging paging = Paging::none;
  IfMatch if_match = IfMatch::never;
  std::string edits = {};  ///< of a write: topic of the locks that it looks at; Table::add() sets it
  bool file = false;       ///< answers with a file, and has no schema
  bool conflicts = false;  ///< the state of the thing may not allow it
  int status = 200;        ///< of what is done
  /// The thing that a write with If-Match is about, as its GET shows it.
  Handler current = {};
  Handler run = {};
  /// Of a GET: whether with this query run() reads with one SELECT and nothing else, and what it answers follows from
  /// the address and the scope alone, whoever asks. Then it costs one trip to the database instead of three, and those
  /// who ask the same at the same time share it.
  std::function<bool(const Values& query)> one_select = {};
  /// With one_select, of the GET of one thing: several of them with one SELECT.
  ManyHandler many = {};
  /// Instead of run: it commits itself, also what it refuses. For whoever is not logged in, or with own for whoever is.
  OpenHandler open = {};
  /// Instead of run: on a pool of its own, so that it keeps no other request waiting.
  ErrandHandler errand = {};

  bool writes() const { return method != "GET"; }
  bool takes_token() const { return !open || own; }
  bool has_etag() const { return !open && !secret; }
  /// Takes an Idempotency-Key.
  bool done_once() const { return method == "POST" && has_etag(); }
  bool has_path_id() const { return path.find("{id}") != std::string::npos; }
  bool has_path_name() const { return path.find("{name}") != std::string::npos; }
};

constexpr int kPageSize = 50;
constexpr int kLargestPage = 200;

/// All routes and the schemas that they name.
class Table {
 public:
  /// Adds the parameters that every route of its kind has: page, page_size, cursor, fields, dry_run.
  void add(Route route);
  void add(Schema schema);

  struct Match {
    const Route* route = nullptr;
    Values path;
    std::string allow;  ///< of the methods that the path has, where it has others: "GET, HEAD"
  };
  /// \param path  below /api/v1, with or without a slash at the end
  Match match(std::string_view method, std::string_view path) const;

  const std::vector<Route>& routes() const { return routes_; }
  const std::vector<Schema>& schemas() const { return schemas_; }
  /// \throws std::logic_error  there is none: a defect of the declarations
  const Schema& schema(std::string_view name) const;

 private:
  std::vector<Route> routes_;
  std::vector<std::vector<std::string>> patterns_;  // the path of each, in parts
  std::vector<Schema> schemas_;
};

/// Parameters of other lists that this one does not have, for one that grows without end.
NotHere not_here(const Route& route);
/// What a list that goes on by cursor only says of itself: a sentence; empty for others.
std::string_view cursor_sentence(const Route& route);

/// Every problem that the request can have.
std::vector<Problem> problems_of(const Route& route);

}  // namespace visitor::api
