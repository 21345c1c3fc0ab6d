#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "app/edit_locks.hpp"
#include "core/text.hpp"
#include "daemon/api/route.hpp"

namespace visitor::api {
namespace {

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> parts;
  if (path.ends_with('/')) path.remove_suffix(1);
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto end = path.find('/');
    parts.push_back(path.substr(0, end));
    path = end == std::string_view::npos ? std::string_view{} : path.substr(end);
  }
  return parts;
}

std::optional<std::int64_t> as_id(std::string_view text) {
  const auto number = to_integer(text);
  if (!number || *number < 1 || *number > kLargestId) return std::nullopt;
  return *number;
}

constexpr std::size_t kLongestName = 64;

/// What a thing with a name may be called: "auto-checkin".
bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

/// "visits/{id}" fits "visits/42" and gives 42.
bool fits(const std::vector<std::string>& pattern, const std::vector<std::string_view>& path, Values& values) {
  if (pattern.size() != path.size()) return false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (pattern[i] == "{id}") {
      const auto number = as_id(path[i]);
      if (!number) return false;
      values.set("id", *number);
    } else if (pattern[i] == "{name}") {
      if (!is_name(path[i])) return false;
      values.set("name", std::string{path[i]});
    } else if (pattern[i] != path[i]) {
      return false;
    }
  }
  return true;
}

}  // namespace

void Table::add(Route route) {
  auto& query = route.query;
  if (!route.writes() && !route.answer.empty()) {
    std::vector<std::string> names;
    for (const auto& field : schema(route.answer).fields) names.push_back(field.name);
    query.push_back(many(word("fields", "Only these members of each thing", std::move(names))));
  }
  if (route.paging == Paging::pages || route.paging == Paging::both)
    query.push_back(with_default(number("page", "Which page, from 1 on", 1, 1'000'000), "1"));
  if (route.paging != Paging::none)
    query.push_back(
        with_default(number("page_size", "How many on a page", 1, kLargestPage), fmt::to_string(kPageSize)));
  if (route.paging == Paging::cursor || route.paging == Paging::both)
    query.push_back(text("cursor",
                         "Where to go on: what stands in next; empty for the first page. Costs the same however far "
                         "on, and misses nothing that stays in the list",
                         200));
  if (route.writes() && route.has_path_id())
    for (const auto topic : app::kEditTopics)
      if (route.path.starts_with(fmt::format("/{}s/", topic))) route.edits = topic;
  if (route.writes() && !route.open)
    query.push_back(yes_or_no("dry_run", "Do all of it, say what came out, and store nothing"));
  const auto parts = segments(route.path);
  patterns_.emplace_back(parts.begin(), parts.end());
  routes_.push_back(std::move(route));
}

void Table::add(Schema schema) {
  schemas_.push_back(std::move(schema));
}

const Schema& Table::schema(std::string_view name) const {
  const auto found = std::ranges::find(schemas_, name, &Schema::name);
  if (found == schemas_.end()) throw std::logic_error(fmt::format("there is no schema '{}'", name));
  return *found;
}

Table::Match Table::match(std::string_view method, std::string_view path) const {
  Match match;
  const auto wanted = segments(path);
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const auto& route = routes_[i];
    Values values;
    if (!fits(patterns_[i], wanted, values)) continue;
    if (route.method == method) return {&route, std::move(values), ""};
    if (!match.allow.empty()) match.allow += ", ";
    match.allow += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  return match;
}

NotHere not_here(const Route& route) {
  if (route.paging != Paging::cursor) return {};
  return {{"page", "this list grows without end, so it goes on by cursor; follow next"},
          {"ordering", "this list has one order, in which it goes on by cursor"}};
}

std::string_view cursor_sentence(const Route& route) {
  if (route.paging != Paging::cursor) return {};
  return "This list grows without end: it has one order and goes on by cursor (follow next), so that count and "
         "previous "
         "are null, and page and ordering are refused.";
}

std::vector<Problem> problems_of(const Route& route) {
  std::vector<Problem> problems{Problem::unknown_parameter, Problem::invalid_value};
  if (!route.body.empty()) problems.push_back(Problem::malformed_body);
  problems.push_back(Problem::not_authenticated);
  problems.push_back(Problem::second_factor_needed);
  if (route.fresh) problems.push_back(Problem::step_up_needed);
  if (route.takes_token()) problems.push_back(Problem::denied);
  if (route.has_path_id() || route.has_path_name() || (route.writes() && !route.open))
    problems.push_back(Problem::not_found);
  problems.push_back(Problem::method_not_allowed);
  if (route.conflicts) problems.push_back(Problem::conflict);
  if (route.if_match != IfMatch::never) problems.push_back(Problem::precondition_failed);
  if (route.writes()) {
    problems.push_back(Problem::body_too_large);
    problems.push_back(Problem::wrong_media_type);
  }
  if (route.done_once()) problems.push_back(Problem::key_reused);
  if (!route.edits.empty()) problems.push_back(Problem::locked);
  if (route.if_match == IfMatch::must) problems.push_back(Problem::precondition_required);
  for (const auto problem : {Problem::rate_limited, Problem::failed, Problem::unavailable}) problems.push_back(problem);
  return problems;
}

}  // namespace visitor::api
