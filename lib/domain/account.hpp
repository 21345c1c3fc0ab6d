#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "domain/names.hpp"
#include "domain/permission.hpp"

namespace visitor {

using RoleId = Id<struct RoleTag>;
using GrantId = Id<struct GrantTag>;
using GroupId = Id<struct GroupTag>;

}  // namespace visitor

namespace visitor::domain {

/// Somebody who may log in, or whose name stands under what was done at the command line.
struct Account {
  AccountId id;
  std::string login;    ///< unique, letter case aside
  bool system = false;  ///< the daemon, not a person
  std::string name;
  std::string company;
  std::string department;
  std::string position;
  std::string email;
  std::string phone;
  Language language = Language::english;
  std::string time_zone;  ///< IANA name; empty: that of the site
  std::string chat_id;
  bool has_password = false;
  std::optional<Instant> password_changed_at;
  std::optional<Instant> disabled_at;
  Instant created_at;
  std::vector<std::string> roles;  ///< names, in order: those that the account has anywhere
  int version = 1;
};

/// What several accounts may do, under one name.
struct Role {
  RoleId id;
  std::string name;
  std::string description;
  bool requires_second_factor = false;
  std::vector<Permission> permissions;  ///< in the order of Permission
  int version = 1;
};

/// That an account has a role: on a site, a department or a host, or, where none is named, on everything.
struct Grant {
  GrantId id;
  AccountId account;
  std::string login;
  RoleId role;
  std::string role_name;
  std::optional<SiteId> site;
  std::optional<DepartmentId> department;
  std::optional<HostId> host;
  std::string place;  ///< name of that one; empty for everything
  Instant granted_at;
};

/// Accounts whom alerts are meant for together.
struct Group {
  GroupId id;
  std::string name;
  std::string description;
  int version = 1;
};

/// The role that nothing can be taken away from, and that somebody must have on everything.
inline constexpr std::string_view kAdministrator = "administrator";

}  // namespace visitor::domain
