#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "domain/audit.hpp"
#include "domain/names.hpp"
#include "domain/session.hpp"

namespace visitor::domain {

using ReportJobId = Id<struct ReportJobTag>;

/// Where a report that somebody asked for is on its way to a file.
enum class ReportJobState {
  queued,   ///< waits for a daemon to take it
  running,  ///< a daemon is at it
  done,     ///< the file is there
  failed    ///< it will not be made
};

/// A report that was asked for through the API.
struct ReportJob {
  ReportJobId id;
  AccountId account;
  std::string login;
  std::optional<ApiKeyId> key;  ///< that it was asked for with
  Origin origin;                ///< of the request
  std::string report;           ///< "visits"
  std::string format;           ///< "xlsx"
  std::string file_name;        ///< as it was wished; any text
  std::string wish;             ///< JSON
  ReportJobState state = ReportJobState::queued;
  int version = 1;
  Instant asked_at;
  std::optional<Instant> started_at;  ///< by the daemon that has it now, or had it last
  std::optional<Instant> ended_at;
  Instant expires_at;                    ///< from then on it is not there
  std::int64_t rows = 0;                 ///< written so far
  std::optional<std::int64_t> expected;  ///< about how many there will be
  std::optional<std::int64_t> bytes;     ///< once it is done, as what follows
  std::string sha256;                    ///< hexadecimal
  std::string rights;                    ///< what it was made with
  std::string outcome;                   ///< JSON
  std::string manifest;
  std::string problem;  ///< why it failed
  int claim = 0;        ///< how often it was taken
  int tries = 0;        ///< how often that was not given back
};

template <>
std::span<const Name<ReportJobState>> names();

}  // namespace visitor::domain
