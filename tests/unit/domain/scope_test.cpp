#include "domain/scope.hpp"

#include <boost/test/unit_test.hpp>

using namespace visitor;
using domain::Permission;
using domain::Principal;
using domain::Scope;

BOOST_AUTO_TEST_SUITE(scope)

BOOST_AUTO_TEST_CASE(everything_holds_also_what_belongs_to_nobody) {
  BOOST_TEST(Scope::everything().holds({}));
  BOOST_TEST(Scope::everything().holds(SiteId{7}));
}

BOOST_AUTO_TEST_CASE(a_scope_of_nothing_holds_nothing) {
  const auto nothing = Scope::of({}, {});
  BOOST_TEST(!nothing.is_everything());
  BOOST_TEST(!nothing.holds({}));
  BOOST_TEST(!nothing.holds(SiteId{1}, DepartmentId{1}, HostId{1}));
}

BOOST_AUTO_TEST_CASE(a_scope_holds_what_belongs_to_one_of_its_sites_departments_or_hosts) {
  const auto some = Scope::of({SiteId{3}, SiteId{1}, SiteId{3}}, {DepartmentId{5}}, {HostId{8}});
  BOOST_TEST(some.sites()->size() == 2U);
  BOOST_TEST(some.holds(SiteId{1}));
  BOOST_TEST(some.holds(SiteId{2}, DepartmentId{5}));
  BOOST_TEST(some.holds(SiteId{2}, DepartmentId{6}, HostId{8}));
  BOOST_TEST(!some.holds(SiteId{2}, DepartmentId{6}, HostId{9}));
  BOOST_TEST(!some.holds({}));
}

BOOST_AUTO_TEST_CASE(rights_to_one_permission_add_up) {
  const Principal principal{AccountId{1},
                            "aigul",
                            {{Permission::visit_view, Scope::of({SiteId{1}}, {})},
                             {Permission::visit_edit, Scope::of({SiteId{1}}, {})},
                             {Permission::visit_view, Scope::of({}, {DepartmentId{4}})},
                             {Permission::event_view, Scope::of({SiteId{1}}, {})},
                             {Permission::event_view, Scope::everything()}},
                            false};

  BOOST_CHECK(principal.scope_for(Permission::visit_view) == Scope::of({SiteId{1}}, {DepartmentId{4}}));
  BOOST_CHECK(principal.scope_for(Permission::visit_edit) == Scope::of({SiteId{1}}, {}));
  BOOST_CHECK(principal.scope_for(Permission::event_view) == Scope::everything());
  BOOST_TEST(!principal.may(Permission::visit_cancel));
}

BOOST_AUTO_TEST_CASE(a_key_has_no_more_than_its_list_and_no_more_than_its_owner) {
  const Principal owner{
      AccountId{1},
      "aigul",
      {{Permission::visit_view, Scope::of({SiteId{1}}, {})}, {Permission::visit_edit, Scope::everything()}},
      true};
  const Permission listed[] = {Permission::visit_view, Permission::visit_cancel};

  const auto key = owner.limited_to(listed);

  BOOST_CHECK(key.scope_for(Permission::visit_view) == Scope::of({SiteId{1}}, {}));
  BOOST_TEST(!key.may(Permission::visit_edit));
  BOOST_TEST(!key.may(Permission::visit_cancel));
  BOOST_TEST(key.requires_second_factor());
}

BOOST_AUTO_TEST_SUITE_END()
