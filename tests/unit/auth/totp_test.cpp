#include "auth/totp.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "auth/base32.hpp"
#include "core/text.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using namespace visitor::auth;
using namespace std::chrono_literals;

namespace {

Secret key_of(std::string_view text) {
  return Secret{text};
}

// The keys of RFC 6238's appendix B, of which its text gives only the first.
const Secret kSha1Key = key_of("12345678901234567890");
const Secret kSha256Key = key_of("12345678901234567890123456789012");
const Secret kSha512Key = key_of("1234567890123456789012345678901234567890123456789012345678901234");

Instant at_second(std::int64_t seconds) {
  return Instant{std::chrono::seconds{seconds}};
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe{::popen(command.c_str(), "r"), &::pclose};
  std::string out;
  std::array<char, 256> piece{};
  while (std::fgets(piece.data(), piece.size(), pipe.get()) != nullptr) out += piece.data();
  return std::string{trim(out)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(totp)

BOOST_AUTO_TEST_CASE(appendix_b_of_rfc_6238_is_replayed) {
  struct Vector {
    std::int64_t seconds;
    const char* sha1;
    const char* sha256;
    const char* sha512;
  };
  constexpr std::array<Vector, 6> kVectors{{{59, "94287082", "46119246", "90693936"},
                                            {1111111109, "07081804", "68084774", "25091201"},
                                            {1111111111, "14050471", "67062674", "99943326"},
                                            {1234567890, "89005924", "91819424", "93441116"},
                                            {2000000000, "69279037", "90698825", "38618901"},
                                            {20000000000, "65353130", "77737706", "47863826"}}};
  for (const auto& [seconds, sha1, sha256, sha512] : kVectors) {
    const auto step = totp_step(at_second(seconds));
    BOOST_TEST(totp_code(kSha1Key, {TotpAlgorithm::sha1, 8}, step) == sha1);
    BOOST_TEST(totp_code(kSha256Key, {TotpAlgorithm::sha256, 8}, step) == sha256);
    BOOST_TEST(totp_code(kSha512Key, {TotpAlgorithm::sha512, 8}, step) == sha512);
    BOOST_TEST(totp_code(kSha1Key, {TotpAlgorithm::sha1, 6}, step) == std::string{sha1}.substr(2));
  }
}

BOOST_AUTO_TEST_CASE(oathtool_shows_our_codes_and_takes_them) {
  const auto key = new_totp_key();
  const auto hex = to_hex(key.reveal_bytes());
  for (const auto& [algorithm, word] :
       {std::pair{TotpAlgorithm::sha1, "SHA1"}, {TotpAlgorithm::sha256, "SHA256"}, {TotpAlgorithm::sha512, "SHA512"}})
    for (const int digits : {6, 8})
      for (const std::int64_t seconds : {0L, 59L, 1790000000L, 4000000000L}) {
        const auto shown = output_of("oathtool --totp=" + std::string{word} + " --digits=" + std::to_string(digits) +
                                     " --now='@" + std::to_string(seconds) + "' " + hex);
        const auto ours = totp_code(key, {algorithm, digits}, totp_step(at_second(seconds)));
        BOOST_TEST(ours == shown);
        BOOST_TEST(match_totp(key, {algorithm, digits}, shown, at_second(seconds), -1).has_value());
        // Given a code, oathtool says at which of the steps from there on it finds it.
        BOOST_TEST(output_of("oathtool --totp=" + std::string{word} + " --digits=" + std::to_string(digits) +
                             " --window=1 --now='@" + std::to_string(seconds) + "' " + hex + " " + ours) == "0");
      }
}

BOOST_AUTO_TEST_CASE(a_code_is_good_one_step_before_and_after_and_no_longer) {
  const auto now = at_second(1790000010);
  const auto step = totp_step(now);
  for (const std::int64_t away : {-2, -1, 0, 1, 2}) {
    const auto matched = match_totp(kSha1Key, {}, totp_code(kSha1Key, {}, step + away), now, 0);
    if (away < -1 || away > 1)
      BOOST_TEST(!matched.has_value());
    else
      BOOST_TEST((matched == step + away));
  }
}

BOOST_AUTO_TEST_CASE(a_step_that_was_used_and_all_before_it_are_spent) {
  const auto now = at_second(1790000010);
  const auto step = totp_step(now);
  BOOST_TEST(!match_totp(kSha1Key, {}, totp_code(kSha1Key, {}, step), now, step).has_value());
  BOOST_TEST(!match_totp(kSha1Key, {}, totp_code(kSha1Key, {}, step - 1), now, step).has_value());
  BOOST_TEST((match_totp(kSha1Key, {}, totp_code(kSha1Key, {}, step + 1), now, step) == step + 1));
}

BOOST_AUTO_TEST_CASE(only_that_many_ascii_digits_are_a_code) {
  const auto now = at_second(59);
  const std::string right = totp_code(kSha1Key, {}, 1);
  BOOST_TEST(right == "287082");
  for (const std::string wrong : {"", "28708", "2870820", " 287082", "287082 ", "+87082", "28708２", "２８７０８２",
                                  "287 82", "0x1f8a", "28708\n"})
    BOOST_TEST(!match_totp(kSha1Key, {}, wrong, now, 0).has_value(), wrong);
  BOOST_TEST(!match_totp(kSha1Key, {}, std::string_view{"28708\0", 6}, now, 0).has_value());
  BOOST_TEST(!match_totp(kSha1Key, {}, "94287082", now, 0).has_value());
  BOOST_TEST(match_totp(kSha1Key, {TotpAlgorithm::sha1, 8}, "94287082", now, 0).has_value());
}

BOOST_AUTO_TEST_CASE(short_keys_and_other_lengths_of_codes_are_refused) {
  BOOST_CHECK_EXCEPTION(totp_code(key_of("123456789012345"), {}, 1), Error, test::has_code(Errc::usage));
  BOOST_CHECK_EXCEPTION(totp_code(kSha1Key, {TotpAlgorithm::sha1, 7}, 1), Error, test::has_code(Errc::usage));
}

BOOST_AUTO_TEST_CASE(the_drift_of_a_clock_is_found_within_reach) {
  const auto now = at_second(1790000010);
  const auto step = totp_step(now);
  for (const std::int64_t away : {-20, -3, 0, 1, 20})
    BOOST_TEST((totp_drift(kSha1Key, {}, totp_code(kSha1Key, {}, step + away), now, 20) == away));
  BOOST_TEST(!totp_drift(kSha1Key, {}, totp_code(kSha1Key, {}, step + 21), now, 20).has_value());
}

BOOST_AUTO_TEST_CASE(new_keys_have_twenty_bytes_and_are_not_alike) {
  BOOST_TEST(new_totp_key().size() == 20U);
  BOOST_TEST((new_totp_key().reveal() != new_totp_key().reveal()));
}

BOOST_AUTO_TEST_CASE(the_uri_escapes_what_a_login_may_hold) {
  const auto uri = totp_uri(kSha1Key, {TotpAlgorithm::sha256, 8}, "Visitor & Co", "анна:b?x=1&y#z/%");
  BOOST_TEST(uri.reveal() ==
             "otpauth://totp/Visitor%20%26%20Co:%D0%B0%D0%BD%D0%BD%D0%B0%3Ab%3Fx%3D1%26y%23z%2F%25"
             "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Visitor%20%26%20Co&algorithm=SHA256&digits=8&period=30");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(base32)

BOOST_AUTO_TEST_CASE(rfc_4648_is_replayed) {
  const std::array<std::pair<std::string_view, const char*>, 7> kVectors{{{"", ""},
                                                                          {"f", "MY"},
                                                                          {"fo", "MZXQ"},
                                                                          {"foo", "MZXW6"},
                                                                          {"foob", "MZXW6YQ"},
                                                                          {"fooba", "MZXW6YTB"},
                                                                          {"foobar", "MZXW6YTBOI"}}};
  for (const auto& [plain, encoded] : kVectors) {
    const auto bytes = std::as_bytes(std::span{plain});
    BOOST_TEST(to_base32(bytes) == encoded);
    const auto back = from_base32(encoded);
    BOOST_REQUIRE(back);
    BOOST_TEST(std::equal(back->begin(), back->end(), bytes.begin(), bytes.end()));
  }
  BOOST_TEST((from_base32("mzxw6===") == from_base32("MZXW6")));
}

BOOST_AUTO_TEST_CASE(what_no_bytes_give_is_not_read) {
  for (const char* wrong : {"A", "MZX", "MZXW6Y", "MZ1Q", "MZ Q", "MZ", "M=Y", "MZXW7"})
    BOOST_TEST(!from_base32(wrong).has_value(), wrong);
}

BOOST_AUTO_TEST_SUITE_END()
