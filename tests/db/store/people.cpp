#include <boost/test/unit_test.hpp>

#include "store/accounts.hpp"
#include "store/credentials.hpp"
#include "store/departments.hpp"
#include "store/guests.hpp"
#include "store/hosts.hpp"
#include "store/sites.hpp"
#include "support/database.hpp"
#include "support/has_code.hpp"
#include "support/house.hpp"

using namespace visitor;
using namespace visitor::test;

namespace {

struct PeopleFixture : RolledBack {
  House house = House::build(tx);
  store::Guests guests{tx, domain::Scope::everything()};
  store::Credentials credentials{tx};

  GuestId add(const std::string& name, const std::string& email, const std::string& phone) {
    domain::Guest guest;
    guest.name = name;
    guest.email = email;
    guest.phone = phone;
    return guests.add(guest, std::nullopt, today_at("06:00"));
  }
};

std::vector<std::byte> bytes(unsigned char value) {
  return std::vector<std::byte>(32, std::byte{value});
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(people, PeopleFixture)

BOOST_AUTO_TEST_CASE(a_site_comes_back_as_it_was_stored) {
  domain::Site site;
  site.name = "Главный корпус";
  site.time_zone = "Asia/Almaty";
  site.country_code = "7";
  site.days_off = {5, 7};
  store::Sites sites{tx, domain::Scope::everything()};

  const auto stored = sites.get(sites.add(site, today_at("06:00")));

  BOOST_TEST(stored.name == "Главный корпус");
  BOOST_TEST(stored.time_zone == "Asia/Almaty");
  BOOST_TEST(stored.country_code == "7");
  BOOST_TEST(stored.days_off == site.days_off, boost::test_tools::per_element());
  BOOST_TEST(sites.find_by_name("главный КОРПУС")->id.value == stored.id.value);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_taken_is_a_conflict_and_the_transaction_goes_on) {
  store::Sites sites{tx, domain::Scope::everything()};
  auto site = sites.get(house.site);
  site.name = "SITE " + house.tag;
  BOOST_CHECK_EXCEPTION(sites.add(site, today_at("06:00")), Error, says(Errc::conflict, "SITE " + house.tag));

  store::Departments departments{tx, domain::Scope::everything()};
  auto department = departments.get(house.department);
  BOOST_CHECK_EXCEPTION(departments.add(department), Error, has_code(Errc::conflict));

  BOOST_TEST(sites.get(house.site).name == "Site " + house.tag);
}

BOOST_AUTO_TEST_CASE(a_missing_thing_is_not_found_and_named) {
  BOOST_CHECK_EXCEPTION((store::Sites{tx, domain::Scope::everything()}.get(SiteId{987654})), Error,
                        says(Errc::not_found, "site 987654"));
  BOOST_CHECK_EXCEPTION((store::Departments{tx, domain::Scope::everything()}.get(DepartmentId{987654})), Error,
                        says(Errc::not_found, "department 987654"));
  BOOST_CHECK_EXCEPTION((store::Hosts{tx, domain::Scope::everything()}.get(HostId{987654})), Error,
                        says(Errc::not_found, "host 987654"));
  BOOST_CHECK_EXCEPTION(guests.get(GuestId{987654}), Error, says(Errc::not_found, "guest 987654"));
}

BOOST_AUTO_TEST_CASE(hosts_are_listed_with_where_they_work) {
  store::HostFilter filter;
  filter.text = "hana host " + house.tag;
  const auto found = store::Hosts{tx, domain::Scope::everything()}.list(filter);

  BOOST_REQUIRE(found.size() == 1);
  BOOST_TEST(found[0].host.id.value == house.host.value);
  BOOST_TEST(found[0].department_name == "Finance " + house.tag);
  BOOST_TEST(found[0].site_name == "Site " + house.tag);
  filter.department = DepartmentId{987654};
  BOOST_TEST((store::Hosts{tx, domain::Scope::everything()}.list(filter).empty()));
}

BOOST_AUTO_TEST_CASE(a_text_is_searched_as_it_is_typed) {
  add("Percy 100% Sure", "", "");
  store::GuestFilter filter;
  filter.text = "100%";
  BOOST_TEST(guests.list(filter).size() == 1);
  filter.text = "1_0";
  BOOST_TEST(guests.list(filter).empty());
  filter.text = "\\";
  BOOST_TEST(guests.list(filter).empty());
}

BOOST_AUTO_TEST_CASE(a_document_belongs_to_one_guest) {
  domain::Guest guest;
  guest.name = "First";
  guest.document_tail = "1234";
  const auto first = guests.add(guest, store::SealedDocument{{std::byte{1}}, bytes(9)}, today_at("06:00"));
  guest.name = "Second";

  BOOST_CHECK_EXCEPTION(guests.add(guest, store::SealedDocument{{std::byte{2}}, bytes(9)}, today_at("06:00")), Error,
                        says(Errc::conflict, "First"));
  BOOST_TEST(guests.find_by_document(bytes(9))->id.value == first.value);
  BOOST_TEST(!guests.find_by_document(bytes(8)));
}

BOOST_AUTO_TEST_CASE(a_contact_is_found_by_either_half_and_an_empty_one_by_nobody) {
  const auto tag = house.tag;
  const auto mail = add("By mail", tag + "@Example.org", "");
  const auto phone = add("By phone", "", "+77010000001");

  BOOST_TEST(guests.with_contact("", "").empty());
  const auto found = guests.with_contact(tag + "@example.ORG", "+77010000001");
  BOOST_REQUIRE(found.size() == 2);
  BOOST_TEST(found[0].id.value == mail.value);
  BOOST_TEST(found[1].id.value == phone.value);
}

BOOST_AUTO_TEST_CASE(numbers_and_cards_are_resolved_apart_and_to_the_letter) {
  const auto other = given_guest(tx, "Other");
  credentials.add({{}, house.guest, domain::CredentialKind::employee_no, "0017"}, today_at("06:00"));
  credentials.add({{}, other, domain::CredentialKind::card, "0017"}, today_at("06:00"));

  const std::vector<std::string_view> numbers{"0017", "17", "0017", "nobody"};
  const auto owners = credentials.resolve(numbers, numbers);

  BOOST_TEST(owners.employee_no.size() == 1);
  BOOST_TEST(owners.card.size() == 1);
  BOOST_TEST(owners.employee_no.at("0017").value == house.guest.value);
  BOOST_TEST(owners.card.at("0017").value == other.value);
  BOOST_TEST(credentials.resolve({}, {}).card.empty());
}

BOOST_AUTO_TEST_CASE(a_credential_that_is_taken_names_its_holder) {
  credentials.add({{}, house.guest, domain::CredentialKind::card, "4711"}, today_at("06:00"));
  const auto other = given_guest(tx, "Other");

  BOOST_CHECK_EXCEPTION(credentials.add({{}, other, domain::CredentialKind::card, "4711"}, today_at("06:00")), Error,
                        says(Errc::conflict, "Gina Guest " + house.tag));
  BOOST_TEST(credentials.of(other).empty());
  BOOST_TEST(credentials.of(house.guest).size() == 1);
}

BOOST_AUTO_TEST_CASE(an_account_is_made_once_whatever_the_letter_case) {
  store::Accounts accounts{tx};
  const auto made = accounts.ensure("Alma", false, today_at("06:00"));
  const auto again = accounts.ensure("ALMA", true, today_at("07:00"));

  BOOST_TEST(made.id.value == again.id.value);
  BOOST_TEST(again.login == "Alma");
  BOOST_TEST(!again.system);
  BOOST_TEST(accounts.find_by_login("alma")->id.value == made.id.value);
}

BOOST_AUTO_TEST_SUITE_END()
