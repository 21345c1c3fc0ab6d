#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "db/transaction.hpp"

namespace visitor::store {

/// So long an answer is kept for whoever repeats the request.
constexpr std::chrono::hours kReplyKept{24};

/// An answer of the API to a request with a key.
struct ApiReply {
  std::string request_hash;  ///< of what was asked
  int status = 0;
  std::string body;
  std::optional<int> version;
  std::string location;  ///< empty: none
};

/// Answers by the account that asked and the key it gave.
class ApiReplies {
 public:
  explicit ApiReplies(db::Transaction& tx) : tx_(tx) {}

  /// Takes the key. Of two at the same moment the second waits for the end of the first's transaction. Also deletes a
  /// few that are over.
  /// \returns nothing where it was free: then finish() says in the same transaction what was answered; otherwise what
  ///          was answered to the first
  std::optional<ApiReply> begin(AccountId account, const std::string& key, const std::string& request_hash,
                                Instant now);
  void finish(AccountId account, const std::string& key, const ApiReply& reply);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
