#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "domain/names.hpp"

namespace visitor::domain {

struct Site {
  SiteId id;
  std::string name;
  std::string time_zone;           ///< IANA name
  std::string country_code;        ///< digits without "+", completes local telephone numbers; may be empty
  std::vector<unsigned> days_off;  ///< ISO weekdays, 1 Monday … 7 Sunday
  int version = 1;                 ///< grows by one with each change, here and below
};

struct Department {
  DepartmentId id;
  SiteId site;
  std::string name;
  std::string director;
  int version = 1;
};

/// An employee who receives guests.
struct Host {
  HostId id;
  DepartmentId department;
  std::string name;
  std::string email;
  std::string phone;  ///< E.164, or empty
  std::string chat_id;
  int version = 1;
};

struct Guest {
  GuestId id;
  std::string name;
  std::string company;
  std::string email;
  std::string phone;          ///< E.164, or empty
  std::string document_tail;  ///< last four characters; the number itself is sealed
  std::optional<std::string> blocked_reason;
  Instant created_at;
  /// Who this guest turned out to be. Events that name the merged number are that guest's; nothing else refers to it.
  std::optional<GuestId> merged_into;
  int version = 1;
};

enum class CredentialKind { employee_no, card };

/// What a terminal knows a guest by. The text counts as it is: leading zeros and case matter.
struct Credential {
  CredentialId id;
  GuestId guest;
  CredentialKind kind = CredentialKind::employee_no;
  std::string value;
};

template <>
std::span<const Name<CredentialKind>> names();

/// \p given as E.164: "+" and 7 to 15 digits; blanks, dashes, dots and brackets are dropped.
///
/// "8XXXXXXXXXX" and ten digits are completed with \p country_code where the site has one; a number that begins with
/// that code and has ten digits after it only lacks its plus. \throws Error usage  it is no telephone number, or has no
/// country code and the site has none. The number is not
///                      repeated in the message.
std::string to_e164(std::string_view given, std::string_view country_code);

/// The digits that a telephone number which is written as \p text ends with, whatever prefix it has ("8" or "00" before
/// a long-distance or an international one is left out); empty where \p text has fewer than five digits or is something
/// else. For searching.
std::string phone_digits(std::string_view text);

/// "********1234", or nothing where no document is known.
std::string mask_document(std::string_view tail);

}  // namespace visitor::domain
