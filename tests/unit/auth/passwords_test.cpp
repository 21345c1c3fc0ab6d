#include "auth/passwords.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "auth/common_passwords.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using namespace visitor::test;
using auth::Passwords;

namespace {

// Hashes that cost nearly nothing, for tests.
constexpr auth::PasswordCost kCheap{64 << 10, 1, 2};

void require_good(std::string_view password, std::string_view login = "anna") {
  auth::require_good_password(Secret{password}, login);
}

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(passwords)

BOOST_AUTO_TEST_CASE(a_hash_is_of_argon2id_names_its_parameters_and_is_never_the_same_twice) {
  Passwords passwords{kCheap};
  const Secret password{"correct horse battery staple"};

  const auto hash = passwords.hash(password);

  BOOST_TEST(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
  BOOST_TEST(passwords.hash(password) != hash);
  BOOST_TEST(passwords.check(hash, password));
  BOOST_TEST(!passwords.check(hash, Secret{"correct horse battery stable"}));
  BOOST_TEST(!passwords.check(hash, Secret{""}));
}

BOOST_AUTO_TEST_CASE(without_a_stored_hash_no_password_is_right) {
  Passwords passwords{kCheap};
  BOOST_TEST(!passwords.check(std::nullopt, Secret{"correct horse battery staple"}));
  BOOST_TEST(!passwords.check(std::nullopt, Secret{""}));
  BOOST_TEST(!passwords.check("", Secret{""}));
  BOOST_TEST(!passwords.check("no hash", Secret{"no hash"}));
}

BOOST_AUTO_TEST_CASE(a_hash_made_with_other_parameters_is_outdated_and_still_checked) {
  Passwords before{kCheap};
  Passwords after{{128 << 10, 2, 2}};
  const Secret password{"correct horse battery staple"};
  const auto hash = before.hash(password);

  BOOST_TEST(!before.outdated(hash));
  BOOST_TEST(after.outdated(hash));
  BOOST_TEST(after.check(hash, password));
  BOOST_TEST(!after.outdated(after.hash(password)));
}

BOOST_AUTO_TEST_CASE(from_8_to_256_characters_are_taken_whatever_they_are) {
  BOOST_CHECK_NO_THROW(require_good("kq7 zt2v"));
  BOOST_CHECK_NO_THROW(require_good("велосипед и дождь"));
  BOOST_CHECK_NO_THROW(require_good(repeated("four ", 51) + "s"));
  BOOST_CHECK_NO_THROW(require_good(repeated("щука", 64)));
  BOOST_CHECK_EXCEPTION(require_good(""), Error, says(Errc::usage, "shorter than 8"));
  BOOST_CHECK_EXCEPTION(require_good("kq7 zt2"), Error, says(Errc::usage, "shorter than 8"));
  BOOST_CHECK_EXCEPTION(require_good("щукащук"), Error, says(Errc::usage, "shorter than 8"));
  BOOST_CHECK_EXCEPTION(require_good(repeated("щука", 64) + "!"), Error, says(Errc::usage, "longer than 256"));
  BOOST_CHECK_EXCEPTION(require_good("kq7 zt2v\xff"), Error, says(Errc::usage, "UTF-8"));
}

BOOST_AUTO_TEST_CASE(a_password_must_not_contain_the_login) {
  BOOST_CHECK_EXCEPTION(require_good("my name is ANNA, hello"), Error, says(Errc::usage, "contains the login"));
  BOOST_CHECK_EXCEPTION(require_good("меня зовут ИРИНА", "Ирина"), Error, says(Errc::usage, "contains the login"));
  BOOST_CHECK_NO_THROW(require_good("my name is Boris, hello"));
  BOOST_CHECK_NO_THROW(require_good("jolly good show", "jo"));
}

BOOST_AUTO_TEST_CASE(what_everybody_tries_first_is_refused) {
  for (const std::string_view password :
       {"password", "PASSWORD", "P@ssw0rd", "p@ssw0rd!", "Password2024!", "12345678", "123456789012", "87654321",
        "qwertyuiop", "1q2w3e4r", "aaaaaaaa", "абабабаб", "abcdefghij", "iloveyou", "Qwerty123!", "йцукенгш"})
    BOOST_TEST(auth::is_common_password(password), password);
  for (const std::string_view password :
       {"correct horse battery staple", "kq7 zt2v", "gate-4-lantern", "велосипед и дождь"})
    BOOST_TEST(!auth::is_common_password(password), password);
  BOOST_CHECK_EXCEPTION(require_good("Password1"), Error, says(Errc::usage, "tried first"));
}

BOOST_AUTO_TEST_CASE(a_refusal_never_repeats_the_password) {
  for (const std::string_view password : {"kq7 zt", "Password1", "anna-secret-9"}) {
    try {
      require_good(password);
      BOOST_ERROR("taken: " << password);
    } catch (const Error& error) {
      BOOST_TEST(error.message().find(password) == std::string::npos);
      BOOST_TEST(error.hint().find(password) == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_list_can_be_searched_in_halves) {
  const auto list = auth::common_passwords();
  BOOST_TEST(list.size() > 800u);
  BOOST_TEST(std::is_sorted(list.begin(), list.end()));
  BOOST_TEST((std::adjacent_find(list.begin(), list.end()) == list.end()));
}

BOOST_AUTO_TEST_SUITE_END()
