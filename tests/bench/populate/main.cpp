// visitor-populate: a database with a year in it, to try things on.

#include <fmt/format.h>

#include <map>
#include <string_view>

#include "app/instance.hpp"
#include "config/load.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "populate/populate.hpp"
#include "support/program.hpp"

using namespace visitor;

namespace {

constexpr auto kUsage = R"(Usage: visitor-populate --config FILE [options]
Fills the new installation of a visitor.toml with a year of visits, guests, events, incidents, audit and change rows:
ten events for each visit. Never for a database in use: it wants an empty one, and switches its durability off meanwhile.
  --config FILE       whose database; made where there is none
  --days N            working days, ending yesterday (250)
  --visits-a-day N    a multiple of 40 (2000); guests are a tenth of all visits
  --today N           visits on top of these, half of which are in the building (1000)
  --terminals N       (4)
)";

struct Options {
  std::string config;
  bench::Population size;
};

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  const std::map<std::string_view, int*> numbers{{"--days", &options.size.days},
                                                 {"--visits-a-day", &options.size.visits_a_day},
                                                 {"--today", &options.size.today},
                                                 {"--terminals", &options.size.terminals}};
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view word{argv[i]};
    if (word == "--config") {
      options.config = argv[i + 1];
      continue;
    }
    const auto number = numbers.find(word);
    const auto value = to_integer(argv[i + 1]);
    if (number == numbers.end() || !value || *value < 2 || *value > 100'000) return std::nullopt;
    *number->second = static_cast<int>(*value);
  }
  if (argc % 2 == 0 || options.config.empty() || options.size.visits_a_day % 40 != 0) return std::nullopt;
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program("visitor-populate", kUsage, argc, argv, parse, [](const Options& options) {
    auto reading = config::read(options.config);
    if (!reading.problems.empty()) throw Error(Errc::config, config::to_text(reading.problems.front()));
    app::Instance instance{std::move(reading.settings)};
    instance.initialise();
    bench::populate(instance.pool().options().connection, options.size, SystemClock{}.now(),
                    [](const std::string& what) { fmt::print("{}\n", what); });
    return 0;
  });
}
