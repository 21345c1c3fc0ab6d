#include "auth/second_factor.hpp"

#include "auth/recovery_codes.hpp"
#include "auth/totp_devices.hpp"

namespace visitor::auth {
namespace {

using domain::SecondFactorKind;

constexpr auto kHasTotp = R"sql(
    SELECT EXISTS (SELECT FROM totp_device WHERE account_id = $1 AND confirmed_at IS NOT NULL) AS there)sql";

class Totp final : public SecondFactor {
 public:
  Totp(db::Transaction& tx, const Vault& vault) : devices_(tx, vault) {}
  SecondFactorKind kind() const override { return SecondFactorKind::totp; }
  bool spend(AccountId account, std::string_view answer, Instant now) override {
    return devices_.spend(account, answer, now);
  }

 private:
  TotpDevices devices_;
};

class Recovery final : public SecondFactor {
 public:
  Recovery(db::Transaction& tx, const Vault& vault) : codes_(tx, vault) {}
  SecondFactorKind kind() const override { return SecondFactorKind::recovery; }
  bool spend(AccountId account, std::string_view answer, Instant now) override {
    return codes_.spend(account, answer, now);
  }

 private:
  RecoveryCodes codes_;
};

}  // namespace

bool has_second_factor(db::Transaction& tx, AccountId account) {
  return tx.row(kHasTotp, account).get<bool>("there");
}

SecondFactors::SecondFactors(db::Transaction& tx, const Vault& vault) {
  all_.push_back(std::make_unique<Totp>(tx, vault));
  all_.push_back(std::make_unique<Recovery>(tx, vault));
}

SecondFactors::~SecondFactors() = default;

std::optional<SecondFactorKind> SecondFactors::spend(AccountId account, std::string_view answer, Instant now) {
  for (const auto& factor : all_)
    if (factor->spend(account, answer, now)) return factor->kind();
  return std::nullopt;
}

}  // namespace visitor::auth
