#include "support/program.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace visitor::bench {

std::filesystem::path postgresql_program(const std::string& name) {
  std::filesystem::path newest;
  for (const auto& entry : std::filesystem::directory_iterator{"/usr/lib/postgresql"}) {
    auto candidate = entry.path() / "bin" / name;
    if (std::filesystem::exists(candidate) && candidate > newest) newest = std::move(candidate);
  }
  if (newest.empty()) throw Error(Errc::failed, fmt::format("there is no {} in /usr/lib/postgresql/*/bin", name));
  return newest;
}

namespace detail {

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

}  // namespace detail
}  // namespace visitor::bench
