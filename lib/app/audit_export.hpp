#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/audit.hpp"

/// The audit as a file that somebody else can check, who has neither the database nor the master key.
///
/// Lines of JSON. The first says what the link before has ("format": "visitor-audit/1", "position", "hash"); then a
/// line for each link with its row, "details" as the text that its hash is over; at the end the checkpoints, each as it
/// was signed. store/audit_chain.hpp says how a hash is made.
namespace visitor::app {

/// Writes links after \p position, with an audit row that says so. Links first what waits.
/// \param line  takes a line with its line feed
/// \returns how many links
/// \throws Error not_found  retention has deleted what comes after \p position, or there is no such link
std::int64_t export_audit(const AuditDesk& desk, std::int64_t position,
                          const std::function<void(std::string_view)>& line);

struct AuditFileReport {
  AuditReport report;             ///< findings and figures; unreachable is empty
  std::vector<std::string> keys;  ///< that its checkpoints are signed with
};
/// \param keys  public keys that are believed; empty: whatever the file has, and the caller compares them
/// \throws Error usage      it cannot be read
/// \throws Error integrity  it is no such file
AuditFileReport check_audit_file(const std::filesystem::path& file, const std::vector<std::string>& keys);

}  // namespace visitor::app
