#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"

namespace visitor::config {

/// What an option needs that another does not give.
struct Contradiction {
  std::string key;
  std::string message;
};

/// Names of recipients, groups, webhooks and programs that nobody has, names that two have, and recipients who cannot
/// be reached. Keys as "route.night.to".
std::vector<Contradiction> routing_contradictions(const Settings& settings);

/// Buckets that two entries are about, and what goes together in one. Keys as "s3.offsite.lock_for".
std::vector<Contradiction> bucket_contradictions(const Settings& settings);

/// Reports that go to nobody, or to recipients whom nobody can mail. Keys as "report.week.recipients".
std::vector<Contradiction> report_contradictions(const Settings& settings);

/// Half of what TLS needs.
std::vector<Contradiction> tls_contradictions(const Settings& settings);

/// What point in time needs: the embedded database, and somebody who can read the archive.
std::vector<Contradiction> wal_contradictions(const Settings& settings);

}  // namespace visitor::config
