#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "app/registry.hpp"
#include "app/visits.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;

namespace {

struct EditsFixture : AtWork {
  app::GuestDetails a_guest(const std::string& name, const std::string& phone = {}) {
    app::NewGuest guest;
    guest.name = name;
    guest.site = house.site;
    guest.phone = phone;
    return app::add_guest(work(), vault, guest);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(edits_of_records, EditsFixture)

BOOST_AUTO_TEST_CASE(only_the_named_fields_change_and_the_audit_says_how) {
  const auto before = app::resolve_site(work(), fmt::format("{}", house.site));
  app::SiteEdit wanted;
  wanted.name = " Headquarters " + house.tag;
  const auto after = app::edit_site(work(), house.site, wanted);
  BOOST_TEST(after.name == "Headquarters " + house.tag);
  BOOST_TEST(after.time_zone == before.time_zone);
  BOOST_TEST((after.days_off == before.days_off));
  BOOST_TEST(after.version == before.version + 1);
  BOOST_TEST(app::resolve_site(work(), fmt::format("{}", house.site)).version == after.version);

  app::AuditFilter filter;
  filter.topic = "site";
  filter.entity = house.site.value;
  const auto audit = app::list_audit(work(), filter);
  BOOST_REQUIRE(audit.size() == 1);
  BOOST_TEST(audit[0].details.find("Site " + house.tag) != std::string::npos);
  BOOST_TEST(audit[0].details.find("time_zone") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_edit_that_makes_no_difference_leaves_no_trace) {
  app::DepartmentEdit wanted;
  wanted.name = "Finance " + house.tag;
  wanted.director = "";
  BOOST_TEST(app::edit_department(work(), house.department, wanted).version == 1);
  BOOST_TEST(audited("department", house.department).empty());
}

BOOST_AUTO_TEST_CASE(losing_a_race_says_who_changed_what_and_when) {
  app::DepartmentEdit first;
  first.director = "Anna";
  app::edit_department(work("08:30"), house.department, first, 1);
  first.director = "Boris";
  BOOST_CHECK_EXCEPTION(app::edit_department(work("08:31"), house.department, first, 1), Error,
                        says(Errc::conflict, "reception changed director from '' to 'Anna' at"));
  BOOST_CHECK_EXCEPTION(app::edit_department(work("08:31"), house.department, first, 7), Error,
                        says(Errc::conflict, "has version 2, not 7"));
  BOOST_TEST(app::edit_department(work("08:31"), house.department, first, 2).director == "Boris");
}

BOOST_AUTO_TEST_CASE(a_name_that_another_has_is_refused_with_its_number) {
  const auto other = app::add_site(work(), {"Other " + house.tag, "UTC", "", {}});
  app::SiteEdit site;
  site.name = "other " + house.tag;
  BOOST_CHECK_EXCEPTION(app::edit_site(work(), house.site, site), Error,
                        says(Errc::conflict, fmt::format("{}", other.id)));
  const auto sales = app::add_department(work(), {house.site, "Sales", ""});
  app::DepartmentEdit department;
  department.name = "SALES";
  BOOST_CHECK_EXCEPTION(app::edit_department(work(), house.department, department), Error,
                        says(Errc::conflict, fmt::format("{}", sales.id)));
  department.name = "SALES";
  BOOST_TEST(app::edit_department(work(), sales.id, department).name == "SALES");
}

BOOST_AUTO_TEST_CASE(wrong_fields_are_refused_and_unknown_things_are_not_found) {
  app::SiteEdit site;
  site.name = "";
  BOOST_CHECK_EXCEPTION(app::edit_site(work(), house.site, site), Error, says(Errc::usage, "the name of a site"));
  site.name.reset();
  site.time_zone = "Mars/Base";
  BOOST_CHECK_EXCEPTION(app::edit_site(work(), house.site, site), Error, says(Errc::usage, "Mars/Base"));
  app::HostEdit host;
  host.department = DepartmentId{987654};
  BOOST_CHECK_EXCEPTION(app::edit_host(work(), house.host, host), Error, says(Errc::not_found, "department 987654"));
  BOOST_CHECK_EXCEPTION(app::edit_host(work(), HostId{987654}, {}), Error, says(Errc::not_found, "host 987654"));
  BOOST_CHECK_EXCEPTION(app::edit_site(work(), SiteId{987654}, {}), Error, says(Errc::not_found, "site 987654"));
}

BOOST_AUTO_TEST_CASE(a_host_moves_to_another_department_and_a_phone_takes_the_code_of_its_site) {
  const auto sales = app::add_department(work(), {house.site, "Sales", ""});
  app::HostEdit wanted;
  wanted.department = sales.id;
  wanted.phone = "8 701 123 45 67";
  const auto host = app::edit_host(work(), house.host, wanted);
  BOOST_TEST(host.department.value == sales.id.value);
  BOOST_TEST(host.phone == "+77011234567");
  wanted.phone = "";
  BOOST_TEST(app::edit_host(work(), house.host, wanted).phone.empty());
}

BOOST_AUTO_TEST_CASE(another_time_zone_folds_the_live_visits_again) {
  given_visit(tx, house);
  app::SiteEdit wanted;
  wanted.time_zone = "Asia/Almaty";
  BOOST_TEST(app::edit_site(work(), house.site, wanted).time_zone == "Asia/Almaty");
}

BOOST_AUTO_TEST_CASE(what_is_in_use_is_not_removed_and_the_message_says_by_what) {
  given_visit(tx, house);
  BOOST_CHECK_EXCEPTION(app::remove_site(work(), house.site), Error,
                        says(Errc::conflict, "1 department, 1 terminal, 1 visit"));
  try {
    app::remove_site(work(), house.site);
    BOOST_FAIL("removed");
  } catch (const Error& error) {
    BOOST_TEST(error.hint().find(fmt::format("'visitorctl visit list --site {}'", house.site)) != std::string::npos);
  }
  BOOST_CHECK_EXCEPTION(app::remove_department(work(), house.department), Error,
                        says(Errc::conflict, "1 host, 1 visit"));
  BOOST_CHECK_EXCEPTION(app::remove_host(work(), house.host), Error, says(Errc::conflict, "1 visit"));
  BOOST_CHECK_EXCEPTION(app::remove_guest(work(), house.guest), Error, says(Errc::conflict, "1 visit"));
}

BOOST_AUTO_TEST_CASE(a_guest_whose_passages_are_stored_is_in_use) {
  given_passage(tx, house, 1, today_at("08:10"), domain::Direction::entry);
  BOOST_CHECK_EXCEPTION(app::remove_guest(work(), house.guest), Error, says(Errc::conflict, "1 event"));
}

BOOST_AUTO_TEST_CASE(what_nothing_refers_to_goes_and_its_audit_stays) {
  const auto site = app::add_site(work(), {"Empty " + house.tag, "UTC", "", {}});
  const auto department = app::add_department(work(), {site.id, "Sales", ""});
  const auto host = app::add_host(work(), {department.id, "Hugo", "", "", ""});
  const auto guest = a_guest("Gone");
  app::add_credential(work(), guest.guest.id, {domain::CredentialKind::card, "gone" + house.tag});

  app::remove_guest(work(), guest.guest.id);
  app::remove_host(work(), host.id);
  app::remove_department(work(), department.id);
  app::remove_site(work(), site.id);
  BOOST_CHECK_EXCEPTION(app::get_guest(work(), guest.guest.id), Error, says(Errc::not_found, "guest"));
  const std::vector<std::string> expected{"create", "delete"};
  BOOST_TEST(audited("site", site.id) == expected);
  BOOST_TEST(audited("department", department.id) == expected);
  BOOST_TEST(audited("host", host.id) == expected);
  BOOST_TEST(audited("guest", guest.guest.id) == expected);
  BOOST_CHECK_EXCEPTION(app::remove_site(work(), site.id), Error, says(Errc::not_found, "site"));
}

BOOST_AUTO_TEST_CASE(a_guests_contact_and_document_stay_those_of_one_guest) {
  const auto first = a_guest("Carl", "+77011234567").guest;
  const auto second = a_guest("Carla").guest;
  app::GuestEdit wanted;
  wanted.phone = "+7 701 123 45 67";
  BOOST_CHECK_EXCEPTION(app::edit_guest(work(), vault, second.id, wanted), Error,
                        says(Errc::conflict, fmt::format("guest {} (Carl)", first.id)));
  wanted.allow_same_contact = true;
  BOOST_TEST(app::edit_guest(work(), vault, second.id, wanted).guest.phone == "+77011234567");
  wanted = {};
  wanted.company = "Nomad";
  BOOST_TEST(app::edit_guest(work(), vault, second.id, wanted).guest.company == "Nomad");

  wanted = {};
  wanted.document = Secret{"850101300123"};
  BOOST_TEST(app::edit_guest(work(), vault, first.id, wanted).guest.document_tail == "0123");
  BOOST_CHECK_EXCEPTION(app::edit_guest(work(), vault, second.id, wanted), Error, says(Errc::conflict, "Carl"));
  wanted.document = Secret{};
  BOOST_TEST(app::edit_guest(work(), vault, first.id, wanted).guest.document_tail.empty());
  BOOST_TEST(!app::find_guest_by_document(work(), vault, Secret{"850101300123"}));
  app::AuditFilter filter;
  filter.topic = "guest";
  filter.entity = first.id.value;
  for (const auto& record : app::list_audit(work(), filter))
    BOOST_TEST(record.details.find("850101300123") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_blocked_guest_is_not_registered_until_unblocked) {
  app::NewVisit visit;
  visit.guest = house.guest;
  visit.host = house.host;
  const auto blocked = app::block_guest(work(), house.guest, "stole a chair");
  BOOST_TEST(*blocked.guest.blocked_reason == "stole a chair");
  BOOST_CHECK_EXCEPTION(app::create_visit(work(), visit), Error, says(Errc::conflict, "stole a chair"));
  BOOST_CHECK_EXCEPTION(app::block_guest(work(), house.guest, "again"), Error, says(Errc::conflict, "stole a chair"));
  BOOST_CHECK_EXCEPTION(app::block_guest(work(), house.guest, " "), Error, says(Errc::usage, "the reason"));
  BOOST_TEST(!app::unblock_guest(work(), house.guest).guest.blocked_reason);
  BOOST_CHECK_NO_THROW(app::create_visit(work(), visit));
  BOOST_CHECK_EXCEPTION(app::unblock_guest(work(), house.guest), Error, says(Errc::conflict, "not blocked"));
  BOOST_TEST((audited("guest", house.guest) == std::vector<std::string>{"update", "update"}));
}

BOOST_AUTO_TEST_CASE(guests_are_found_by_parts_of_words_in_any_case_and_script) {
  auto given = a_guest("Алёна Петрова-" + house.tag);
  app::GuestEdit more;
  more.company = "Nomad 100% LLP";
  more.email = "alena@" + house.tag + ".example";
  more.phone = "8 701 765 43 21";
  more.site = house.site;
  more.document = Secret{"N12 345 678"};
  app::edit_guest(work(), vault, given.guest.id, more);
  const auto found = [&](std::string_view text) {
    for (const auto& one : app::search_guests(work(), vault, text, 100))
      if (one.id == given.guest.id) return true;
    return false;
  };
  for (const auto* text : {"алена", "АЛЁНА", "петр", "Nomad ПЕТРОВА", "llp алён", "100%", "8 701 765-43-21",
                           "+7 (701) 765 43 21", "7017654321", "0077017654321", "n12-345-678", "N12345678", "а"})
    BOOST_TEST(found(text), text);
  BOOST_TEST(found("ALENA@" + house.tag));
  for (const auto* text : {"алена иванова", "8 701 43 21 765", "N1234567", "100_", "8 702 765-43-21", "%"}) {
    const bool expected = std::string_view{text} == "%";
    BOOST_TEST(found(text) == expected, text);
  }
  BOOST_CHECK_EXCEPTION(app::search_guests(work(), vault, " ", 10), Error, says(Errc::usage, "searched"));
  BOOST_TEST(app::search_guests(work(), vault, "а", 1).size() == 1);
}

BOOST_AUTO_TEST_CASE(a_new_guest_of_the_same_name_or_contact_is_likely_a_duplicate) {
  const auto first = a_guest("Иван " + house.tag).guest;
  const auto second = a_guest("ИВАН " + house.tag).guest;
  const auto likely = app::likely_duplicates(work(), second);
  BOOST_REQUIRE(likely.size() == 1);
  BOOST_TEST(likely[0].id.value == first.id.value);
  BOOST_TEST(app::likely_duplicates(work(), a_guest("Nobody else " + house.tag).guest).empty());
}

BOOST_AUTO_TEST_CASE(the_database_keeps_versions_from_being_skipped) {
  BOOST_CHECK_THROW(tx.savepoint([&] { tx.exec("UPDATE guest SET name = 'x' WHERE id = $1", house.guest); }), Error);
  BOOST_CHECK_THROW(tx.savepoint([&] { tx.exec("UPDATE site SET version = version + 2 WHERE id = $1", house.site); }),
                    Error);
}

BOOST_AUTO_TEST_SUITE_END()
