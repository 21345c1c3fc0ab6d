#include "app/remote/changes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/remote/json_object.hpp"
#include "core/error.hpp"

namespace visitor::app {
namespace {

constexpr std::size_t kAtOnce = 200;

std::vector<std::string> rows_after(RemoteHouse& house, ChangeId cursor) {
  try {
    return house.list("/changes/", Query{}.add("after", fmt::to_string(cursor.value)), kAtOnce);
  } catch (const Error& error) {
    // What stands in the way of a list is that the cursor is of another time.
    if (error.code() == Errc::conflict) throw Error(Errc::partial, error.message(), error.hint());
    throw;
  }
}

domain::Change change_in(const JsonObject& json) {
  domain::Change change;
  change.id = json.id<ChangeId>("cursor");
  change.at = json.instant("at");
  change.topic = json.text("topic");
  change.entity = json.number("id");
  change.version = json.number("version");
  return change;
}

}  // namespace

ChangeId newest_change(RemoteHouse& house) {
  const auto body = house.get("/stats/", Query{}.add("fields", std::string_view{"cursor"}));
  return JsonObject{body}.maybe_id<ChangeId>("cursor").value_or(ChangeId{});
}

std::vector<domain::Change> RemoteChangeFeed::poll(RemoteHouse& house) {
  std::vector<domain::Change> fresh;
  for (bool more = true; more && fresh.empty();) {
    const auto rows = rows_after(house, at_);
    more = rows.size() == kAtOnce;
    for (const auto& row : rows) {
      auto change = change_in(JsonObject{row});
      at_ = change.id;
      if (topics_.empty() || std::find(topics_.begin(), topics_.end(), change.topic) != topics_.end())
        fresh.push_back(std::move(change));
    }
  }
  return fresh;
}

}  // namespace visitor::app
