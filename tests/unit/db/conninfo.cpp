#include <boost/test/unit_test.hpp>

#include "db/connection.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using namespace visitor::db;

namespace {

void connect_to(std::string_view conninfo) {
  ConnectionOptions options;
  options.conninfo = Secret{conninfo};
  Connection{options};
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_connection_string_that_is_not_understood_is_not_repeated) {
  for (const auto* conninfo : {"postgresql://visitor:hunter2@/x@db/visitor", "postgresql://visitor:hun/ter2@db/visitor",
                               "host=db password=hunter2 x", "hunter2", "postgresql://visitor:ab@hunter2@db/visitor",
                               "postgresql://visitor:12/hunter2@db/visitor"})
    BOOST_CHECK_EXCEPTION(connect_to(conninfo), Error, [](const Error& error) {
      return error.code() == Errc::config && error.message().find("unter2") == std::string::npos &&
             error.message().find("ter2") == std::string::npos && !error.hint().empty();
    });
}

BOOST_AUTO_TEST_CASE(a_server_that_is_not_there_is_a_database_error_with_a_next_step) {
  BOOST_CHECK_EXCEPTION(connect_to("host=/nonexistent user=u dbname=d password=hunter2"), DatabaseError,
                        [](const DatabaseError& error) {
                          return error.code() == Errc::database && !error.hint().empty() &&
                                 error.message().find("/nonexistent") != std::string::npos &&
                                 error.message().find("hunter2") == std::string::npos;
                        });
}

BOOST_AUTO_TEST_CASE(several_hosts_are_tried_in_order_and_all_are_named) {
  BOOST_CHECK_EXCEPTION(connect_to("host=/nonexistent/a,/nonexistent/b user=u dbname=d"), DatabaseError,
                        [](const DatabaseError& error) {
                          return error.message().find("/nonexistent/a") != std::string::npos &&
                                 error.message().find("/nonexistent/b") != std::string::npos;
                        });
}
