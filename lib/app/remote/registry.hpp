#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "app/registry.hpp"
#include "app/remote/house.hpp"

/// As in app/registry.hpp, of a house elsewhere.
namespace visitor::app {

std::vector<domain::Site> list_sites(RemoteHouse& house);
domain::Site resolve_site(RemoteHouse& house, std::string_view ref);

std::vector<DepartmentListed> list_departments(RemoteHouse& house, const DepartmentFilter& filter);
DepartmentListed resolve_department(RemoteHouse& house, std::string_view ref, std::optional<SiteId> site = {});

std::vector<HostListed> list_hosts(RemoteHouse& house, const HostFilter& filter);
HostListed resolve_host(RemoteHouse& house, std::string_view ref, std::optional<SiteId> site = {});

/// \throws Error usage  it has several credentials of a kind: the API takes one of each
GuestDetails add_guest(RemoteHouse& house, const TheirVault& vault, const NewGuest& guest);
GuestDetails edit_guest(RemoteHouse& house, const TheirVault& vault, GuestId id, const GuestEdit& wanted,
                        std::optional<int> seen);
GuestDetails block_guest(RemoteHouse& house, GuestId id, const std::string& reason);
GuestDetails unblock_guest(RemoteHouse& house, GuestId id);
GuestDetails get_guest(RemoteHouse& house, GuestId id);
domain::Guest resolve_guest(RemoteHouse& house, std::string_view ref);
std::vector<domain::Guest> list_guests(RemoteHouse& house, const GuestFilter& filter);
std::vector<domain::Guest> search_guests(RemoteHouse& house, const TheirVault& vault, std::string_view text, int limit);
/// \throws Error usage  a document's number would stand in an address: it is looked up on the machine of visitord only
std::optional<domain::Guest> find_guest_by_document(RemoteHouse& house, const TheirVault& vault,
                                                    const Secret& document);
std::vector<domain::Guest> likely_duplicates(RemoteHouse& house, const domain::Guest& guest);

}  // namespace visitor::app
