#include "net/digest.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <set>

#include "core/error.hpp"

namespace visitor::net {
namespace {

const Secret kPassword{std::string_view{"Circle of Life"}};
constexpr auto kCnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

// RFC 7616, section 3.9.1.
constexpr auto kRfcSha256 =
    R"(Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")";
constexpr auto kRfcMd5 =
    R"(Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")";

std::string answer(const DigestChallenge& challenge, const Secret& password = kPassword,
                   std::string_view cnonce = kCnonce, std::uint32_t count = 1) {
  return digest_authorization(challenge, {"Mufasa", password, "GET", "/dir/index.html", cnonce, count});
}

DigestChallenge the_only(std::string_view header) {
  const auto challenges = parse_digest_challenges(header);
  BOOST_REQUIRE_EQUAL(challenges.size(), 1U);
  return challenges.front();
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

struct FixturePresent {
  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const {
    boost::test_tools::assertion_result result{std::filesystem::exists(path())};
    result.message() << path() << " is not on this machine";
    return result;
  }
  static std::string path() {
    return VISITOR_SOURCE_DIR "/../shared/fixtures/hikvision/vendor_digest_401_handshake.txt";
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(digest)

BOOST_AUTO_TEST_CASE(md5_example_of_rfc_7616_is_reproduced) {
  const auto header = answer(the_only(kRfcMd5));
  BOOST_TEST(contains(header, R"(response="8ca523f5e9506fed4657c9700eebdbec")"));
  BOOST_TEST(header ==
             "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", "
             "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", uri=\"/dir/index.html\", algorithm=MD5, "
             "qop=auth, nc=00000001, cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", "
             "response=\"8ca523f5e9506fed4657c9700eebdbec\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
}

BOOST_AUTO_TEST_CASE(sha_256_example_of_rfc_7616_is_reproduced) {
  BOOST_TEST(contains(answer(the_only(kRfcSha256)),
                      R"(response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")"));
}

BOOST_AUTO_TEST_CASE(example_of_rfc_2617_is_reproduced) {
  const auto challenge = the_only(
      R"(Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41")");
  const auto header = answer(challenge, Secret{std::string_view{"Circle Of Life"}}, "0a4f113b");
  BOOST_TEST(contains(header, R"(response="6629fae49393a05397450978507c4ef1")"));
  BOOST_TEST(!contains(header, "algorithm"));
}

BOOST_AUTO_TEST_CASE(without_qop_the_short_response_of_rfc_2069_is_sent) {
  const auto challenge = the_only(R"(Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093")");
  const auto header = answer(challenge, Secret{std::string_view{"CircleOfLife"}});
  BOOST_TEST(contains(header, R"(response="1949323746fe6a43ef61f9606e7febea")"));
  BOOST_TEST(!contains(header, "nc="));
  BOOST_TEST(!contains(header, "cnonce="));
  BOOST_TEST(!contains(header, "qop"));
}

// Expected values from an independent implementation (Python's hashlib) over the inputs of RFC 7616, section 3.9.1.
BOOST_AUTO_TEST_CASE(session_algorithms_mix_nonce_and_cnonce_into_the_secret) {
  auto challenge = the_only(kRfcMd5);
  challenge.algorithm = DigestAlgorithm::md5_sess;
  BOOST_TEST(contains(answer(challenge), "algorithm=MD5-sess"));
  BOOST_TEST(contains(answer(challenge), R"(response="e783283f46242139c486a698fec7211d")"));
  challenge.algorithm = DigestAlgorithm::sha256_sess;
  BOOST_TEST(
      contains(answer(challenge), R"(response="2fd51b3a77ad75bad6afad6003e818d767133c46d9e2749e7f5232ae1ea3efd7")"));
}

BOOST_AUTO_TEST_CASE(the_count_grows_as_eight_hexadecimal_digits) {
  BOOST_TEST(contains(answer(the_only(kRfcMd5), kPassword, kCnonce, 26), "nc=0000001a"));
}

BOOST_AUTO_TEST_CASE(sha_256_is_chosen_wherever_it_is_offered) {
  const std::vector<std::string> two_headers{kRfcMd5, kRfcSha256};
  BOOST_TEST((choose_digest_challenge(two_headers)->algorithm == DigestAlgorithm::sha256));
  const std::vector<std::string> one_header{std::string{kRfcMd5} + ", " + kRfcSha256};
  BOOST_TEST((choose_digest_challenge(one_header)->algorithm == DigestAlgorithm::sha256));
  const std::vector<std::string> only_md5{kRfcMd5};
  BOOST_TEST((choose_digest_challenge(only_md5)->algorithm == DigestAlgorithm::md5));
}

BOOST_AUTO_TEST_CASE(several_schemes_in_one_header_are_told_apart) {
  const auto challenges = parse_digest_challenges(
      R"(Basic realm="a, b=\"c\"", Negotiate dG9rZW4==, Digest nonce="n1", realm="r1", digest realm=r2, nonce=n2)");
  BOOST_REQUIRE_EQUAL(challenges.size(), 2U);
  BOOST_TEST(challenges[0].realm == "r1");
  BOOST_TEST(challenges[1].realm == "r2");
  BOOST_TEST(challenges[1].nonce == "n2");
}

BOOST_AUTO_TEST_CASE(names_and_values_come_in_any_case_order_and_quoting) {
  const auto challenge =
      the_only("DIGEST STALE=TRUE,NONCE=abc , Qop=AUTH,Algorithm=\"md5\",  REALM = \"IP Camera(C2183)\"");
  BOOST_TEST(challenge.stale);
  BOOST_TEST(challenge.qop_auth);
  BOOST_TEST(challenge.realm == "IP Camera(C2183)");
  BOOST_TEST((challenge.algorithm == DigestAlgorithm::md5));
  BOOST_TEST(the_only(R"(Digest nonce="n", stale="FALSE")").stale == false);
  BOOST_TEST(the_only(R"(Digest nonce="n", stale="true")").stale);
}

BOOST_AUTO_TEST_CASE(quotes_inside_values_survive_the_way_there_and_back) {
  const auto challenge = the_only(R"(Digest nonce="n", realm="the \"back\\door\"", opaque="")");
  BOOST_TEST(challenge.realm == R"(the "back\door")");
  const auto header = answer(challenge);
  BOOST_TEST(contains(header, R"(realm="the \"back\\door\"")"));
  BOOST_TEST(contains(header, R"(opaque="")"));
}

BOOST_AUTO_TEST_CASE(challenges_that_cannot_be_answered_are_left_out) {
  BOOST_TEST(parse_digest_challenges("").empty());
  BOOST_TEST(parse_digest_challenges("Digest").empty());
  BOOST_TEST(parse_digest_challenges(R"(Digest realm="no nonce")").empty());
  BOOST_TEST(parse_digest_challenges(R"(Digest nonce="n", algorithm=SHA-512-256)").empty());
  BOOST_TEST(parse_digest_challenges(R"(Digest nonce="n", qop="auth-int")").empty());
  BOOST_TEST(parse_digest_challenges(R"(Basic realm="r", nonce="n")").empty());
  BOOST_TEST(parse_digest_challenges("Digest nonce=\"a\x01"
                                     "b\"")
                 .empty());
}

BOOST_AUTO_TEST_CASE(a_challenge_without_an_end_or_without_limits_is_survived) {
  BOOST_TEST(the_only(R"(Digest realm="r", nonce="never closed)").nonce == "never closed");
  BOOST_TEST(parse_digest_challenges("Digest nonce=\"" + std::string(kMostChallengeBytes, 'x') + "\"").empty());
  std::string many;
  for (int i = 0; i < 500; ++i) many += "Digest nonce=n,";
  BOOST_TEST(parse_digest_challenges(many).size() <= 16U);
}

BOOST_AUTO_TEST_CASE(a_user_name_cannot_smuggle_in_a_header) {
  BOOST_CHECK_THROW(digest_authorization(the_only(kRfcMd5), {"admin\r\nX: y", kPassword, "GET", "/", kCnonce, 1}),
                    Error);
}

BOOST_AUTO_TEST_CASE(cnonces_are_long_and_never_the_same) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(make_cnonce());
  BOOST_TEST(seen.size() == 100U);
  BOOST_TEST(seen.begin()->size() == 32U);
}

BOOST_AUTO_TEST_CASE(the_vendors_own_challenge_is_read, *boost::unit_test::precondition(FixturePresent{})) {
  std::ifstream file{FixturePresent::path()};
  std::string line;
  std::string value;
  while (std::getline(file, line)) {
    if (line.starts_with("WWW-Authenticate: ")) value = line.substr(18);
  }
  const auto challenge = the_only(value);
  BOOST_TEST(challenge.realm == "IP Camera(C2183)");
  BOOST_TEST(challenge.nonce == "4e5468694e7a42694e7a4d364f4449354d7a6b354d54513d");
  BOOST_TEST(challenge.qop_auth);
  BOOST_TEST(!challenge.stale);
  BOOST_TEST(!challenge.names_algorithm);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::net
