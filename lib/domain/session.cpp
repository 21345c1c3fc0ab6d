#include "domain/session.hpp"

#include <array>

namespace visitor::domain {

template <>
std::span<const Name<TotpAlgorithm>> names() {
  using enum TotpAlgorithm;
  static constexpr std::array<Name<TotpAlgorithm>, 3> kNames{{
      {sha1, "SHA1", "SHA-1", "SHA-1"},
      {sha256, "SHA256", "SHA-256", "SHA-256"},
      {sha512, "SHA512", "SHA-512", "SHA-512"},
  }};
  return kNames;
}

template <>
std::span<const Name<SecondFactorKind>> names() {
  using enum SecondFactorKind;
  static constexpr std::array<Name<SecondFactorKind>, 3> kNames{{
      {none, "none", "None", "Нет"},
      {totp, "totp", "Authenticator code", "Код из приложения"},
      {recovery, "recovery", "Recovery code", "Код восстановления"},
  }};
  return kNames;
}

template <>
std::span<const Name<SessionEnd>> names() {
  using enum SessionEnd;
  static constexpr std::array<Name<SessionEnd>, 5> kNames{{
      {logout, "logout", "Logged out", "Выход"},
      {revoked, "revoked", "Revoked", "Отозван"},
      {reused, "reused", "Token used twice", "Токен использован дважды"},
      {password, "password", "Password changed", "Пароль изменен"},
      {disabled, "disabled", "Account disabled", "Учетная запись отключена"},
  }};
  return kNames;
}

}  // namespace visitor::domain
