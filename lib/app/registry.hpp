#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/work.hpp"
#include "core/secret.hpp"
#include "core/vault.hpp"
#include "domain/people.hpp"
#include "store/departments.hpp"
#include "store/guests.hpp"
#include "store/hosts.hpp"

/// Sites, departments, hosts, guests and what terminals know guests by.
///
/// Every add_… checks what it is given (Error usage, naming the field), and writes its audit row (action create) and
/// its change row. A `ref` is what people type to name a thing: its number, or its exact name with any letter case.
namespace visitor::app {

using store::DepartmentFilter;
using store::DepartmentListed;
using store::GuestFilter;
using store::HostFilter;
using store::HostListed;

struct NewSite {
  std::string name;                      ///< 1 to 200 characters
  std::string time_zone;                 ///< IANA name
  std::string country_code;              ///< digits, with or without "+"; may be empty
  std::vector<unsigned> days_off{6, 7};  ///< ISO weekdays
};
/// \throws Error usage     a field is wrong
/// \throws Error conflict  the name is taken
domain::Site add_site(const Work& work, const NewSite& site);
std::vector<domain::Site> list_sites(const Work& work);
/// \throws Error not_found  \p ref names none
domain::Site resolve_site(const Work& work, std::string_view ref);
/// The site of \p ref; without one the only site there is.
/// \throws Error usage  there is no \p ref and not exactly one site; the message names them
domain::Site resolve_site_or_only(const Work& work, const std::optional<std::string>& ref);

struct NewDepartment {
  SiteId site;
  std::string name;  ///< 1 to 200 characters, once per site
  std::string director;
};
/// \throws Error usage, conflict (the site has one of that name), not_found (no such site)
domain::Department add_department(const Work& work, const NewDepartment& department);
std::vector<DepartmentListed> list_departments(const Work& work, const DepartmentFilter& filter = {});
/// \param site  only there; nothing: anywhere
/// \throws Error not_found  \p ref names none
/// \throws Error usage      several have that name; the message names them with their numbers
DepartmentListed resolve_department(const Work& work, std::string_view ref, std::optional<SiteId> site = {});

struct NewHost {
  DepartmentId department;
  std::string name;  ///< 1 to 200 characters
  std::string email;
  std::string phone;  ///< any form that domain::to_e164 takes with the site's country code
  std::string chat_id;
};
/// \throws Error usage, not_found (no such department)
domain::Host add_host(const Work& work, const NewHost& host);
std::vector<HostListed> list_hosts(const Work& work, const HostFilter& filter = {});
/// \param site  only there; nothing: anywhere
/// \throws Error not_found  \p ref names none
/// \throws Error usage      several have that name; the message names them with their numbers
HostListed resolve_host(const Work& work, std::string_view ref, std::optional<SiteId> site = {});

struct NewCredential {
  domain::CredentialKind kind = domain::CredentialKind::employee_no;
  std::string value;  ///< 1 to 64 characters, counted as it is: leading zeros and letter case matter
};

struct NewGuest {
  std::string name;  ///< 1 to 200 characters
  std::string company;
  std::string email;
  std::string phone;           ///< any form that domain::to_e164 takes
  std::optional<SiteId> site;  ///< whose country code completes the phone; nothing: the only site's, if there is one
  Secret document;             ///< number of a document, empty for none; blanks and dashes are dropped
  std::vector<NewCredential> credentials;
  /// Also where another guest has the same e-mail address or phone (families and firms share them).
  bool allow_same_contact = false;
};
struct GuestDetails {
  domain::Guest guest;
  std::vector<domain::Credential> credentials;
};
/// Guests are never merged, and an equal name means nothing.
/// \throws Error usage
/// \throws Error conflict  another guest has the document, the contact or a credential; the message names that guest
GuestDetails add_guest(const Work& work, const Vault& vault, const NewGuest& guest);
std::vector<domain::Guest> list_guests(const Work& work, const GuestFilter& filter = {});
/// \throws Error not_found
GuestDetails get_guest(const Work& work, GuestId id);
/// \throws Error not_found  \p ref names none
/// \throws Error usage      several have that name; the message names them with their numbers
domain::Guest resolve_guest(const Work& work, std::string_view ref);
/// By the whole number of the document, in any spelling that add_guest takes.
std::optional<domain::Guest> find_guest_by_document(const Work& work, const Vault& vault, const Secret& document);

/// \throws Error usage, not_found (no such guest)
/// \throws Error conflict  the number belongs to a guest already; the message names the holder
domain::Credential add_credential(const Work& work, GuestId guest, const NewCredential& credential);

}  // namespace visitor::app
