#pragma once

#include <cstddef>
#include <optional>
#include <span>
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
#include "store/photos.hpp"

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

// Every edit_… changes only the fields that are given, checked as by add_…, and leaves no trace where nothing differs.
// Editing is optimistic: \p seen is the version that the caller has looked at, nothing the one that is there now.
// \throws Error conflict  the thing has another version; says who changed what and when
// Every remove_… \throws Error conflict where something refers to the thing, with how many and how to list them. The
// audit rows stay.

struct SiteEdit {
  std::optional<std::string> name;
  std::optional<std::string> time_zone;  ///< states of visits that have ended stay as they are
  std::optional<std::string> country_code;
  std::optional<std::vector<unsigned>> days_off;
};
domain::Site edit_site(const Work& work, SiteId id, const SiteEdit& wanted, std::optional<int> seen = {});
void remove_site(const Work& work, SiteId id);

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

struct DepartmentEdit {
  std::optional<std::string> name;
  std::optional<std::string> director;
};
domain::Department edit_department(const Work& work, DepartmentId id, const DepartmentEdit& wanted,
                                   std::optional<int> seen = {});
void remove_department(const Work& work, DepartmentId id);

struct NewHost {
  DepartmentId department;
  std::string name;  ///< 1 to 200 characters
  std::string email;
  std::string phone;  ///< any form that domain::to_e164 takes with the site's country code
  std::string chat_id;
};
/// The E.164 form of a telephone number of \p site's people; empty for an empty one.
/// \throws Error usage  it is none
std::string checked_phone(const Work& work, SiteId site, std::string_view given);
/// \throws Error usage, not_found (no such department)
domain::Host add_host(const Work& work, const NewHost& host);
std::vector<HostListed> list_hosts(const Work& work, const HostFilter& filter = {});
/// \param site  only there; nothing: anywhere
/// \throws Error not_found  \p ref names none
/// \throws Error usage      several have that name; the message names them with their numbers
HostListed resolve_host(const Work& work, std::string_view ref, std::optional<SiteId> site = {});

struct HostEdit {
  std::optional<DepartmentId> department;  ///< visits of before keep theirs
  std::optional<std::string> name;
  std::optional<std::string> email;
  std::optional<std::string> phone;
  std::optional<std::string> chat_id;
};
domain::Host edit_host(const Work& work, HostId id, const HostEdit& wanted, std::optional<int> seen = {});
void remove_host(const Work& work, HostId id);

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
  std::optional<store::PhotoListed> photo;
  std::vector<GuestId> merged;  ///< numbers of those who turned out to be this guest
};
/// Guests are never merged, and an equal name means nothing.
/// \throws Error usage
/// \throws Error conflict  another guest has the document, the contact or a credential; the message names that guest
GuestDetails add_guest(const Work& work, const Vault& vault, const NewGuest& guest);
std::vector<domain::Guest> list_guests(const Work& work, const GuestFilter& filter = {});
/// How many there are of them, limit and offset aside.
std::int64_t count_guests(const Work& work, const GuestFilter& filter = {});
/// Others who may be the same person, because they have the same contact or, letter case aside, the same name; up to
/// ten, without the guest.
std::vector<domain::Guest> likely_duplicates(const Work& work, const domain::Guest& guest);
/// \throws Error not_found
GuestDetails get_guest(const Work& work, GuestId id);
/// \throws Error not_found  \p ref names none
/// \throws Error usage      several have that name; the message names them with their numbers
/// \throws Error conflict   that guest was merged into another, who is named
domain::Guest resolve_guest(const Work& work, std::string_view ref);
/// Who is meant by \p text, by name: each of its words is part of the name, the company, the e-mail address or the
/// telephone number, in any case; or all of it is part of a telephone number, however that is written, or the whole
/// number of a document. Quick also where a word is in a million names: of more than 5,000 who are meant it looks at
/// any 5,000.
std::vector<domain::Guest> search_guests(const Work& work, const Vault& vault, std::string_view text, int limit);

struct GuestPage {
  std::vector<domain::Guest> guests;
  std::int64_t count = 0;  ///< of all that are meant
};
/// The same of all of them.
GuestPage search_guests(const Work& work, const Vault& vault, std::string_view text, int limit, int offset);

struct GuestEdit {
  std::optional<std::string> name;
  std::optional<std::string> company;
  std::optional<std::string> email;
  std::optional<std::string> phone;
  std::optional<SiteId> site;      ///< as in NewGuest
  std::optional<Secret> document;  ///< an empty one takes it away
  bool allow_same_contact = false;
};
/// \throws Error conflict  also where the guest was merged into another
GuestDetails edit_guest(const Work& work, const Vault& vault, GuestId id, const GuestEdit& wanted,
                        std::optional<int> seen = {});
/// Credentials and the photo go with the guest.
void remove_guest(const Work& work, GuestId id);

/// Nobody who is blocked can be registered; visits that there are stay as they are.
/// \param reason  1 to 500 characters
/// \throws Error conflict  the guest is blocked already (the reason is named), or was merged into another
GuestDetails block_guest(const Work& work, GuestId id, const std::string& reason);
/// \throws Error conflict  the guest is not blocked
GuestDetails unblock_guest(const Work& work, GuestId id);

/// What became of a merge.
struct GuestMerge {
  GuestDetails guest;  ///< who stays
  GuestId from;
  std::vector<VisitId> visits;  ///< which moved
  int incidents = 0;            ///< how many moved
  int credentials = 0;          ///< how many moved
};
/// Says that \p from and \p into are one person: visits, incidents, credentials, photo and document move, what \p into
/// has none of (company, contacts, a block) is taken over, events that name \p from are looked up as those of \p into,
/// and the visits of both are folded together. There is no way back.
/// \param drop_document  where both have a document, forget that of \p from
/// \throws Error not_found, usage (a guest cannot be merged into itself)
/// \throws Error conflict  one of them was merged already, both are in the building, both have a document, or their
///                         visits cannot both have been of one person; the message names what stands in the way
GuestMerge merge_guests(const Work& work, GuestId from, GuestId into, bool drop_document = false);

/// Stores the photo of a guest in place of the one that is there.
/// \throws Error usage     domain::inspect_photo says why
/// \throws Error conflict  the guest was merged into another
store::PhotoListed set_guest_photo(const Work& work, GuestId id, std::span<const std::byte> picture);
/// \throws Error not_found  there is no such guest, or no photo of the guest
store::PhotoListed get_guest_photo(const Work& work, GuestId id);
std::vector<std::byte> get_guest_picture(const Work& work, GuestId id);
void remove_guest_photo(const Work& work, GuestId id);

/// The number of the guest's document in the clear; that somebody looked is on record.
/// \throws Error not_found  there is no such guest, or no document of the guest
Secret reveal_document(const Work& work, const Vault& vault, GuestId id);

/// By the whole number of the document, in any spelling that add_guest takes.
std::optional<domain::Guest> find_guest_by_document(const Work& work, const Vault& vault, const Secret& document);

/// \throws Error usage, not_found (no such guest)
/// \throws Error conflict  the number belongs to a guest already; the message names the holder
domain::Credential add_credential(const Work& work, GuestId guest, const NewCredential& credential);

}  // namespace visitor::app
