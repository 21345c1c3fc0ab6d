#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/visits.hpp"
#include "core/vault.hpp"

/// Delegations: many visits from one table.
namespace visitor::app {

constexpr std::size_t kGroupMostBytes = std::size_t{1} << 20;
constexpr std::size_t kGroupMostVisits = 1000;

struct GroupColumn {
  std::string_view name;
  std::string_view help;
};
/// The columns that a table may have, in any order; letter case does not count.
std::span<const GroupColumn> group_columns();

/// What counts for every line whose column is empty or missing. Texts are what people would write into the column.
struct GroupDefaults {
  std::string host;
  std::string department;
  std::string site;
  std::string from;
  std::string until;
  std::optional<domain::Purpose> purpose;
  std::string purpose_text;
  std::optional<domain::VisitKind> kind;
  std::string contact_phone;
  bool consent = false;
  /// New guests may have the e-mail address or phone of others, who then are not them.
  bool allow_same_contact = false;
};

struct GroupProblem {
  int line = 0;
  std::string column;
  std::string message;
};

struct Group {
  std::vector<VisitListed> visits;  ///< in the order of the lines
  std::vector<GuestId> new_guests;
  std::vector<GroupProblem> problems;  ///< by line; with any of them the transaction must not be committed
  /// Blocked guests among the problems, each once: for record_refusal() in a new transaction.
  std::vector<BlockedGuestError> refusals;
};

/// Registers one visit for each line of a CSV table whose first line names the columns, and adds the guests who are not
/// known. Goes through all lines, whatever is wrong with some, so that every problem is told at once.
///
/// A guest is found by number; or by document; or by name and contact, both of which must be those of the same guest.
/// An equal name alone means nothing: such a line adds a new guest.
/// \throws Error usage  the table as a whole is wrong: broken, too large, without lines or with unknown columns. The
///                      message begins with "line N: "
Group create_group(const Work& work, const Vault& vault, std::string_view table, const GroupDefaults& defaults);

}  // namespace visitor::app
