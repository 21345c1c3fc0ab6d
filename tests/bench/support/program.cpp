#include "support/program.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace visitor::bench::detail {

int wrong_use(std::string_view usage) {
  fmt::print(stderr, "{}", usage);
  return info(Errc::usage).exit_status;
}

int guarded(std::string_view name, const std::function<int()>& work) {
  try {
    return work();
  } catch (const Error& error) {
    fmt::print(stderr, "{}: {}\n{}\n", name, error.message(), error.hint());
    return info(error.code()).exit_status;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", name, error.what());
    return info(Errc::failed).exit_status;
  }
}

}  // namespace visitor::bench::detail
