#include <boost/test/unit_test.hpp>

#include "auth/principals.hpp"
#include "store/accounts.hpp"
#include "support/database.hpp"
#include "support/house.hpp"

using namespace visitor;
using domain::Permission;
using domain::Scope;

namespace {

struct WithHouse : test::RolledBack {
  test::House house = test::House::build(tx);

  void given_grant(const std::string& role, std::optional<SiteId> site = {},
                   std::optional<DepartmentId> department = {}, std::optional<HostId> host = {}) {
    tx.exec(R"sql(
        INSERT INTO role_grant (account_id, role_id, site_id, department_id, host_id, granted_at)
        SELECT $1, id, $3, $4, $5, now() FROM role WHERE name = $2)sql",
            house.account, role, site, department, host);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(principals, WithHouse)

BOOST_AUTO_TEST_CASE(the_database_knows_every_permission_and_the_administrator_has_all_of_them) {
  given_grant("administrator");

  const auto principal = auth::find_principal(tx, house.account);

  BOOST_REQUIRE(principal.has_value());
  BOOST_TEST(principal->requires_second_factor());
  BOOST_TEST(principal->rights().size() == domain::names<Permission>().size());
  for (const auto& right : principal->rights()) BOOST_TEST(right.scope.is_everything());
  BOOST_CHECK_THROW(tx.savepoint([&] {
    tx.exec("INSERT INTO role_permission (role_id, permission) SELECT id, 'visit.levitate' FROM role");
  }),
                    Error);
}

BOOST_AUTO_TEST_CASE(an_account_without_a_role_may_nothing) {
  const auto principal = auth::find_principal(tx, house.account);

  BOOST_REQUIRE(principal.has_value());
  BOOST_TEST(principal->rights().empty());
  BOOST_TEST(!principal->requires_second_factor());
}

BOOST_AUTO_TEST_CASE(a_grant_binds_a_role_to_a_site_a_department_or_a_host) {
  given_grant("reception", house.site);
  given_grant("manager", {}, house.department);
  given_grant("host", {}, {}, house.host);

  const auto principal = auth::find_principal(tx, house.account);

  BOOST_REQUIRE(principal.has_value());
  BOOST_CHECK(principal->scope_for(Permission::visit_view) ==
              Scope::of({house.site}, {house.department}, {house.host}));
  BOOST_CHECK(principal->scope_for(Permission::visit_check_in) == Scope::of({house.site}, {}));
  BOOST_CHECK(principal->scope_for(Permission::report_export) == Scope::of({}, {house.department}));
  BOOST_TEST(!principal->may(Permission::incident_settle));
}

BOOST_AUTO_TEST_CASE(the_auditor_reads_all_and_changes_nothing) {
  given_grant("auditor");

  const auto principal = auth::find_principal(tx, house.account);

  BOOST_REQUIRE(principal.has_value());
  for (const auto& row : domain::names<Permission>()) {
    const bool reads = row.name.ends_with(".view") || row.name.ends_with(".export");
    BOOST_TEST(principal->may(row.value) == reads, row.name);
  }
}

BOOST_AUTO_TEST_CASE(whoever_is_disabled_unknown_or_the_daemon_is_nobody) {
  const auto daemon = store::Accounts{tx}.ensure("daemon-" + house.tag, true, test::today_at("08:00"));
  tx.exec("UPDATE account SET disabled_at = now() WHERE id = $1", house.account);

  BOOST_TEST(!auth::find_principal(tx, house.account).has_value());
  BOOST_TEST(!auth::find_principal(tx, daemon.id).has_value());
  BOOST_TEST(!auth::find_principal(tx, AccountId{0}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
