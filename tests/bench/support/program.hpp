#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace visitor::bench {

namespace detail {
int wrong_use(std::string_view usage);
int guarded(std::string_view name, const std::function<int()>& work);
}  // namespace detail

/// main() of a bench: \p read makes options of the words, or nothing, which prints \p usage; \p work is called with
/// them. \returns what \p work returns; 2 after wrong use; where it throws, the status of the error after a line on
/// standard
///          error that begins with \p name
template <class Read, class Work>
int run_program(std::string_view name, std::string_view usage, int argc, char** argv, const Read& read,
                const Work& work) {
  const auto options = read(argc, argv);
  if (!options) return detail::wrong_use(usage);
  return detail::guarded(name, [&] { return work(*options); });
}

/// A program of the newest PostgreSQL that is installed: what is found in PATH may be Debian's script around it.
/// \throws Error failed  there is none
std::filesystem::path postgresql_program(const std::string& name);

}  // namespace visitor::bench
