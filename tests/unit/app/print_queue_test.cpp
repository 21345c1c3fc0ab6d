#include "app/print_queue.hpp"

#include <boost/test/unit_test.hpp>

using namespace visitor;
using app::parse_print_fate;
using domain::BadgeState;

namespace {

// As lpstat of CUPS 2.4 writes it: lpstat.c, show_jobs().
constexpr auto kListing =
    "DESK-1                  anna              1024   Mon 23 Nov 2026 10:00:00\n"
    "\tStatus: \n"
    "\tAlerts: job-completed-successfully\n"
    "\tqueued for DESK\n"
    "DESK-11                 anna              1024   Mon 23 Nov 2026 10:01:00\n"
    "\tAlerts: job-canceled-by-user\n"
    "\tqueued for DESK\n"
    "DESK-12                 anna              1024   Mon 23 Nov 2026 10:02:00\n"
    "\tStatus: Alerts: job-completed-successfully\n"
    "\tAlerts: printer-stopped\n"
    "\tqueued for DESK\n"
    "DESK-13                 anna              1024   Mon 23 Nov 2026 10:02:00\n"
    "\tAlerts: aborted-by-system\n";

}  // namespace

BOOST_AUTO_TEST_CASE(a_job_is_done_when_its_own_alerts_say_so) {
  BOOST_TEST((parse_print_fate(kListing, "DESK-1")->state == BadgeState::completed));
  BOOST_TEST((parse_print_fate(kListing, "DESK-11")->state == BadgeState::failed));
  BOOST_TEST(parse_print_fate(kListing, "DESK-11")->problem == "the queue says: job-canceled-by-user");
  BOOST_TEST((parse_print_fate(kListing, "DESK-12")->state == BadgeState::sent));
  BOOST_TEST((parse_print_fate(kListing, "DESK-13")->state == BadgeState::failed));
}

BOOST_AUTO_TEST_CASE(a_job_that_is_not_listed_is_not_known) {
  BOOST_TEST(!parse_print_fate(kListing, "DESK-2").has_value());
  BOOST_TEST(!parse_print_fate("", "DESK-1").has_value());
  BOOST_TEST(!parse_print_fate("\tAlerts: job-completed-successfully\n", "DESK-1").has_value());
}
