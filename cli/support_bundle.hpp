#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/backlog.hpp"
#include "app/doctor.hpp"
#include "app/jobs.hpp"
#include "app/terminals.hpp"
#include "config/settings.hpp"

namespace visitor::cli {

/// What a stranger needs to help, and nothing that tells who or where: no names, addresses, paths, documents,
/// passwords, numbers of persons or cards, nor any text that a person, a terminal or the database wrote.
struct SupportFacts {
  Instant made_at;
  std::vector<app::Diagnosis> diagnoses;
  std::optional<config::Settings> settings;  ///< nothing: the configuration cannot be read
  std::optional<app::Health> health;

  struct Database {
    bool embedded = true;
    std::string server_version;
    int schema = 0;
    std::int64_t size_bytes = 0;
    std::int64_t pool_size = 0;
    struct Relation {
      std::string name;
      std::int64_t rows = 0;  ///< as the planner estimates
      std::int64_t bytes = 0;
    };
    std::vector<Relation> relations;
  };
  std::optional<Database> database;  ///< nothing: it does not answer
  std::vector<app::Backlog> terminals;
  std::vector<store::GapCount> gaps;
  std::vector<app::JobListed> jobs;
};

/// The database's part.
SupportFacts::Database read_database(const app::Work& work, bool embedded);

/// The file: one JSON object.
std::string support_bundle(const SupportFacts& facts);

}  // namespace visitor::cli
