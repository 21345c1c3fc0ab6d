#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "app/details.hpp"
#include "app/instance.hpp"
#include "app/journal.hpp"
#include "app/registry.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/prompt.hpp"
#include "cli/views.hpp"
#include "config/load.hpp"
#include "core/file.hpp"
#include "core/text.hpp"

namespace visitor::cli {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kConfigMode = 0640;  // a database's url may hold a password
constexpr mode_t kConfigFolderMode = 0755;

struct Options {
  std::optional<std::string> site;
  std::optional<std::string> time_zone;
  std::string country_code;
  bool dry_run = false;
};

/// What was found and made.
struct Initialised {
  fs::path config_file;
  fs::path state_directory;
  std::vector<std::string> made;
  std::vector<domain::Site> sites;
  std::vector<std::string> next;
};

void write(JsonWriter& json, const Initialised& init) {
  json.begin_object().member("config_file", init.config_file.string());
  json.member("state_directory", init.state_directory.string()).key("made").begin_array();
  for (const auto& line : init.made) json.value(line);
  json.end().key("sites").begin_array();
  for (const auto& site : init.sites) write(json, site);
  json.end().key("next").begin_array();
  for (const auto& line : init.next) json.value(line);
  json.end().end();
}

/// What this machine is set to, as a proposal to a person; never taken unasked, because a server in UTC says nothing
/// about the building.
std::string machine_zone() {
  std::error_code error;
  const auto target = fs::read_symlink("/etc/localtime", error).string();
  constexpr std::string_view kFolder = "zoneinfo/";
  const auto at = target.find(kFolder);
  if (error || at == std::string::npos) return "";
  const auto name = target.substr(at + kFolder.size());
  return Zone::exists(name) ? name : "";
}

void check(const Options& options) {
  if (!options.site && (options.time_zone || !options.country_code.empty()))
    throw Error(Errc::usage, "--time-zone and --country-code belong to a site", "Name it with --site NAME.");
  if (options.time_zone) Zone::named(*options.time_zone);
}

void make_config(const fs::path& file, Initialised& init) {
  std::error_code error;
  if (fs::exists(file, error)) return;
  if (file.has_parent_path()) make_directories(file.parent_path(), kConfigFolderMode);
  write_file(file, config::sample(), kConfigMode);
  init.made.push_back("configuration file " + file.string());
}

std::optional<app::NewSite> wanted_site(const Options& options, const std::vector<domain::Site>& sites) {
  app::NewSite site;
  site.country_code = options.country_code;
  if (options.site) {
    site.name = *options.site;
    const auto same_name = [&](const auto& known) { return equal_ignoring_case(known.name, site.name); };
    if (std::any_of(sites.begin(), sites.end(), same_name)) return std::nullopt;
  } else {
    if (!sites.empty() || !can_ask()) return std::nullopt;
    site.name = ask("Name of the first site (empty: later)", "");
    if (site.name.empty()) return std::nullopt;
  }
  if (options.time_zone)
    site.time_zone = *options.time_zone;
  else if (can_ask())
    site.time_zone = ask("Time zone of " + site.name, machine_zone());
  if (site.time_zone.empty())
    throw Error(Errc::usage, "a site needs a time zone", "Say --time-zone, as in tzdata: Europe/Berlin, Asia/Almaty.");
  if (!options.site) site.country_code = ask("Country code of local telephone numbers (empty: none)", "");
  return site;
}

std::vector<std::string> next_steps(const Initialised& init) {
  if (init.sites.empty()) return {"visitorctl site add NAME --time-zone ZONE", "visitorctl department add NAME"};
  return {"visitorctl department add NAME", "visitorctl host add NAME --department DEPARTMENT",
          "visitorctl terminal add NAME http://ADDRESS", "visitord --config " + init.config_file.string()};
}

/// Looks at what is missing, and makes nothing: a server that was started cannot be rolled back.
Initialised foresee(const Options& options, const fs::path& file) {
  Initialised init;
  init.config_file = file;
  std::error_code error;
  if (!fs::exists(file, error)) init.made.push_back("configuration file " + file.string());
  const auto settings = fs::exists(file, error) ? config::load(file) : config::read(std::nullopt).settings;
  init.state_directory = settings.state_directory;
  if (!fs::exists(settings.state_directory, error))
    init.made.push_back("state directory " + settings.state_directory.string());
  if (settings.database.url.empty()) {
    app::Instance instance{settings};
    const auto status = instance.cluster().status();
    if (status.state == db::ClusterState::absent) init.made.push_back("embedded database " + status.directory.string());
  }
  if (options.site) init.made.push_back("site " + *options.site + ", unless it is there");
  init.next = next_steps(init);
  return init;
}

void answer(const Initialised& init, bool dry_run, Session& session) {
  if (session.json()) return session.done(init, "", dry_run);
  std::string text = dry_run ? "Would make:\n" : "Made:\n";
  for (const auto& line : init.made) text += "  " + line + "\n";
  if (init.made.empty()) text = "Everything is there; nothing was made.\n";
  text += "Next:\n";
  for (const auto& line : init.next) text += "  " + line + "\n";
  if (!session.globals().quiet) session.print(text);
}

void run(const Options& options, Session& session) {
  check(options);
  const auto& given = session.globals().config;
  const auto file = given ? fs::absolute(*given) : config::default_file();
  if (options.dry_run) return answer(foresee(options, file), true, session);

  Initialised init;
  init.config_file = file;
  make_config(file, init);
  init.state_directory = session.settings().state_directory;
  auto made = session.instance().initialise();
  const bool is_new = !made.empty();
  init.made.insert(init.made.end(), made.begin(), made.end());

  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  init.sites = app::list_sites(work);
  if (const auto wanted = wanted_site(options, init.sites)) {
    const auto site = app::add_site(work, *wanted);
    init.made.push_back(fmt::format("site {}: {}, {}", site.id, site.name, site.time_zone));
    init.sites = app::list_sites(work);
  }
  if (is_new)
    app::journal(work).audit(domain::AuditAction::create, "installation", Id<void>{},
                             app::Details{}.add("made", fmt::format("{}", fmt::join(made, "; "))).json());
  tx.commit();
  init.next = next_steps(init);
  answer(init, false, session);
}

}  // namespace

void add_init(Command& root) {
  auto options = std::make_shared<Options>();
  root.add("init", "Make what is missing: configuration, state, database, first site")
      .details(
          "Changes nothing that is there, so it may be run at any time. Asks for the first site on a terminal only; "
          "elsewhere it makes one when --site names it.")
      .option("--site", "NAME", options->site, "Make this site, unless there is one of that name")
      .option("--time-zone", "ZONE", options->time_zone, "Of the site, as in tzdata: Europe/Berlin, Asia/Almaty")
      .option("--country-code", "DIGITS", options->country_code,
              "Of the site: completes telephone numbers that are given without one")
      .flag("-n,--dry-run", options->dry_run, "Only say what is missing")
      .uses_database()
      .fails_with({Errc::conflict, Errc::denied})
      .example("visitorctl init --site 'Head office' --time-zone Asia/Almaty --country-code 7")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
