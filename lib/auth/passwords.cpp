#include "auth/passwords.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <semaphore>
#include <set>
#include <vector>

#include "auth/common_passwords.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::auth {
namespace {

constexpr std::ptrdiff_t kMostAtOnce = 1024;
constexpr std::chrono::seconds kWaitForPlace{30};
// A shorter login would be in nearly every password.
constexpr std::size_t kLoginCounts = 3;
constexpr std::size_t kFewCharacters = 2;

// Also of Russian letters, which core's lower() leaves: passwords are typed on both keyboards.
std::string in_lower_case(std::string_view text) {
  auto word = lower(text);
  for (std::size_t i = 0; i + 1 < word.size(); ++i) {
    if (word[i] != '\xD0') continue;
    const auto second = static_cast<unsigned char>(word[i + 1]);
    if (second >= 0x90 && second <= 0x9F) word[i + 1] = static_cast<char>(second + 0x20);
    if (second >= 0xA0 && second <= 0xAF) {
      word[i] = '\xD1';
      word[i + 1] = static_cast<char>(second - 0x20);
    }
  }
  return word;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

char letter_of(char c) {
  constexpr std::string_view kDigits = "0134578@$!";
  constexpr std::string_view kLetters = "oieastbasi";
  const auto place = kDigits.find(c);
  return place == std::string_view::npos ? c : kLetters[place];
}

bool is_filler(char c) {
  return static_cast<unsigned char>(c) < 0x80 && !(c >= 'a' && c <= 'z');
}

std::string_view without_filler(std::string_view word) {
  while (!word.empty() && is_filler(word.back())) word.remove_suffix(1);
  while (!word.empty() && is_filler(word.front())) word.remove_prefix(1);
  return word;
}

std::string in_letters(std::string_view word) {
  std::string letters{word};
  std::transform(letters.begin(), letters.end(), letters.begin(), letter_of);
  return letters;
}

bool is_listed(std::string_view word) {
  const auto list = common_passwords();
  return std::binary_search(list.begin(), list.end(), word);
}

// The code points of text that is UTF-8.
std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> points;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) == 0x80 && !points.empty())
      points.back() = points.back() << 6 | (byte & 0x3F);
    else
      points.push_back(byte);
  }
  return points;
}

bool has_few_characters(const std::vector<char32_t>& word) {
  return std::set<char32_t>(word.begin(), word.end()).size() <= kFewCharacters;
}

// "abcdefgh", "87654321", "67890123": each one follows the one before.
bool is_row(const std::vector<char32_t>& word) {
  const auto follows = [](char32_t one, char32_t next) { return next == one + 1 || (one == U'9' && next == U'0'); };
  bool up = true, down = true;
  for (std::size_t i = 1; i < word.size(); ++i) {
    up = up && follows(word[i - 1], word[i]);
    down = down && follows(word[i], word[i - 1]);
  }
  return up || down;
}

/// libsodium takes no null pointer, not even for no bytes.
const char* bytes_of(std::string_view text) {
  return text.empty() ? "" : text.data();
}

}  // namespace

bool is_common_password(std::string_view password) {
  const auto word = in_lower_case(password);
  const auto points = code_points(word);
  if (has_few_characters(points) || is_row(points) || is_listed(word)) return true;
  const auto bare = without_filler(word);
  if (!bare.empty() && is_listed(bare)) return true;
  const auto letters = in_letters(word);
  const auto bare_letters = without_filler(letters);
  // "p@ssw0rd!" is "password" both with the "!" read as a letter and as what it is.
  return is_listed(letters) || (!bare_letters.empty() && is_listed(bare_letters)) || is_listed(in_letters(bare));
}

void require_good_password(const Secret& password, std::string_view login) {
  const std::string_view text = password.reveal();
  constexpr auto kHint = "Give 8 to 256 characters that are not easily guessed; several words are fine.";
  if (clean_utf8(std::string{text}) != text) throw Error(Errc::usage, "the password is not UTF-8 text", kHint);
  const auto length = characters(text);
  if (length < kPasswordLeast) throw Error(Errc::usage, "the password is shorter than 8 characters", kHint);
  if (length > kPasswordMost) throw Error(Errc::usage, "the password is longer than 256 characters", kHint);
  if (login.size() >= kLoginCounts && in_lower_case(text).find(in_lower_case(login)) != std::string::npos)
    throw Error(Errc::usage, "the password contains the login", kHint);
  if (is_common_password(text)) throw Error(Errc::usage, "the password is one of those that are tried first", kHint);
}

struct Passwords::Work {
  explicit Work(const PasswordCost& wanted)
      : cost(wanted), places(std::clamp<std::ptrdiff_t>(wanted.at_once, 1, kMostAtOnce)) {
    if (sodium_init() < 0) throw Error(Errc::failed, "the cryptographic library cannot be initialised");
  }

  /// A place among those at work.
  class Place {
   public:
    explicit Place(Work& work) : work_(work) {
      if (!work.places.try_acquire_for(kWaitForPlace))
        throw Error(Errc::failed, "too many passwords are being checked at once",
                    "Try again in a moment; [auth] hashes_at_once says how many go at a time.");
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { work_.places.release(); }

   private:
    Work& work_;
  };

  std::string make(std::string_view password) {
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (crypto_pwhash_str_alg(text.data(), bytes_of(password), password.size(),
                              static_cast<unsigned long long>(cost.passes), cost.memory,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
      throw Error(Errc::failed, "there is not enough memory for the hash of a password",
                  "Lower [auth] hash_memory or hashes_at_once.");
    return text.data();
  }

  PasswordCost cost;
  std::counting_semaphore<kMostAtOnce> places;
  std::once_flag made_up;
  std::string nobodys;  ///< of a password that nobody knows
};

Passwords::Passwords(const PasswordCost& cost) : work_(std::make_unique<Work>(cost)) {}
Passwords::~Passwords() = default;

std::string Passwords::hash(const Secret& password) {
  const Work::Place place{*work_};
  return work_->make(password.reveal());
}

bool Passwords::check(const std::optional<std::string>& stored, const Secret& password) {
  const auto text = password.reveal();
  const Work::Place place{*work_};
  std::call_once(work_->made_up, [this] {
    std::array<char, 32> random{};
    randombytes_buf(random.data(), random.size());
    work_->nobodys = work_->make({random.data(), random.size()});
  });
  const auto& against = stored ? *stored : work_->nobodys;
  const bool right = crypto_pwhash_str_verify(against.c_str(), bytes_of(text), text.size()) == 0;
  return right && stored;
}

bool Passwords::outdated(const std::string& stored) const {
  return crypto_pwhash_str_needs_rehash(stored.c_str(), static_cast<unsigned long long>(work_->cost.passes),
                                        work_->cost.memory) != 0;
}

}  // namespace visitor::auth
