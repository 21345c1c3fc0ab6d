// Events per second from a decoded page to its commit (store, fold, rules, audit, change rows, cursor), beside COPY of
// the same rows into the same table, on a throw-away cluster that keeps every durable setting.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/ingest.hpp"
#include "core/file.hpp"
#include "core/text.hpp"
#include "db/cluster.hpp"
#include "db/migrator.hpp"
#include "world.hpp"

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

class ThrowAwayCluster {
 public:
  ThrowAwayCluster() {
    std::string pattern = "/tmp/visitor-bench-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw Error(Errc::failed, "cannot make " + pattern);
    std::filesystem::permissions(pattern, std::filesystem::perms{0711});
    directory_ = pattern;
    db::ClusterOptions options;
    options.directory = directory_ / "db";
    cluster_ = std::make_unique<db::Cluster>(options);
    cluster_->start();
    db::PoolOptions pool;
    pool.connection.conninfo = cluster_->conninfo();
    db::Connection connection{pool.connection};
    db::Migrator{connection, db::embedded_migrations()}.migrate();
    pool_ = std::make_unique<db::Pool>(pool);
  }
  ThrowAwayCluster(const ThrowAwayCluster&) = delete;
  ThrowAwayCluster& operator=(const ThrowAwayCluster&) = delete;
  ~ThrowAwayCluster() {
    pool_.reset();
    try {
      cluster_->stop();
      std::filesystem::remove_all(directory_);
    } catch (const std::exception& error) {
      fmt::print(stderr, "{} remains: {}\n", directory_.string(), error.what());
    }
  }
  db::Pool& pool() { return *pool_; }

 private:
  std::filesystem::path directory_;
  std::unique_ptr<db::Cluster> cluster_;
  std::unique_ptr<db::Pool> pool_;
};

double rate(int events, Wall::duration took) {
  return events / std::chrono::duration<double>(took).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Measured {
  Shape shape;
  int guest_percent = 100;
  std::vector<double> ingest, copy, ratio;
  int check_ins = 0, check_outs = 0, incidents = 0;
};

void measure(db::Pool& pool, bench::World& world, Measured& measured, bool copy_first) {
  const auto pages = world.next_pages(measured.shape.pages, measured.shape.size, measured.guest_percent);
  std::vector<std::string> texts;
  for (const auto& page : pages) texts.push_back(world.copy_text(page));
  const int events = measured.shape.pages * measured.shape.size;
  const config::Settings settings;

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
    for (const auto& page : pages) {
      db::Transaction tx{pool};
      app::CursorAdvance advance;
      advance.cursor_at = page.back().occurred_at;
      const auto now = page.back().occurred_at + std::chrono::seconds{1};
      const auto result = app::ingest_page({tx, world.actor(), now, settings}, world.polled(), "bench", page, advance);
      tx.commit();
      if (result.stored != static_cast<int>(page.size())) throw Error(Errc::integrity, "a page was not stored whole");
      measured.check_ins += result.check_ins;
      measured.check_outs += result.check_outs;
      measured.incidents += static_cast<int>(result.opened.size());
    }
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
  measured.ratio.push_back(measured.ingest.back() / measured.copy.back());
}

void print(const std::vector<Measured>& all, const Options& options) {
  if (options.json) {
    std::string results;
    for (const auto& one : all)
      results += fmt::format(
          R"({}{{"page":{},"guest_percent":{},"ingest_per_second":{:.0f},"copy_per_second":{:.0f},"ratio":{:.3f},"page_ms":{:.3f}}})",
          results.empty() ? "" : ",", one.shape.size, one.guest_percent, median(one.ingest), median(one.copy),
          median(one.ratio), 1000.0 * one.shape.size / median(one.ingest));
    fmt::print("{{\"bench\":\"ingest\",\"rounds\":{},\"results\":[{}]}}\n", options.rounds, results);
    return;
  }
  fmt::print("{:>6}  {:>7}  {:>12}  {:>12}  {:>6}  {:>10}  {:>9}  {:>10}  {:>9}\n", "page", "guests", "ingest/s",
             "COPY/s", "ratio", "ms a page", "check-ins", "check-outs", "incidents");
  for (const auto& one : all)
    fmt::print("{:>6}  {:>6}%  {:>12.0f}  {:>12.0f}  {:>6.2f}  {:>10.2f}  {:>9}  {:>10}  {:>9}\n", one.shape.size,
               one.guest_percent, median(one.ingest), median(one.copy), median(one.ratio),
               1000.0 * one.shape.size / median(one.ingest), one.check_ins, one.check_outs, one.incidents);
}

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word{argv[i]};
    if (word == "--json") {
      options.json = true;
      continue;
    }
    if (i + 1 == argc || (word != "--rounds" && word != "--only")) return std::nullopt;
    const auto number = to_integer(argv[++i]);
    if (!number || *number < 1 || *number > 1000'000) return std::nullopt;
    (word == "--rounds" ? options.rounds : options.only) = static_cast<int>(*number);
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = parse(argc, argv);
  if (!options) {
    fmt::print(stderr, "{}", kUsage);
    return 2;
  }
  try {
    ThrowAwayCluster cluster;
    bench::World world{cluster.pool()};
    std::vector<Measured> all;
    for (const auto percent : kGuestPercents)
      for (const auto& shape : kShapes)
        if (options->only == 0 || options->only == shape.size) all.push_back({shape, percent, {}, {}, {}});
    Measured warm_up{{30, 20}, 100, {}, {}, {}};
    measure(cluster.pool(), world, warm_up, true);
    for (int round = 0; round < options->rounds; ++round)
      for (auto& one : all) measure(cluster.pool(), world, one, round % 2 == 0);
    print(all, *options);
  } catch (const Error& error) {
    fmt::print(stderr, "bench_ingest: {}\n{}\n", error.message(), error.hint());
    return 1;
  }
  return 0;
}
