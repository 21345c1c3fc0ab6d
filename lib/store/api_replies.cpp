#include "store/api_replies.hpp"

namespace visitor::store {
namespace {

constexpr int kForgotten = 20;

constexpr auto kForget = R"sql(
    DELETE FROM api_reply
     WHERE (account_id, key) IN (SELECT account_id, key
                                   FROM api_reply
                                  WHERE created_at < $1
                                  ORDER BY created_at
                                  LIMIT $2
                                    FOR UPDATE SKIP LOCKED))sql";

// An answer that is over but still there makes room.
constexpr auto kBegin = R"sql(
    INSERT INTO api_reply AS r (account_id, key, request_hash, status, body, location, created_at)
    VALUES ($1, $2, $3, 100, '', '', $4)
        ON CONFLICT (account_id, key) DO UPDATE
       SET request_hash = $3, status = 100, body = '', version = NULL, location = '', created_at = $4
     WHERE r.created_at < $5)sql";

constexpr auto kFind = R"sql(
    SELECT request_hash, status, body, version, location
      FROM api_reply
     WHERE account_id = $1 AND key = $2)sql";

constexpr auto kFinish = R"sql(
    UPDATE api_reply
       SET status = $3, body = $4, version = $5, location = $6
     WHERE account_id = $1 AND key = $2)sql";

}  // namespace

std::optional<ApiReply> ApiReplies::begin(AccountId account, const std::string& key, const std::string& request_hash,
                                          Instant now) {
  const auto over = now - kReplyKept;
  tx_.later(kForget, over, kForgotten);
  if (tx_.exec(kBegin, account, key, request_hash, now, over) == 1) return std::nullopt;
  const auto row = tx_.row(kFind, account, key);
  return ApiReply{row.get<std::string>("request_hash"), row.get<int>("status"), row.get<std::string>("body"),
                  row.get<std::optional<int>>("version"), row.get<std::string>("location")};
}

void ApiReplies::finish(AccountId account, const std::string& key, const ApiReply& reply) {
  tx_.exec(kFinish, account, key, reply.status, reply.body, reply.version, reply.location);
}

}  // namespace visitor::store
