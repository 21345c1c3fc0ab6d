#include "auth/second_factor.hpp"

#include "auth/recovery_codes.hpp"
#include "auth/totp_devices.hpp"

namespace visitor::auth {
namespace {

using domain::SecondFactorKind;

class Totp final : public SecondFactor {
 public:
  Totp(db::Transaction& tx, const Vault& vault) : devices_(tx, vault) {}
  SecondFactorKind kind() const override { return SecondFactorKind::totp; }
  bool asked_for(AccountId account) override { return devices_.find(account).has_value(); }
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
  bool asked_for(AccountId) override { return false; }
  bool spend(AccountId account, std::string_view answer, Instant now) override {
    return codes_.spend(account, answer, now);
  }

 private:
  RecoveryCodes codes_;
};

}  // namespace

SecondFactors::SecondFactors(db::Transaction& tx, const Vault& vault) {
  all_.push_back(std::make_unique<Totp>(tx, vault));
  all_.push_back(std::make_unique<Recovery>(tx, vault));
}

SecondFactors::~SecondFactors() = default;

bool SecondFactors::asked_for(AccountId account) {
  for (const auto& factor : all_)
    if (factor->asked_for(account)) return true;
  return false;
}

std::optional<SecondFactorKind> SecondFactors::spend(AccountId account, std::string_view answer, Instant now) {
  for (const auto& factor : all_)
    if (factor->spend(account, answer, now)) return factor->kind();
  return std::nullopt;
}

}  // namespace visitor::auth
