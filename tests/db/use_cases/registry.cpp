#include "app/registry.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "work.hpp"

using namespace visitor;
using namespace visitor::test;
using app::NewGuest;

namespace {

struct RegistryFixture : AtWork {
  NewGuest guest(const std::string& name) {
    NewGuest guest;
    guest.name = name;
    guest.site = house.site;
    return guest;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(registry, RegistryFixture)

BOOST_AUTO_TEST_CASE(fields_that_are_wrong_are_named_and_nothing_is_stored) {
  const auto site = [&](auto set) {
    app::NewSite one{"A site", "Asia/Almaty", "7", {6, 7}};
    set(one);
    app::add_site(work(), one);
  };
  BOOST_CHECK_EXCEPTION(site([](auto& s) { s.name = "  "; }), Error, says(Errc::usage, "the name of a site"));
  BOOST_CHECK_EXCEPTION(site([](auto& s) { s.name = "42"; }), Error, says(Errc::usage, "is a number"));
  BOOST_CHECK_EXCEPTION(site([](auto& s) { s.name = std::string(201, 'x'); }), Error, says(Errc::usage, "201"));
  BOOST_CHECK_EXCEPTION(site([](auto& s) { s.name = "two\nlines"; }), Error, says(Errc::usage, "control characters"));
  BOOST_CHECK_EXCEPTION(site([](auto& s) { s.name = "\xff"; }), Error, says(Errc::usage, "UTF-8"));
  BOOST_CHECK_EXCEPTION(site([](auto& s) { s.time_zone = "Asia/Almati"; }), Error, says(Errc::usage, "Asia/Almati"));
  BOOST_CHECK_EXCEPTION(site([](auto& s) { s.country_code = "+0"; }), Error, says(Errc::usage, "country code"));
  BOOST_CHECK_EXCEPTION(site([](auto& s) { s.days_off = {0}; }), Error, says(Errc::usage, "day off"));
  BOOST_CHECK_NO_THROW(site([](auto& s) { s.name = std::string(100, 'x') + "Я"; }));

  const app::NewHost wrong_mail{house.department, "Hugo", "hugo at example", "", ""};
  BOOST_CHECK_EXCEPTION(app::add_host(work(), wrong_mail), Error, says(Errc::usage, "hugo at example"));
  const app::NewHost nowhere{DepartmentId{987654}, "Hugo", "", "", ""};
  BOOST_CHECK_EXCEPTION(app::add_host(work(), nowhere), Error, says(Errc::not_found, "department 987654"));
  const app::NewDepartment no_site{SiteId{987654}, "Sales", ""};
  BOOST_CHECK_EXCEPTION(app::add_department(work(), no_site), Error, says(Errc::not_found, "site 987654"));
}

BOOST_AUTO_TEST_CASE(a_ref_is_a_number_or_a_whole_name) {
  BOOST_TEST(app::resolve_site(work(), fmt::format("{}", house.site)).id.value == house.site.value);
  BOOST_TEST(app::resolve_site(work(), " SITE " + house.tag + " ").id.value == house.site.value);
  BOOST_CHECK_EXCEPTION(app::resolve_site(work(), "Site"), Error, says(Errc::not_found, "'Site'"));
  BOOST_CHECK_EXCEPTION(app::resolve_site(work(), "987654"), Error, says(Errc::not_found, "987654"));
  const auto host = app::resolve_host(work(), "hana host " + house.tag, house.site);
  BOOST_TEST(host.host.id.value == house.host.value);
  BOOST_TEST(host.department_name == "Finance " + house.tag);
  BOOST_TEST(app::resolve_department(work(), fmt::format("{}", house.department)).department.id.value ==
             house.department.value);
  BOOST_TEST(app::resolve_guest(work(), "gina guest " + house.tag).id.value == house.guest.value);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_nearly_right_is_hinted_at) {
  try {
    app::resolve_site(work(), "Sitte " + house.tag);
    BOOST_ERROR("it was found");
  } catch (const Error& error) {
    BOOST_TEST(error.hint() == "Did you mean 'Site " + house.tag + "'?");
  }
}

BOOST_AUTO_TEST_CASE(a_name_that_several_have_is_refused_with_their_numbers) {
  const auto other_site = app::add_site(work(), {"Other " + house.tag, "UTC", "", {}});
  const auto other = app::add_department(work(), {other_site.id, "Finance " + house.tag, ""});
  const auto name = "Finance " + house.tag;
  const auto number = fmt::format("department {}", other.id);
  BOOST_CHECK_EXCEPTION(app::resolve_department(work(), name), Error, says(Errc::usage, number));
  BOOST_TEST(app::resolve_department(work(), name, other_site.id).department.id.value == other.id.value);

  app::add_host(work(), {house.department, "Hana Host " + house.tag, "", "", ""});
  BOOST_CHECK_EXCEPTION(app::resolve_host(work(), "Hana Host " + house.tag), Error,
                        says(Errc::usage, fmt::format("host {}", house.host)));
  given_guest(tx, "Gina Guest " + house.tag);
  BOOST_CHECK_EXCEPTION(app::resolve_guest(work(), "Gina Guest " + house.tag), Error,
                        says(Errc::usage, fmt::format("guest {}", house.guest)));
}

BOOST_AUTO_TEST_CASE(without_a_ref_only_a_single_site_will_do) {
  tx.exec("TRUNCATE site CASCADE");
  BOOST_CHECK_EXCEPTION(app::resolve_site_or_only(work(), std::nullopt), Error, says(Errc::usage, "no site yet"));
  const auto only = app::add_site(work(), {"Only", "UTC", "", {}});
  BOOST_TEST(app::resolve_site_or_only(work(), std::nullopt).id.value == only.id.value);
  app::add_site(work(), {"Other", "UTC", "", {}});
  BOOST_CHECK_EXCEPTION(app::resolve_site_or_only(work(), std::nullopt), Error, says(Errc::usage, "'Only', 'Other'"));
  BOOST_TEST(app::resolve_site_or_only(work(), "only").id.value == only.id.value);
}

BOOST_AUTO_TEST_CASE(telephone_numbers_are_completed_with_the_code_of_the_site) {
  auto given = guest("Phoney");
  given.phone = "8 (701) 123-45-67";
  BOOST_TEST(app::add_guest(work(), vault, given).guest.phone == "+77011234567");
  BOOST_TEST(app::add_host(work(), {house.department, "Hugo", "", "701 123 45 68", ""}).phone == "+77011234568");
}

BOOST_AUTO_TEST_CASE(a_document_is_sealed_found_by_its_number_and_shown_by_its_tail) {
  auto given = guest("Dora");
  given.document = Secret{"850101 300-123a"};
  const auto added = app::add_guest(work(), vault, given).guest;

  BOOST_TEST(added.document_tail == "123A");
  BOOST_TEST(app::find_guest_by_document(work(), vault, Secret{"850101300123A"})->id.value == added.id.value);
  BOOST_TEST(!app::find_guest_by_document(work(), vault, Secret{"850101300124"}));
  const auto row = tx.row("SELECT document_sealed FROM guest WHERE id = $1", added.id);
  const auto sealed = row.get<std::vector<std::byte>>("document_sealed");
  BOOST_TEST(vault.unseal("guest.document", sealed).reveal() == "850101300123A");

  auto short_one = guest("Short");
  short_one.document = Secret{"1-2-3 4"};
  BOOST_CHECK_EXCEPTION(app::add_guest(work(), vault, short_one), Error, has_code(Errc::usage));
  auto wide = guest("Wide");
  wide.document = Secret{"ПАСПОРТ"};
  BOOST_TEST(app::add_guest(work(), vault, wide).guest.document_tail == "ПОРТ");
}

BOOST_AUTO_TEST_CASE(a_second_guest_with_the_same_document_is_a_conflict_that_names_the_first) {
  auto given = guest("Dora First");
  given.document = Secret{"850101300123"};
  app::add_guest(work(), vault, given);
  given.name = "Dora Second";
  BOOST_CHECK_EXCEPTION(app::add_guest(work(), vault, given), Error, says(Errc::conflict, "Dora First"));
}

BOOST_AUTO_TEST_CASE(a_second_guest_with_the_same_contact_needs_to_be_meant_and_the_same_name_does_not) {
  auto given = guest("Carl");
  given.email = house.tag + "@example.org";
  const auto first = app::add_guest(work(), vault, given).guest;
  auto second = guest("Carla");
  second.email = house.tag + "@EXAMPLE.org";
  BOOST_CHECK_EXCEPTION(app::add_guest(work(), vault, second), Error,
                        says(Errc::conflict, fmt::format("guest {} (Carl) has this e-mail address", first.id)));
  second.allow_same_contact = true;
  BOOST_TEST((app::add_guest(work(), vault, second).guest.id != first.id));
  BOOST_TEST((app::add_guest(work(), vault, guest("Carl")).guest.id != first.id));
}

BOOST_AUTO_TEST_CASE(credentials_come_with_the_guest_or_later_and_stand_for_one_guest) {
  using domain::CredentialKind;
  auto given = guest("Emma");
  given.credentials = {{CredentialKind::employee_no, "00" + house.tag}, {CredentialKind::card, " 4711" + house.tag}};
  const auto added = app::add_guest(work(), vault, given);
  BOOST_REQUIRE(added.credentials.size() == 2);
  BOOST_TEST(added.credentials[0].value == "00" + house.tag);
  BOOST_TEST(added.credentials[1].value == "4711" + house.tag);

  BOOST_CHECK_EXCEPTION(app::add_credential(work(), house.guest, {CredentialKind::card, "4711" + house.tag}), Error,
                        says(Errc::conflict, "Emma"));
  app::add_credential(work(), house.guest, {CredentialKind::employee_no, "4711" + house.tag});
  BOOST_TEST(app::get_guest(work(), house.guest).credentials.size() == 1);
  BOOST_CHECK_EXCEPTION(app::add_credential(work(), GuestId{987654}, {CredentialKind::card, "1"}), Error,
                        says(Errc::not_found, "guest 987654"));
  BOOST_CHECK_EXCEPTION(app::add_credential(work(), house.guest, {CredentialKind::card, ""}), Error,
                        says(Errc::usage, "the card number"));
}

BOOST_AUTO_TEST_SUITE_END()
