#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/secret.hpp"

/// Passwords of accounts: Argon2id by libsodium, as PHC strings that name their own parameters.
namespace visitor::auth {

inline constexpr std::size_t kPasswordLeast = 8;   ///< characters
inline constexpr std::size_t kPasswordMost = 256;  ///< characters

/// What one hash costs, and how many may be worked on at once: together at most memory * at_once bytes.
struct PasswordCost {
  std::size_t memory = std::size_t{64} << 20;
  int passes = 3;
  int at_once = 4;
};

/// Whether \p password is on the list of those that everybody tries first, in any letter case, with digits and
/// punctuation around it, or with digits for letters ("P@ssw0rd2024").
bool is_common_password(std::string_view password);

/// For a password that somebody wants to have. There are no rules of composition.
/// \param login  of the account; nothing that contains it (letter case aside) is taken
/// \throws Error usage  too short, too long, not UTF-8, common, or with the login in it; never repeats the password
void require_good_password(const Secret& password, std::string_view login);

/// Makes and checks hashes; from any number of threads, of which a few work at a time and the others wait.
class Passwords {
 public:
  explicit Passwords(const PasswordCost& cost);
  ~Passwords();
  Passwords(const Passwords&) = delete;
  Passwords& operator=(const Passwords&) = delete;

  /// \throws Error failed  there is not enough memory, or no place among those at work within half a minute
  std::string hash(const Secret& password);

  /// Whether \p stored was made of \p password. Without one it does the same work and says no, so that an unknown login
  /// takes as long as a known one.
  /// \throws Error failed  as hash()
  bool check(const std::optional<std::string>& stored, const Secret& password);

  /// Whether \p stored was made with other parameters than those that are wanted now, so that it is to be made anew the
  /// next time the password is there.
  bool outdated(const std::string& stored) const;

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

}  // namespace visitor::auth
