#pragma once

#include <cstddef>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/json_writer.hpp"
#include "app/remote/api_client.hpp"
#include "core/ids.hpp"
#include "core/instant.hpp"
#include "domain/names.hpp"

namespace visitor::app {

/// What follows the path of a request. Values are escaped; what is nothing or empty is left out.
class Query {
 public:
  Query& add(std::string_view name, std::string_view value);
  Query& add(std::string_view name, const std::string& value);
  Query& add(std::string_view name, const std::optional<Instant>& value);
  template <class Tag>
  Query& add(std::string_view name, const std::optional<Id<Tag>>& id) {
    return id ? add(name, std::to_string(id->value)) : *this;
  }
  /// Of a list that comes by page and by cursor: by cursor, which neither counts nor shows a row twice.
  Query& by_cursor();
  /// Only where it is \p yes.
  Query& add_flag(std::string_view name, bool yes);
  /// Each of these by its domain::name.
  template <class E>
  Query& add_named(std::string_view name, const std::vector<E>& values);

  const std::string& text() const { return text_; }  ///< "?a=1&b=2", or empty

 private:
  std::string text_;
};

/// A house whose database is on another machine, reached through the API of its visitord. The functions beside this
/// class (app/remote/*.hpp) are those of app with this in the place of Work: same names, same values, same errors.
///
/// What needs more than one request is not one transaction: nothing here writes twice.
class RemoteHouse {
 public:
  /// \throws Error usage  as ApiClient
  RemoteHouse(ApiServer server, Instant now);

  Instant now() const { return now_; }

  /// From now on writes only show what they would do.
  void try_only(bool dry_run) { dry_run_ = dry_run; }
  bool tries_only() const { return dry_run_; }

  // Paths are below /api/v1, with a slash at the end: "/visits/42/". Answers are well-formed JSON.
  // \throws Error  what ApiClient::send() throws; failed where the answer is no JSON

  std::string get(const std::string& path, const Query& query = {});
  /// Rows of a list, in its order.
  /// \param limit  at most so many
  std::vector<std::string> list(const std::string& path, const Query& query, std::size_t limit = kAll);
  /// Done once, however often a broken connection made it go out.
  std::string post(const std::string& path, const std::string& body = "{}");
  /// Only where the thing is still as get() has shown it.
  /// \param seen  the version that the caller has looked at
  /// \throws Error conflict  the thing has another version
  std::string patch(const std::string& path, const std::string& body, std::optional<int> seen);

  /// Of a site; without one, UTC.
  const std::string& time_zone(std::optional<SiteId> site);

  static constexpr std::size_t kAll = 100'000;

 private:
  std::string checked(ApiRequest request);

  ApiClient client_;
  Instant now_;
  bool dry_run_ = false;
  std::map<std::string, std::string> etags_;  ///< by path
  std::optional<std::map<SiteId, std::string>> zones_;
};

/// In the place of the master key, which stays with visitord: it seals what is sent to it.
struct TheirVault {};

template <class E>
Query& Query::add_named(std::string_view name, const std::vector<E>& values) {
  for (const auto value : values) add(name, domain::name(value));
  return *this;
}

}  // namespace visitor::app
