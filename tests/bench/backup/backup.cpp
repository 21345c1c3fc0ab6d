// How fast a backup is made, beside the same from programs that everybody has (pg_dump | zstd | age) on the same data
// in the same run; how large it is, how much memory it takes, and how long a drill takes until the database can be
// used.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archive/bytes.hpp"
#include "archive/keys.hpp"
#include "archive/sealing.hpp"
#include "core/child.hpp"
#include "core/error.hpp"
#include "db/client_environment.hpp"
#include "populate/populate.hpp"
#include "support/house.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/temporary_folder.hpp"
#include "support/words.hpp"

using namespace visitor;

namespace {

namespace fs = std::filesystem;
using Wall = std::chrono::steady_clock;

constexpr auto kUsage = R"(Usage: bench_backup [--visits-a-day N] [--rounds N] [--house DIR] [--json]
Prints how fast backups are made, beside pg_dump | zstd | age (Debian's package age must be there).
  --visits-a-day N  of 250 days, a multiple of 40; ten events each (2000)
  --rounds N        of both, taken in turns (3)
  --house DIR       keep the populated database there, or take the one that is there from earlier
  --json            one JSON object instead of the table
)";
constexpr double kThroughput = 0.9;
constexpr double kSize = 1.03;
constexpr double kMebibytes = 64;
// Sealing and hashing run beside compression. Were they all that there is to do, they would have to be done twice as
// fast as backups are made.
constexpr double kSealing = 2;
constexpr auto kPhotos = R"sql(
    INSERT INTO guest_photo (guest_id, format, width, height, picture, stored_at)
    SELECT g.id, 'jpeg', 480, 640, b.bytes, now()
      FROM guest g,
           LATERAL (SELECT decode(string_agg(md5(g.id::text || n::text), ''), 'hex') AS bytes
                      FROM generate_series(1, 1500) n) b
     WHERE g.id <= 2000)sql";

struct Options {
  int visits_a_day = 2'000;
  int rounds = 3;
  fs::path house;
  bool json = false;
};

std::optional<Options> read_options(int argc, char** argv) {
  Options options;
  const bool good = bench::read_words(argc, argv,
                                      {{"--json", &options.json},
                                       {"--house", &options.house},
                                       {"--visits-a-day", &options.visits_a_day},
                                       {"--rounds", &options.rounds}});
  if (!good || options.visits_a_day % 40 != 0) return std::nullopt;
  return options;
}

struct Run {
  double seconds = 0;
  double mebibytes = 0;  ///< the most that the program, or one that it started, had in memory
};

/// \throws Error failed  its exit status is not 0
Run timed(std::vector<std::string> argv, std::vector<std::string> environment = {}) {
  ProcessOptions options;
  options.argv = std::move(argv);
  options.environment = std::move(environment);
  ChildStreams streams;
  const auto began = Wall::now();
  const auto child = start_child(options, streams);
  streams.in = Fd{};
  std::string said(65536, '\0');
  while (::read(streams.out.get(), said.data(), said.size()) > 0) {
  }
  int status = 0;
  rusage used{};
  wait4(child, &status, 0, &used);
  const auto got = ::read(streams.err.get(), said.data(), said.size());
  if (status != 0)
    throw Error(Errc::failed,
                fmt::format("{}: {}", options.argv[0], said.substr(0, got > 0 ? static_cast<std::size_t>(got) : 0)));
  return {std::chrono::duration<double>(Wall::now() - began).count(), static_cast<double>(used.ru_maxrss) / 1024};
}

class Nowhere final : public archive::Sink {
 public:
  void write(std::span<const std::byte> bytes) override { digest_.add(bytes); }
  void finish() override { digest_.finish(); }

 private:
  archive::Digest digest_;
};

/// Megabytes a second that are encrypted and hashed in one thread, with nothing else to do.
double sealing_rate(std::uintmax_t bytes) {
  const std::vector<std::byte> block(std::size_t{256} << 10, std::byte{0x5a});
  Nowhere nowhere;
  archive::SealingSink sealing{archive::make_data_key(), "bench", nowhere};
  const auto began = Wall::now();
  for (std::uintmax_t done = 0; done < bytes; done += block.size()) sealing.write(block);
  sealing.finish();
  return static_cast<double>(bytes) / std::chrono::duration<double>(Wall::now() - began).count() / 1e6;
}

/// What the newest manifest says of the dump inside.
double dump_bytes(const fs::path& config, const std::string& visitorctl) {
  const auto shown = run_process({.argv = {visitorctl, "--config", config.string(), "--json", "backup", "show"},
                                  .environment = {},
                                  .run_as = {},
                                  .input = {}});
  if (shown.status != 0) throw Error(Errc::failed, "backup show: " + shown.err);
  return static_cast<double>(boost::json::parse(shown.out).at("clear_bytes").to_number<std::int64_t>());
}

std::uintmax_t bytes_below(const fs::path& folder) {
  std::uintmax_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator{folder})
    if (entry.is_regular_file() && entry.path().filename() == "data") bytes += entry.file_size();
  return bytes;
}

bool is_empty(db::Pool& pool) {
  db::Transaction tx{pool, {.read_only = true}};
  return tx.row("SELECT NOT EXISTS (SELECT FROM visit) AS empty").get<bool>("empty");
}

int run(const Options& options) {
  const test::TemporaryFolder place;
  const auto key = archive::PrivateKey::make("bench");
  archive::write_new_private_file(place.path / "key", key.file_text(SystemClock{}.now()));
  fs::create_directory(place.path / "backups");
  bench::House house{fmt::format("[backup]\ntargets = [\"file://{}\"]\nrecipients = [\"{}\"]\n",
                                 (place.path / "backups").string(), key.public_key().text()),
                     {},
                     options.house};
  auto& instance = house.instance();
  if (is_empty(instance.pool())) {
    bench::Population size;
    size.visits_a_day = options.visits_a_day;
    bench::populate(instance.pool().options().connection, size, house.now(),
                    [](const std::string& what) { fmt::print(stderr, "bench_backup: {}\n", what); });
    db::Transaction tx{instance.pool(), {.statement_deadline = std::chrono::minutes{10}}};
    tx.exec(kPhotos);
    tx.commit();
  }

  timed({"age-keygen", "-o", (place.path / "age.key").string()});
  std::vector<std::string> environment;
  for (const auto& [name, value] : db::client_environment(instance.conninfo()))
    environment.push_back(fmt::format("{}={}", name, value.reveal()));
  const auto theirs = place.path / "theirs";
  const auto pipeline = fmt::format(
      "set -e -o pipefail; pg_dump -Fc -Z0 | zstd -q -3 -T0 | age -r \"$(age-keygen -y {1})\" "
      ">{0}; sync {0}",
      theirs.string(), (place.path / "age.key").string());
  const auto visitorctl = bench::sibling("visitorctl").string();
  std::vector<double> ours_seconds;
  std::vector<double> theirs_seconds;
  double mebibytes = 0;
  std::uintmax_t ours_bytes = 0;
  for (int round = 0; round < options.rounds; ++round) {
    fs::remove_all(place.path / "backups");
    fs::create_directory(place.path / "backups");
    theirs_seconds.push_back(timed({"bash", "-c", pipeline}, environment).seconds);
    const auto ours = timed({visitorctl, "--config", house.config().string(), "--quiet", "backup", "create"});
    ours_seconds.push_back(ours.seconds);
    mebibytes = std::max(mebibytes, ours.mebibytes);
    ours_bytes = bytes_below(place.path / "backups");
  }
  const auto dump = dump_bytes(house.config(), visitorctl);
  const auto drill = timed({visitorctl, "--config", house.config().string(), "--quiet", "backup", "verify", "--level",
                            "restore", "--key", (place.path / "key").string()});
  const auto rate = [&](const std::vector<double>& seconds) { return dump / bench::median(seconds) / 1e6; };
  bench::print("backup",
               {{"throughput of 'backup create'", rate(ours_seconds), "MB/s of the dump", rate(theirs_seconds),
                 "pg_dump -Fc -Z0 | zstd -3 -T0 | age", bench::ratio_at_least(kThroughput)},
                {"size of a backup", static_cast<double>(ours_bytes) / 1e6, "MB",
                 static_cast<double>(fs::file_size(theirs)) / 1e6, "the same", bench::ratio_at_most(kSize)},
                {"memory of visitorctl at most", mebibytes, "MiB", 0, "", bench::at_most(kMebibytes)},
                {"encryption and hashing alone", sealing_rate(std::max<std::uintmax_t>(ours_bytes, 64 << 20)), "MB/s",
                 static_cast<double>(ours_bytes) / bench::median(ours_seconds) / 1e6, "what a backup writes",
                 bench::ratio_at_least(kSealing)},
                {"a restore drill as a whole", drill.seconds, "s", 0, "", {}}},
               options.json);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program("bench_backup", kUsage, argc, argv, read_options, run);
}
