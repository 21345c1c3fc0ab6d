#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "domain/permission.hpp"

namespace visitor::domain {

/// Which part of the house somebody may see or change: everything, or what belongs to one of some sites, departments or
/// hosts.
///
/// There is no default: who wants everything says Scope::everything(), and is found by searching for it. Stores are
/// made with a Scope (store::Visits{tx, scope}); what lies outside of it is absent for every call on them, exactly as
/// if it did not exist. app::Work carries the scope of the right that is being used.
///
/// A thing that belongs to a department is also in the scope of its site; one that belongs to a host also in that of
/// the host's department and site. The site of a department or host in scope can be seen, its other departments cannot.
class Scope {
 public:
  static Scope everything() { return Scope{}; }
  /// What belongs to any of these. With three empty lists: nothing.
  static Scope of(std::vector<SiteId> sites, std::vector<DepartmentId> departments, std::vector<HostId> hosts = {});

  bool is_everything() const { return !sites_; }

  // As parameters of a statement: nothing each where the scope is everything, otherwise ids in order without
  // repetition.
  const std::optional<std::vector<SiteId>>& sites() const { return sites_; }
  const std::optional<std::vector<DepartmentId>>& departments() const { return departments_; }
  const std::optional<std::vector<HostId>>& hosts() const { return hosts_; }

  /// Whether something that belongs to these is inside.
  bool holds(std::optional<SiteId> site, std::optional<DepartmentId> department = {},
             std::optional<HostId> host = {}) const;

  /// What is in either.
  Scope united(const Scope& other) const;

  bool operator==(const Scope&) const = default;

 private:
  Scope() = default;
  std::optional<std::vector<SiteId>> sites_;
  std::optional<std::vector<DepartmentId>> departments_;
  std::optional<std::vector<HostId>> hosts_;
};

/// Somebody who has logged in, or an API key, with what they may do and where.
///
/// auth::find_principal makes it of an account's roles.
class Principal {
 public:
  struct Right {
    Permission permission = Permission::visit_view;
    Scope scope;
  };

  /// \param rights  of one permission named several times the scopes are united
  Principal(AccountId account, std::string login, const std::vector<Right>& rights, bool requires_second_factor);

  AccountId account() const { return account_; }
  const std::string& login() const { return login_; }
  /// One of the roles asks for it.
  bool requires_second_factor() const { return requires_second_factor_; }
  /// In the order of Permission, each once.
  std::span<const Right> rights() const { return rights_; }

  /// Where the permission holds; nothing: nowhere.
  std::optional<Scope> scope_for(Permission permission) const;
  bool may(Permission permission) const { return scope_for(permission).has_value(); }

  /// The same with no more than these permissions: what an API key with a list of them is.
  Principal limited_to(std::span<const Permission> permissions) const;

 private:
  AccountId account_;
  std::string login_;
  std::vector<Right> rights_;
  bool requires_second_factor_;
};

}  // namespace visitor::domain
