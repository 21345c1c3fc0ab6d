#include "auth/totp_devices.hpp"

namespace visitor::auth {
namespace {

constexpr std::string_view kLabel = "totp.secret";

const std::string kColumns =
    R"sql(id, account_id, secret_sealed, algorithm, digits, created_at, confirmed_at, last_step,
           last_used_at, last_drift)sql";

// Of two who enrol at once, one waits for the other and takes its place.
const std::string kEnrol = R"sql(
    INSERT INTO totp_device (account_id, secret_sealed, algorithm, digits, created_at)
         VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (account_id) WHERE confirmed_at IS NULL
      DO UPDATE SET secret_sealed = excluded.secret_sealed, algorithm = excluded.algorithm, digits = excluded.digits,
                    created_at = excluded.created_at
      RETURNING )sql" + kColumns;

const std::string kFind = "SELECT " + kColumns + R"sql(
      FROM totp_device
     WHERE account_id = $1 AND (confirmed_at IS NOT NULL) = $2)sql";

constexpr auto kReplace = R"sql(
    DELETE FROM totp_device WHERE account_id = $1 AND confirmed_at IS NOT NULL)sql";

const std::string kConfirm = R"sql(
    UPDATE totp_device
       SET confirmed_at = $2, last_step = $3, last_used_at = $2, last_drift = $4
     WHERE id = $1 AND confirmed_at IS NULL
 RETURNING )sql" + kColumns;

constexpr auto kSpend = R"sql(
    UPDATE totp_device
       SET last_step = $2, last_used_at = $3, last_drift = $4
     WHERE id = $1 AND confirmed_at IS NOT NULL AND last_step < $2)sql";

constexpr auto kRemove = R"sql(
    DELETE FROM totp_device WHERE account_id = $1 RETURNING confirmed_at)sql";

constexpr auto kSealed = "SELECT id, secret_sealed FROM totp_device ORDER BY id";
constexpr auto kSetSealed = "UPDATE totp_device SET secret_sealed = $2 WHERE id = $1";
constexpr auto kForgetRecovery = "DELETE FROM recovery_code";

domain::TotpDevice to_device(const db::Row& row) {
  domain::TotpDevice device;
  device.id = row.get<domain::TotpDeviceId>("id");
  device.account = row.get<AccountId>("account_id");
  device.algorithm = domain::get_named<TotpAlgorithm>(row.get<std::string>("algorithm"));
  device.digits = row.get<int>("digits");
  device.created_at = row.get<Instant>("created_at");
  device.confirmed_at = row.get<std::optional<Instant>>("confirmed_at");
  device.last_step = row.get<TotpStep>("last_step");
  device.last_used_at = row.get<std::optional<Instant>>("last_used_at");
  device.last_drift = row.get<int>("last_drift");
  return device;
}

Secret key_of(const Vault& vault, const db::Row& row) {
  return vault.unseal(kLabel, row.get<std::vector<std::byte>>("secret_sealed"));
}

TotpParameters parameters_of(const domain::TotpDevice& device) {
  return {device.algorithm, device.digits};
}

}  // namespace

TotpDevices::Enrolment TotpDevices::enrol(AccountId account, const TotpParameters& parameters, Instant now) {
  auto key = new_totp_key();
  const auto row =
      tx_.row(kEnrol, account, vault_.seal(kLabel, key), domain::name(parameters.algorithm), parameters.digits, now);
  return {to_device(row), std::move(key)};
}

std::optional<domain::TotpDevice> TotpDevices::confirm(AccountId account, std::string_view code, Instant now) {
  const auto row = tx_.maybe_row(kFind, account, false);
  if (!row) return std::nullopt;
  const auto pending = to_device(*row);
  const auto step = match_totp(key_of(vault_, *row), parameters_of(pending), code, now, 0);
  if (!step) return std::nullopt;
  tx_.exec(kReplace, account);
  const auto confirmed = tx_.maybe_row(kConfirm, pending.id, now, *step, static_cast<int>(*step - totp_step(now)));
  return confirmed ? std::optional{to_device(*confirmed)} : std::nullopt;
}

std::optional<domain::TotpDevice> TotpDevices::find(AccountId account) {
  const auto row = tx_.maybe_row(kFind, account, true);
  return row ? std::optional{to_device(*row)} : std::nullopt;
}

std::optional<domain::TotpDevice> TotpDevices::find_pending(AccountId account) {
  const auto row = tx_.maybe_row(kFind, account, false);
  return row ? std::optional{to_device(*row)} : std::nullopt;
}

bool TotpDevices::spend(AccountId account, std::string_view code, Instant now) {
  const auto row = tx_.maybe_row(kFind, account, true);
  if (!row) return false;
  const auto device = to_device(*row);
  const auto step = match_totp(key_of(vault_, *row), parameters_of(device), code, now, device.last_step);
  return step && tx_.exec(kSpend, device.id, *step, now, static_cast<int>(*step - totp_step(now))) == 1;
}

std::optional<std::int64_t> TotpDevices::drift(AccountId account, std::string_view code, Instant now,
                                               std::int64_t reach) {
  auto row = tx_.maybe_row(kFind, account, true);
  if (!row) row = tx_.maybe_row(kFind, account, false);
  if (!row) return std::nullopt;
  return totp_drift(key_of(vault_, *row), parameters_of(to_device(*row)), code, now, reach);
}

bool TotpDevices::remove(AccountId account) {
  bool counted = false;
  for (const auto& row : tx_.rows(kRemove, account)) counted |= !row.is_null("confirmed_at");
  return counted;
}

int reseal_second_factors(db::Transaction& tx, const Vault& from, const Vault& to) {
  int count = 0;
  for (const auto& row : tx.rows(kSealed)) {
    tx.exec(kSetSealed, row.get<domain::TotpDeviceId>("id"), to.seal(kLabel, key_of(from, row)));
    ++count;
  }
  tx.exec(kForgetRecovery);
  return count;
}

}  // namespace visitor::auth
