#include "core/loaded_library.hpp"

#include <boost/test/unit_test.hpp>

#include "core/error.hpp"

using namespace visitor;

BOOST_AUTO_TEST_SUITE(loaded_library)

BOOST_AUTO_TEST_CASE(a_function_of_a_library_that_is_there_can_be_called) {
  const LoadedLibrary library{"libm.so.6", "arithmetic", "Install libc6."};
  BOOST_TEST(reinterpret_cast<double (*)(double)>(library.function("sqrt"))(9.0) == 3.0);
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_named_with_what_it_is_for_and_what_to_install) {
  const auto named = [](const Error& error) {
    return error.code() == Errc::config && error.message().starts_with("arithmetic cannot be used: ") &&
           error.hint() == "Install it.";
  };
  BOOST_CHECK_EXCEPTION((LoadedLibrary{"libnowhere.so.1", "arithmetic", "Install it."}), Error, named);
  const LoadedLibrary library{"libm.so.6", "arithmetic", "Install it."};
  BOOST_CHECK_EXCEPTION(library.function("no_such_function"), Error, named);
}

BOOST_AUTO_TEST_SUITE_END()
