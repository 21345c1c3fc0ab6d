#include "app/badge_token.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "support/house.hpp"
#include "support/manual_clock.hpp"

using namespace visitor;
using app::BadgeClaim;
using app::read_badge_token;
using app::write_badge_token;
using visitor::test::at;

namespace {

struct Tokens {
  Vault vault = visitor::test::test_vault();
  archive::SigningKey key = app::badge_signing_key(vault);
  BadgeClaim claim = [] {
    BadgeClaim made;
    for (std::size_t i = 0; i < made.id.size(); ++i) made.id[i] = static_cast<std::byte>(i * 17);
    made.issued_at = at("2026-09-01T08:30:00Z");
    made.expires_at = at("2026-09-01T18:00:00Z");
    return made;
  }();
  std::string token = write_badge_token(claim, key);
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(badge_tokens, Tokens)

BOOST_AUTO_TEST_CASE(a_token_says_what_was_signed_and_fits_a_small_qr_code) {
  const auto read = read_badge_token(token, key.public_text());
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST((read->id == claim.id));
  BOOST_TEST(read->issued_at == claim.issued_at);
  BOOST_TEST(read->expires_at == claim.expires_at);
  BOOST_TEST(token.size() == 122U);
  BOOST_TEST(read_badge_token(" " + token + "\r\n", key.public_text()).has_value());
}

BOOST_AUTO_TEST_CASE(no_other_character_in_any_place_makes_another_token) {
  for (std::size_t place = 0; place < token.size(); ++place) {
    for (const char c : {'A', 'z', '0', '_', '.', '=', ' '}) {
      auto changed = token;
      if (changed[place] == c) continue;
      changed[place] = c;
      BOOST_TEST(!read_badge_token(changed, key.public_text()).has_value(), "place " << place << " as " << c);
    }
    BOOST_TEST(!read_badge_token(token.substr(0, place), key.public_text()).has_value());
  }
  BOOST_TEST(!read_badge_token(token + "A", key.public_text()).has_value());
  BOOST_TEST(!read_badge_token(std::string(100'000, 'A'), key.public_text()).has_value());
  BOOST_TEST(!read_badge_token("", key.public_text()).has_value());
}

BOOST_AUTO_TEST_CASE(another_installation_has_another_key) {
  const Vault other{Secret{std::span<const std::byte>{random_bytes(32)}}};
  const auto theirs = app::badge_signing_key(other);
  BOOST_TEST(theirs.public_text() != key.public_text());
  BOOST_TEST(!read_badge_token(token, theirs.public_text()).has_value());
  BOOST_TEST(!read_badge_token(write_badge_token(claim, theirs), key.public_text()).has_value());
  BOOST_TEST(!read_badge_token(token, "no key at all").has_value());
}

BOOST_AUTO_TEST_CASE(what_the_key_signed_for_another_purpose_is_no_badge) {
  // The same key over the same claim, without the words that say what it is for.
  const auto good = read_badge_token(token, key.public_text());
  BOOST_REQUIRE(good.has_value());
  const std::string claim_bytes(24, '\0');
  for (const auto* purpose : {"", "visitor-badge/2\n", "visitor-audit-checkpoint/1"}) {
    const auto signature = key.sign(purpose + claim_bytes);
    BOOST_TEST(archive::signature_holds(key.public_text(), purpose + claim_bytes, signature));
    BOOST_TEST(!archive::signature_holds(key.public_text(), "visitor-badge/1\n" + claim_bytes, signature));
  }
  // Nor does the key sign anything else: those of other uses follow from the master key in other ways.
  std::set<std::string> keys{key.public_text()};
  for (const auto* label : {"badge.key2", "muster.snapshot", "audit.key"})
    keys.insert(
        archive::SigningKey{Secret{std::span<const std::byte>{vault.sign(label, "visitor-badge/1\n")}}}.public_text());
  BOOST_TEST(keys.size() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()
