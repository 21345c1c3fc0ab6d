#include "app/groups.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "app/incidents.hpp"
#include "app/registry.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;

namespace {

struct GroupFixture : AtWork {
  GroupFixture() {
    defaults.host = "Hana Host " + house.tag;
    defaults.from = "2026-09-01T09:00Z";
    defaults.until = "2026-09-01T12:00Z";
  }

  app::GroupDefaults defaults;

  app::Group register_all(const std::string& table) { return app::create_group(work(), vault, table, defaults); }

  domain::Guest a_guest(const std::string& name, const std::string& phone = {}, const std::string& document = {}) {
    app::NewGuest guest;
    guest.name = name;
    guest.site = house.site;
    guest.phone = phone;
    guest.document = Secret{document};
    return app::add_guest(work(), vault, guest).guest;
  }

  /// "2: phone: why", one for each problem.
  std::vector<std::string> problems(const std::string& table) {
    std::vector<std::string> texts;
    for (const auto& one : register_all(table).problems)
      texts.push_back(fmt::format("{}: {}: {}", one.line, one.column, one.message));
    return texts;
  }
  void one_problem(const std::string& table, const std::string& text) {
    const auto all = problems(table);
    BOOST_REQUIRE_EQUAL(all.size(), 1);
    BOOST_TEST(all[0].find(text) != std::string::npos, all[0]);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(delegations, GroupFixture)

BOOST_AUTO_TEST_CASE(each_line_becomes_a_visit_and_new_guests_are_added) {
  const auto group = register_all(
      "\xEF\xBB\xBFName;Company;Phone;Employee_No;from;purpose\r\n"
      "\"Ann; the first\";Acme;8 701 000 00 01;E1" +
      house.tag +
      ";;interview\r\n"
      "Борис;Acme;+7 701 000 00 02;;2026-09-01T10:00Z;\r\n");
  BOOST_TEST(group.problems.empty());
  BOOST_REQUIRE(group.visits.size() == 2);
  BOOST_TEST(group.new_guests.size() == 2);
  const auto& ann = group.visits[0];
  BOOST_TEST(ann.guest_name == "Ann; the first");
  BOOST_TEST(ann.guest_company == "Acme");
  BOOST_TEST(ann.host_name == "Hana Host " + house.tag);
  BOOST_TEST(ann.visit.expected_from == today_at("09:00"));
  BOOST_TEST((ann.visit.purpose == domain::Purpose::interview));
  BOOST_TEST(group.visits[1].visit.expected_from == today_at("10:00"));
  const auto details = app::get_guest(work(), ann.visit.guest);
  BOOST_TEST(details.guest.phone == "+77010000001");
  BOOST_TEST(details.credentials.at(0).value == "E1" + house.tag);
}

BOOST_AUTO_TEST_CASE(type_contact_and_consent_come_from_the_line_or_from_the_options) {
  defaults.kind = domain::VisitKind::student;
  defaults.contact_phone = "+77010000009";
  defaults.consent = true;
  const auto group = register_all("name,type,contact_phone,consent\nAnn,,,\nBob,Delivery,8 701 000 00 01,no\n");
  BOOST_TEST(group.problems.empty());
  BOOST_REQUIRE(group.visits.size() == 2);
  const auto& ann = group.visits[0].visit;
  BOOST_TEST((ann.kind == domain::VisitKind::student));
  BOOST_TEST(ann.contact_phone == "+77010000009");
  BOOST_TEST(ann.consent_at.has_value());
  const auto& bob = group.visits[1].visit;
  BOOST_TEST((bob.kind == domain::VisitKind::delivery));
  BOOST_TEST(bob.contact_phone == "+77010000001");
  BOOST_TEST(!bob.consent_at.has_value());

  one_problem("name,type\nAnn,visitor\n", "2: type: 'visitor' is no type of visits");
  one_problem("name,consent\nAnn,perhaps\n", "2: consent: 'perhaps' is neither yes nor no");
  one_problem("name,contact_phone\nAnn,perhaps\n", "2: contact_phone: ");
}

BOOST_AUTO_TEST_CASE(known_guests_are_found_by_number_document_or_name_and_contact) {
  const auto by_document = a_guest("Dora", "", "850101300123");
  const auto by_contact = a_guest("Carl", "+77011234567");
  const auto group = register_all(
      fmt::format("guest,document,name,phone\n{},,,\n,850101 300-123,,\n,,CARL,8 701 123 45 67\n", house.guest));
  BOOST_TEST(group.problems.empty());
  BOOST_REQUIRE(group.visits.size() == 3);
  BOOST_TEST(group.new_guests.empty());
  BOOST_TEST(group.visits[0].visit.guest.value == house.guest.value);
  BOOST_TEST(group.visits[1].visit.guest.value == by_document.id.value);
  BOOST_TEST(group.visits[2].visit.guest.value == by_contact.id.value);
}

BOOST_AUTO_TEST_CASE(an_equal_name_alone_finds_nobody) {
  const auto group = register_all("name\nGina Guest " + house.tag + "\n");
  BOOST_REQUIRE(group.visits.size() == 1);
  BOOST_TEST(group.visits[0].visit.guest.value != house.guest.value);
}

BOOST_AUTO_TEST_CASE(every_bad_line_is_told_with_its_column) {
  const auto carl = a_guest("Carl", "+77011234567");
  const auto blocked = a_guest("Bert");
  app::block_guest(work(), blocked.id, "stole a chair");
  const auto all =
      problems(fmt::format("guest,name,phone,email,host,from,until,purpose\n"
                           "987654,,,,,,,\n"
                           "{},,,,,,,\n"
                           ",Carla,87011234567,,,,,\n"
                           ",,,,,,,INTERVIEW\n"
                           ",Eve,12x,not mail,Nobody,yesterdays,,dancing\n"
                           ",Fay,,,,2026-09-01T13:00Z,,\n"
                           "{},Somebody else,,,,,,\n"
                           ",Good,,,,,,\n"
                           ",Ida,87011234568,,Nobody,,,\n",
                           blocked.id, house.guest));
  std::vector<std::string> starts;
  for (const auto& one : all) starts.push_back(one.substr(0, one.find(':', one.find(':') + 1)));
  const std::vector<std::string> expected{"2: guest",   "3: guest", "4: phone", "5: name",  "6: host",  "6: from",
                                          "6: purpose", "6: email", "6: phone", "7: until", "8: guest", "10: host"};
  BOOST_TEST(starts == expected, boost::test_tools::per_element());
  BOOST_TEST(all[1].find("stole a chair") != std::string::npos);
  BOOST_TEST(all[2].find(fmt::format("guest {} (Carl)", carl.id)) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(where_nothing_says_the_site_that_is_the_problem_and_times_are_looked_at_all_the_same) {
  test::House::build(tx);
  defaults.host.clear();
  const auto all = problems("name,from,until\nAnn,,\nBob,never,12:00\n");
  BOOST_REQUIRE_EQUAL(all.size(), 3);
  BOOST_TEST(all[0].starts_with("2: site: there are "), all[0]);
  BOOST_TEST(all[1].starts_with("3: site: there are "), all[1]);
  BOOST_TEST(all[2].starts_with("3: from: "), all[2]);
}

BOOST_AUTO_TEST_CASE(a_blocked_guest_is_a_bad_line_and_a_refusal_to_be_recorded_once) {
  const auto blocked = a_guest("Bert", "+77011234567");
  app::block_guest(work(), blocked.id, "stole a chair");
  const auto group = register_all(fmt::format(
      "guest,name,phone,host\n{0},,,\n,Bert,87011234567,\n{0},,,Nobody\n{1},,,\n", blocked.id, house.guest));
  BOOST_TEST(group.problems.size() == 4);  // that of the line with Nobody is two
  BOOST_REQUIRE_EQUAL(group.refusals.size(), 1);
  BOOST_TEST(group.refusals[0].guest().value == blocked.id.value);
  BOOST_TEST(group.refusals[0].site().value == house.site.value);

  app::record_refusal(work(), group.refusals[0]);
  app::IncidentFilter filter;
  filter.guest = blocked.id;
  const auto incidents = app::list_incidents(work(), filter);
  BOOST_REQUIRE_EQUAL(incidents.size(), 1);
  BOOST_TEST((incidents[0].incident.type == domain::IncidentType::blocked_guest));
  BOOST_TEST(incidents[0].incident.seen_count == 1);
}

BOOST_AUTO_TEST_CASE(one_guest_comes_once) {
  one_problem(fmt::format("guest\n{}\n{}\n", house.guest, house.guest), "3: guest: this is guest");
  one_problem("name,document\nAnn,N1234567\nAnn,n 123-4567\n", "3: document: this is guest");
}

BOOST_AUTO_TEST_CASE(colleagues_may_share_a_contact_where_that_is_meant) {
  const std::string table = "name,phone\nAnn,+77010000001\nBob,+77010000001\n";
  one_problem(table, "3: phone: this is that of guest");
  defaults.allow_same_contact = true;
  const auto group = register_all("name,phone\nCat,+77010000009\nDan,+77010000009\n");
  BOOST_TEST(group.problems.empty());
  BOOST_TEST(group.new_guests.size() == 2);
}

BOOST_AUTO_TEST_CASE(a_document_without_a_name_must_be_known) {
  one_problem("document\nN7654321\n", "2: name: nobody has this document");
  one_problem("document\n123\n", "2: document: this is no document number");
}

BOOST_AUTO_TEST_CASE(a_credential_of_somebody_else_is_a_problem_of_its_column) {
  app::add_credential(work(), house.guest, {domain::CredentialKind::card, "4711" + house.tag});
  one_problem("name,card\nAnn,4711" + house.tag + "\n", "2: card: card '4711");
}

BOOST_AUTO_TEST_CASE(a_host_of_the_line_brings_its_own_department) {
  const auto sales = app::add_department(work(), {house.site, "Sales " + house.tag, ""});
  app::add_host(work(), {sales.id, "Hugo " + house.tag, "", "", ""});
  defaults.host.clear();
  defaults.department = "Finance " + house.tag;
  const auto group = register_all("name,host\nAnn,Hugo " + house.tag + "\nBob,\n");
  BOOST_TEST(group.problems.empty());
  BOOST_REQUIRE(group.visits.size() == 2);
  BOOST_TEST(group.visits[0].department_name == "Sales " + house.tag);
  BOOST_TEST(group.visits[1].department_name == "Finance " + house.tag);
}

BOOST_AUTO_TEST_CASE(a_table_that_is_wrong_as_a_whole_is_refused) {
  const auto refused = [&](const std::string& table, std::string_view why) {
    BOOST_CHECK_EXCEPTION(register_all(table), Error, says(Errc::usage, why));
  };
  refused("", "the table is empty");
  refused("name\n", "no line below");
  refused("nam\nAnn\n", "line 1: there is no column 'nam'");
  refused("name,Name\nAnn,Ann\n", "twice");
  refused("phone\n1\n", "who comes");
  refused("name\n\"Ann\n", "line 2: a quote is never closed");
  refused("name\n" + std::string(app::kGroupMostBytes, 'x'), "1 MiB");
  std::string many = "name\n";
  for (std::size_t i = 0; i <= app::kGroupMostVisits; ++i) many += "x\n";
  refused(many, "more than");
  one_problem("name\nAnn,surplus\n", "2: : there are more fields than columns");
}

BOOST_AUTO_TEST_SUITE_END()
