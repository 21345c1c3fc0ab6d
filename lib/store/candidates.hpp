#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "db/transaction.hpp"

namespace visitor::store {

/// What a word that is being typed may become.
struct Completion {
  std::string word;
  std::string note;  ///< who or what that is; may be empty
};

/// Looks up what begins as the word that is being typed. Every answer has kMost candidates at most and reads about as
/// many rows, however large the house is.
class Candidates {
 public:
  static constexpr int kMost = 100;

  explicit Candidates(db::Transaction& tx) : tx_(tx) {}

  // By number, the newest first; nothing where the word is not the beginning of a number.
  std::vector<Completion> visits(std::string_view digits);
  std::vector<Completion> incidents(std::string_view digits);
  std::vector<Completion> alerts(std::string_view digits);
  std::vector<Completion> guests_by_number(std::string_view digits);

  // By name, in its order; letter case does not count.
  std::vector<Completion> guests(std::string_view beginning);
  std::vector<Completion> hosts(std::string_view beginning);
  std::vector<Completion> departments(std::string_view beginning);
  std::vector<Completion> sites(std::string_view beginning);
  std::vector<Completion> terminals(std::string_view beginning);
  /// Scheduled jobs that have run at least once.
  std::vector<Completion> jobs(std::string_view beginning);

 private:
  std::vector<Completion> by_number(std::string_view sql, std::string_view digits);
  std::vector<Completion> by_name(std::string_view sql, std::string_view beginning);

  db::Transaction& tx_;
};

}  // namespace visitor::store
