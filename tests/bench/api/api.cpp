// What the API takes for one visit by its number and for a page of 50, beside the same statements in pgbench, a Node
// server and Django REST framework: all on the same database in the same run, with authentication, scope and ETag.
//
// Of the requests that wait at the same moment visitord reads visits by their numbers with one statement, and equal
// pages, as all clients ask for them here, too: each statement begins after the requests have come, and nothing is kept
// for the next ones. The others run a statement for each request. How many pages it answers where no two are equal
// stands below, beside the same.

#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"
#include "db/client_environment.hpp"
#include "load.hpp"
#include "populate/populate.hpp"
#include "statement.hpp"
#include "support/house.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/server.hpp"
#include "support/temporary_folder.hpp"
#include "support/words.hpp"

using namespace visitor;

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr auto kUsage = R"(Usage: bench_api [options]
Prints how many requests a second the API answers for one visit and for a page of 50 visits, beside pgbench with the
same statements, a Node server (fastify, pg) and Django REST framework (gunicorn), and how long requests take at half
of that load. All clients ask for the same page, and visitord lets equal pages that are asked for at the same moment
share one statement; so there is also how many pages it answers of which no two are equal.
  --visits-a-day N  of 250 days, a multiple of 40 (2000)
  --rounds N        of everything, in turns; the median counts (3)
  --seconds N       that each is measured for in each round (5)
  --house DIR       keep the populated database there, or take the one that is there from earlier
  --no-peers        without Node and Django
  --json            one JSON object instead of the table
)";

constexpr int kConnections = 64;
constexpr int kPage = 50;
constexpr int kFarPage = 10'000;
constexpr int kPagesCompared = 500;
constexpr double kOneOfPgbench = 0.4;
constexpr double kPageOfPgbench = 0.6;
constexpr double kOfFastify = 2.5;
constexpr double kOfDjango = 20;
constexpr double kP99Ms = 20;
constexpr double kFarOfFirst = 1.5;

// Limits that the requests of a run do not reach; they are counted all the same.
constexpr auto kToml = "[api]\nkey_limit = 1000000\naddress_limit = 1000000\n";
constexpr auto kNoTerminals = "UPDATE terminal SET enabled = false WHERE enabled";
// Parameters come with them only so.
constexpr std::pair<const char*, const char*> kLogStatements[] = {
    {"log_min_duration_statement", "0"}, {"log_parameter_max_length", "-1"}, {"log_error_verbosity", "default"}};

struct Options {
  int visits_a_day = 2'000;
  int rounds = 3;
  int seconds = 5;
  fs::path house;
  bool peers = true;
  bool json = false;
};

std::optional<Options> read_options(int argc, char** argv) {
  Options options;
  const bool good = bench::read_words(argc, argv,
                                      {{"--json", &options.json},
                                       {"--no-peers", &options.peers},
                                       {"--house", &options.house},
                                       {"--visits-a-day", &options.visits_a_day},
                                       {"--rounds", &options.rounds},
                                       {"--seconds", &options.seconds}});
  if (!good || options.visits_a_day % 40 != 0) return std::nullopt;
  return options;
}

/// Whose statements and pages are compared.
enum class What { one, page };

/// A server that answers both requests.
struct Peer {
  std::string name;
  std::unique_ptr<bench::Server> server;
  std::uint16_t port = 0;
  std::map<What, std::vector<double>> rates = {};
};

class ApiBench {
 public:
  explicit ApiBench(const Options& options) : options_(options), house_(kToml, {}, options.house) {
    fill();
    make_key();
    learn_statements();
  }

  int run() {
    start_peers();
    for (int round = 0; round < options_.rounds; ++round)
      for (const auto what : {What::one, What::page}) {
        pgbench_rates_[what].push_back(pgbench(what));
        for (auto& peer : peers_) peer.rates[what].push_back(closed(peer.port, what).rate());
      }
    auto& ours = peers_.front();
    std::vector<bench::Figure> figures;
    for (const auto what : {What::one, What::page}) {
      const std::string name = what == What::one ? "one visit by its number" : "a page of 50 visits";
      const auto rate = bench::median(ours.rates[what]);
      figures.push_back({name, rate, "req/s", bench::median(pgbench_rates_[what]), "pgbench -M prepared, the statement",
                         bench::ratio_at_least(what == What::one ? kOneOfPgbench : kPageOfPgbench)});
      for (std::size_t i = 1; i < peers_.size(); ++i)
        figures.push_back({name, rate, "req/s", bench::median(peers_[i].rates[what]), peers_[i].name,
                           bench::ratio_at_least(i == 1 ? kOfFastify : kOfDjango)});
    }
    for (const auto what : {What::one, What::page}) figures.push_back(at_half_load(ours, what));
    figures.push_back(unequal_pages(ours.port));
    figures.push_back(far_page(ours.port));
    bench::print("api", figures, options_.json);
    return 0;
  }

 private:
  void fill() {
    db::Transaction tx{house_.pool(), {.read_only = true}};
    const bool empty = tx.row("SELECT NOT EXISTS (SELECT FROM visit) AS empty").get<bool>("empty");
    if (empty) {
      bench::Population size;
      size.visits_a_day = options_.visits_a_day;
      size.traces = false;
      bench::populate(house_.pool().options().connection, size, house_.now(),
                      [](const std::string& what) { fmt::print(stderr, "bench_api: {}\n", what); });
    }
    house_.script(kNoTerminals);
  }

  /// Of an account whose role holds at one site, so that every statement has a scope; and the same for the peers.
  void make_key() {
    {
      db::Transaction tx{house_.pool(), {.read_only = true}};
      const auto row = tx.row("SELECT max(id) AS last, count(*) AS count FROM visit");
      last_visit_ = row.get<std::int64_t>("last");
      visits_ = row.get<std::int64_t>("count");
      number_ = std::uniform_int_distribution<std::int64_t>{1, last_visit_};
      const auto site = tx.row("SELECT id, name FROM site ORDER BY id LIMIT 1");
      sites_ = fmt::format("{{{}}}", site.get<std::int64_t>("id"));
      login_ = "bench_api";
      if (!tx.row("SELECT EXISTS (SELECT FROM account WHERE login = $1) AS there", login_).get<bool>("there")) {
        house_.visitorctl({"user", "add", login_});
        house_.visitorctl({"role", "grant", login_, "reception", "--site", site.get<std::string>("name")});
      }
    }
    const auto made =
        house_.visitorctl({"--quiet", "apikey", "create", login_, "--name",
                           fmt::format("{}", house_.now().time_since_epoch().count()), "--permission", "visit.view"});
    key_ = trim(std::string_view{made}.substr(made.rfind("vak_")));
    house_.script("DROP TABLE IF EXISTS bench_api_key");
    house_.script(
        "CREATE TABLE bench_api_key (hash bytea PRIMARY KEY, sites bigint[], departments bigint[], hosts bigint[])");
    house_.script(fmt::format("INSERT INTO bench_api_key VALUES (sha256('{}'), '{}', '{{}}', '{{}}')", key_, sites_));
  }

  /// From the server's log: what is compared is what the daemon really runs.
  void learn_statements() {
    std::size_t before = 0;
    if (fs::exists(house_.server_log())) before = static_cast<std::size_t>(fs::file_size(house_.server_log()));
    for (const auto& [name, value] : kLogStatements)
      house_.script(fmt::format("ALTER DATABASE visitor SET {} = '{}'", name, value));
    {
      const auto daemon = start_daemon();
      const auto port = daemon->port();
      wait_until_open(port);
      bench::Client{port, 1, requests(What::one)}.closed(std::chrono::milliseconds{50});
      bench::Client{port, 1, requests(What::page)}.closed(std::chrono::milliseconds{50});
    }
    for (const auto& setting : kLogStatements)
      house_.script(fmt::format("ALTER DATABASE visitor RESET {}", setting.first));
    const auto log = read_file(house_.server_log(), std::size_t{1} << 30).value_or("").substr(before);
    statements_[What::one] = bench::last_statement(log, {"FROM visit v", "v.id = $1"});
    statements_[What::page] = bench::last_statement(log, {"FROM visit v", "ORDER BY v.expected_from DESC"});
    random_ = 0;

    json::object plan;
    plan["page_size"] = kPage;
    for (const auto what : {What::one, What::page}) {
      const auto& statement = statements_[what];
      json::object of;
      of["sql"] = statement.sql;
      json::array parameters;
      for (const auto& value : statement.parameters)
        parameters.push_back(value ? json::value(*value) : json::value(nullptr));
      of["parameters"] = std::move(parameters);
      // Sites and, where the statement asks for them, departments and hosts, of which the key has none.
      auto at = statement.position_of(sites_);
      json::array scope{at};
      while (++at < statement.parameters.size() && statement.parameters[at] == "{}") scope.push_back(at);
      of["scope"] = std::move(scope);
      if (what == What::one) of["id"] = random_;
      plan[what == What::one ? "one" : "page"] = std::move(of);
    }
    write_file(plan_path(), json::serialize(plan));
    for (const auto what : {What::one, What::page}) write_file(script_path(what), script_of(what).text);
  }

  fs::path plan_path() const { return folder_.path / "plan.json"; }
  fs::path script_path(What what) const { return folder_.path / (what == What::one ? "one.sql" : "page.sql"); }
  bench::Script script_of(What what) {
    return bench::pgbench_script(statements_[what],
                                 what == What::one ? std::optional{static_cast<std::size_t>(random_)} : std::nullopt,
                                 last_visit_);
  }

  std::unique_ptr<bench::Server> start_daemon() {
    return std::make_unique<bench::Server>(
        std::vector<std::string>{bench::sibling("visitord").string(), "--config", house_.config().string()},
        std::vector<std::string>{}, folder_.path / "visitord.log");
  }
  std::unique_ptr<bench::Server> start_peer(const std::vector<std::string>& argv, const std::string& log) {
    auto environment = database_environment();
    environment.push_back(fmt::format("BENCH_PLAN={}", plan_path().string()));
    environment.push_back(fmt::format("NODE_PATH={}", bench::sibling("../fastify/node_modules").string()));
    environment.emplace_back("NODE_ENV=production");
    return std::make_unique<bench::Server>(argv, environment, folder_.path / log);
  }
  std::vector<std::string> database_environment() {
    std::vector<std::string> environment;
    for (const auto& [name, value] : db::client_environment(house_.instance().conninfo()))
      environment.push_back(fmt::format("{}={}", name, value.reveal()));
    return environment;
  }

  void start_peers() {
    const fs::path source{VISITOR_SOURCE_DIR "/tests/bench/api"};
    peers_.push_back({"visitord", start_daemon()});
    if (options_.peers) {
      peers_.push_back(
          {"Node: fastify, pg", start_peer({"node", (source / "fastify/server.js").string()}, "fastify.log")});
      peers_.push_back({"Django REST framework, gunicorn",
                        start_peer({"/usr/bin/gunicorn", "--workers", "2", "--bind", "127.0.0.1:0", "--chdir",
                                    (source / "django").string(), "server:application"},
                                   "django.log")});
    }
    for (auto& peer : peers_) {
      peer.port = peer.server->port();
      wait_until_open(peer.port);
      for (const auto what : {What::one, What::page})
        bench::Client{peer.port, kConnections, requests(what)}.closed(std::chrono::seconds{1});
    }
  }

  /// The database of a daemon that has just started is opened after the port.
  void wait_until_open(std::uint16_t port) {
    for (int i = 0;; ++i) {
      try {
        bench::Client{port, 1, requests(What::one)}.closed(std::chrono::milliseconds{1});
        return;
      } catch (const Error&) {
        if (i == 300) throw;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
  }

  std::string request(const std::string& address) const {
    return fmt::format(
        "GET /api/v1/visits/{} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\nAccept: "
        "application/json\r\n\r\n",
        address, key_);
  }

  bench::NextRequest requests(What what) {
    if (what == What::page)
      return [text = request(fmt::format("?cursor=&page_size={}", kPage))](std::string& out) { out = text; };
    return [this](std::string& out) { out = request(fmt::format("{}", number_(numbers_))); };
  }

  bench::Load closed(std::uint16_t port, What what) {
    return bench::Client{port, kConnections, requests(what)}.closed(std::chrono::seconds{options_.seconds});
  }

  /// Transactions a second.
  double pgbench(What what) {
    ProcessOptions process;
    process.argv = {bench::postgresql_program("pgbench").string(),
                    "-n",
                    "-M",
                    "prepared",
                    "-c",
                    "16",
                    "-j",
                    "2",
                    "-T",
                    fmt::format("{}", options_.seconds),
                    "-f",
                    script_path(what).string()};
    const auto script = script_of(what);
    process.argv.insert(process.argv.end(), script.definitions.begin(), script.definitions.end());
    process.environment = database_environment();
    process.deadline = std::chrono::seconds{options_.seconds + 60};
    const auto result = run_process(process);
    constexpr std::string_view kTps = "tps = ";
    const auto at = result.out.find(kTps);
    if (result.status != 0 || at == std::string::npos) throw Error(Errc::failed, "pgbench: " + result.err);
    return std::strtod(result.out.c_str() + at + kTps.size(), nullptr);
  }

  bench::Figure at_half_load(Peer& ours, What what) {
    const auto rate = bench::median(ours.rates[what]) / 2;
    std::vector<double> p99s;
    for (int round = 0; round < options_.rounds; ++round)
      p99s.push_back(bench::quantile(bench::Client{ours.port, kConnections, requests(what)}
                                         .steady(std::chrono::seconds{options_.seconds}, rate)
                                         .milliseconds,
                                     0.99));
    return {fmt::format("{}, p99 at {:.0f} req/s", what == What::one ? "one visit" : "a page", rate),
            bench::median(p99s),
            "ms",
            0,
            "",
            bench::at_most(kP99Ms)};
  }

  /// Each begins somewhere else, so that no two can share a statement.
  bench::Figure unequal_pages(std::uint16_t port) {
    db::Transaction tx{house_.pool(), {.read_only = true}};
    const auto row = tx.row(
        "SELECT (extract(epoch FROM min(expected_from)) * 1000000)::bigint AS first, "
        "(extract(epoch FROM max(expected_from)) * 1000000)::bigint AS last FROM visit");
    std::uniform_int_distribution<std::int64_t> at{row.get<std::int64_t>("first"), row.get<std::int64_t>("last")};
    bench::Client client{port, kConnections, [&](std::string& out) {
                           out = request(fmt::format("?cursor={}.1&page_size={}", at(numbers_), kPage));
                         }};
    std::vector<double> rates;
    for (int round = 0; round < options_.rounds; ++round)
      rates.push_back(client.closed(std::chrono::seconds{options_.seconds}).rate());
    return {"pages, no two equal", bench::median(rates), "req/s", bench::median(pgbench_rates_[What::page]),
            "pgbench -M prepared, the statement"};
  }

  /// The first page and one far on, in turn.
  bench::Figure far_page(std::uint16_t port) {
    const auto page = std::min<std::int64_t>(kFarPage, visits_ / kPage - 1);
    db::Transaction tx{house_.pool(), {.read_only = true}};
    const auto before = tx.row(
        "SELECT (extract(epoch FROM expected_from) * 1000000)::bigint AS at, id FROM visit "
        "ORDER BY expected_from DESC, visit.id DESC LIMIT 1 OFFSET $1",
        (page - 1) * kPage - 1);
    const auto cursor = fmt::format("{}.{}", before.get<std::int64_t>("at"), before.get<std::int64_t>("id"));
    bool far = false;
    bench::Client client{port, 1, [&](std::string& out) {
                           out = request(fmt::format("?cursor={}&page_size={}", far ? cursor : "", kPage));
                           far = !far;
                         }};
    std::vector<double> first_ms, far_ms;
    while (far_ms.size() < kPagesCompared) {
      far = false;
      const auto load = client.closed(std::chrono::milliseconds{100});
      for (std::size_t i = 0; i < load.milliseconds.size(); ++i)
        (i % 2 == 0 ? first_ms : far_ms).push_back(load.milliseconds[i]);
    }
    return {fmt::format("page {} by cursor", page), bench::median(far_ms), "ms", bench::median(first_ms), "page 1",
            bench::ratio_at_most(kFarOfFirst)};
  }

  const Options options_;
  const test::TemporaryFolder folder_;
  bench::House house_;
  std::string login_;
  std::string key_;
  std::string sites_;  // of the key's scope, as PostgreSQL writes an array
  std::int64_t visits_ = 0;
  std::int64_t last_visit_ = 0;
  std::int64_t random_ = 0;  // which parameter is the visit's number
  std::map<What, bench::Statement> statements_;
  std::map<What, std::vector<double>> pgbench_rates_;
  std::vector<Peer> peers_;  // ours first
  std::mt19937_64 numbers_{42};
  std::uniform_int_distribution<std::int64_t> number_;
};

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program("bench_api", kUsage, argc, argv, read_options,
                            [](const Options& options) { return ApiBench{options}.run(); });
}
