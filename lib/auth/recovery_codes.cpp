#include "auth/recovery_codes.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include "auth/base32.hpp"

namespace visitor::auth {
namespace {

constexpr std::size_t kCodeBytes = 10;
constexpr std::size_t kCharacters = 16;
constexpr std::size_t kGroup = 4;

constexpr auto kRemove = R"sql(
    DELETE FROM recovery_code WHERE account_id = $1)sql";

constexpr auto kAdd = R"sql(
    INSERT INTO recovery_code (account_id, hash, created_at)
    SELECT $1, unnest($2::bytea[]), $3)sql";

constexpr auto kSpend = R"sql(
    UPDATE recovery_code SET used_at = $3 WHERE account_id = $1 AND hash = $2 AND used_at IS NULL)sql";

constexpr auto kLeft = R"sql(
    SELECT count(*) AS left FROM recovery_code WHERE account_id = $1 AND used_at IS NULL)sql";

}  // namespace

Secret new_recovery_code() {
  auto text = to_base32(random_bytes(kCodeBytes));
  std::string grouped;
  for (std::size_t at = 0; at < kCharacters; at += kGroup)
    grouped += (grouped.empty() ? "" : "-") + text.substr(at, kGroup);
  Secret code{std::string_view{grouped}};
  sodium_memzero(text.data(), text.size());
  sodium_memzero(grouped.data(), grouped.size());
  return code;
}

std::optional<Secret> read_recovery_code(std::string_view typed) {
  std::string text;
  for (const char c : typed) {
    if (c == '-' || c == ' ') continue;
    if (text.size() == kCharacters) return std::nullopt;
    text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  if (text.size() != kCharacters || !from_base32(text)) return std::nullopt;
  return Secret{std::string_view{text}};
}

std::vector<Secret> RecoveryCodes::renew(AccountId account, Instant now) {
  remove(account);
  std::vector<Secret> codes;
  std::vector<std::vector<std::byte>> hashes;
  for (std::size_t i = 0; i < kRecoveryCodes; ++i) {
    codes.push_back(new_recovery_code());
    hashes.push_back(hash_of(account, *read_recovery_code(codes.back().reveal())));
  }
  tx_.exec(kAdd, account, hashes, now);
  return codes;
}

bool RecoveryCodes::spend(AccountId account, std::string_view typed, Instant now) {
  const auto code = read_recovery_code(typed);
  return code && tx_.exec(kSpend, account, hash_of(account, *code), now) == 1;
}

int RecoveryCodes::left(AccountId account) {
  return tx_.row(kLeft, account).get<int>("left");
}

void RecoveryCodes::remove(AccountId account) {
  tx_.exec(kRemove, account);
}

std::vector<std::byte> RecoveryCodes::hash_of(AccountId account, const Secret& code) const {
  return vault_.lookup_hash("recovery.code", fmt::format("{}:{}", account, code.reveal()));
}

}  // namespace visitor::auth
