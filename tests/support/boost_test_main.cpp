#define BOOST_TEST_MODULE visitor
#include <boost/test/unit_test.hpp>
