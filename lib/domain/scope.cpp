#include "domain/scope.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace visitor::domain {
namespace {

template <class Id>
std::vector<Id> in_order(std::vector<Id> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

template <class Id>
bool has(const std::optional<std::vector<Id>>& ids, std::optional<Id> id) {
  return ids && id && std::binary_search(ids->begin(), ids->end(), *id);
}

template <class Id>
std::vector<Id> both(std::vector<Id> ids, const std::vector<Id>& others) {
  ids.insert(ids.end(), others.begin(), others.end());
  return ids;
}

}  // namespace

Scope Scope::of(std::vector<SiteId> sites, std::vector<DepartmentId> departments, std::vector<HostId> hosts) {
  Scope scope;
  scope.sites_ = in_order(std::move(sites));
  scope.departments_ = in_order(std::move(departments));
  scope.hosts_ = in_order(std::move(hosts));
  return scope;
}

bool Scope::holds(std::optional<SiteId> site, std::optional<DepartmentId> department,
                  std::optional<HostId> host) const {
  return is_everything() || has(sites_, site) || has(departments_, department) || has(hosts_, host);
}

Scope Scope::united(const Scope& other) const {
  if (is_everything() || other.is_everything()) return everything();
  return of(both(*sites_, *other.sites_), both(*departments_, *other.departments_), both(*hosts_, *other.hosts_));
}

Principal::Principal(AccountId account, std::string login, const std::vector<Right>& rights,
                     bool requires_second_factor)
    : account_(account), login_(std::move(login)), requires_second_factor_(requires_second_factor) {
  for (const auto& row : names<Permission>()) {
    std::optional<Scope> scope;
    for (const auto& right : rights)
      if (right.permission == row.value) scope = scope ? scope->united(right.scope) : right.scope;
    if (scope) rights_.push_back({row.value, *std::move(scope)});
  }
}

std::optional<Scope> Principal::scope_for(Permission permission) const {
  const auto right = std::find_if(rights_.begin(), rights_.end(),
                                  [permission](const Right& each) { return each.permission == permission; });
  if (right == rights_.end()) return std::nullopt;
  return right->scope;
}

Principal Principal::limited_to(std::span<const Permission> permissions) const {
  std::vector<Right> kept;
  std::copy_if(rights_.begin(), rights_.end(), std::back_inserter(kept), [permissions](const Right& right) {
    return std::find(permissions.begin(), permissions.end(), right.permission) != permissions.end();
  });
  return {account_, login_, kept, requires_second_factor_};
}

}  // namespace visitor::domain
