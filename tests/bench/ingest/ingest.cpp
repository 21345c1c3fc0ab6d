// Events per second from a decoded page to its commit (store, fold, rules, audit, change rows, cursor), beside COPY of
// the same rows into the same table, on a throw-away cluster that keeps every durable setting.

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/house.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/words.hpp"
#include "support/world.hpp"

using namespace visitor;
using Wall = std::chrono::steady_clock;

namespace {

constexpr auto kUsage = R"(Usage: bench_ingest [--rounds N] [--json] [--only SIZE]
Prints events per second of ingest_page and of COPY, and their ratio, for pages of 30, 500 and 5,000 events, with one
pass in ten being a guest's, and with all.
  --rounds N   measurements of each, the median counts (default 5)
  --only SIZE  this page size only
  --json       one JSON object instead of the table
)";

struct Options {
  int rounds = 5;
  int only = 0;
  bool json = false;
};

/// Pages of one measurement: enough that a stall of the disk does not decide it.
struct Shape {
  int size;
  int pages;
};
constexpr Shape kShapes[] = {{30, 120}, {500, 12}, {5000, 2}};
/// A day at a door where one pass in ten is a guest's, and the worst: every pass changes a visit.
constexpr int kGuestPercents[] = {10, 100};

double rate(int events, Wall::duration took) {
  return events / std::chrono::duration<double>(took).count();
}

struct Measured {
  Shape shape;
  int guest_percent = 100;
  std::vector<double> ingest, copy;
};

void measure(db::Pool& pool, bench::World& world, Measured& measured, bool copy_first) {
  const auto pages = world.next_pages(measured.shape.pages, measured.shape.size, measured.guest_percent);
  std::vector<std::string> texts;
  for (const auto& page : pages) texts.push_back(world.copy_text(page));
  const int events = measured.shape.pages * measured.shape.size;

  const auto copy = [&] {
    const auto start = Wall::now();
    for (const auto& text : texts) {
      db::Transaction tx{pool};
      auto writer = tx.copy_in(bench::World::kCopy);
      writer.raw(text);
      writer.finish();
      tx.commit();
    }
    measured.copy.push_back(rate(events, Wall::now() - start));
  };
  const auto ingest = [&] {
    const auto start = Wall::now();
    world.ingest(pages);
    measured.ingest.push_back(rate(events, Wall::now() - start));
  };
  // Each begins with nothing left to write, and pays for its own first touch of every page.
  db::Connection admin{pool.options().connection};
  for (const bool second : {false, true}) {
    admin.script("CHECKPOINT");
    if (copy_first != second)
      copy();
    else
      ingest();
  }
}

std::vector<bench::Figure> figures(const std::vector<Measured>& all) {
  std::vector<bench::Figure> figures;
  for (const auto& one : all) {
    bench::Figure figure;
    figure.name = fmt::format("pages of {}, {} of 100 passes a guest's", one.shape.size, one.guest_percent);
    figure.value = bench::median(one.ingest);
    figure.baseline = bench::median(one.copy);
    figure.unit = "events/s";
    figure.baseline_is = "COPY of the same rows";
    // A guest's every pass is the worst that there is; the goal is for it as well.
    if (one.shape.size != 500) figure.goal = bench::ratio_at_least(one.shape.size == 30 ? 1.0 / 3 : 0.5);
    figures.push_back(figure);
  }
  return figures;
}

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  const bool good = bench::read_words(
      argc, argv, {{"--json", &options.json}, {"--rounds", &options.rounds}, {"--only", &options.only}});
  if (!good) return std::nullopt;
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program("bench_ingest", kUsage, argc, argv, parse, [](const Options& options) {
    bench::House house;
    bench::World world{house.pool(), house.now()};
    std::vector<Measured> all;
    for (const auto percent : kGuestPercents)
      for (const auto& shape : kShapes)
        if (options.only == 0 || options.only == shape.size) all.push_back({shape, percent, {}, {}});
    Measured warm_up{{30, 20}, 100, {}, {}};
    measure(house.pool(), world, warm_up, true);
    for (int round = 0; round < options.rounds; ++round)
      for (auto& one : all) measure(house.pool(), world, one, round % 2 == 0);
    bench::print("ingest", figures(all), options.json);
    return 0;
  });
}
