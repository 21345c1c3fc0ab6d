#include "app/doctor.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "app/instance.hpp"
#include "cli/commands.hpp"
#include "cli/record.hpp"
#include "cli/session.hpp"
#include "cli/support_bundle.hpp"
#include "config/load.hpp"
#include "core/file.hpp"
#include "core/text.hpp"

namespace visitor::app {

void write(cli::JsonWriter& json, const Diagnosis& one) {
  json.begin_object().member("area", one.area).member("status", name(one.status)).member("code", one.code);
  json.member("what", one.what).text_member("why", one.why).text_member("mend", one.mend);
  json.member("terminal_id", one.terminal).end();
}

}  // namespace visitor::app

namespace visitor::cli {
namespace {

using app::CheckStatus;
using app::Diagnosis;

struct Options {
  std::optional<std::filesystem::path> bundle;
};

int exit_status(CheckStatus status) {
  return static_cast<int>(status);  // in the order of the monitoring plugins
}

/// Goes from the outside in, as far as it gets.
class Doctor {
 public:
  explicit Doctor(Session& session) : session_(session) { facts_.made_at = session.now(); }

  SupportFacts examine() {
    if (configuration() && place() && database()) house();
    return std::move(facts_);
  }

 private:
  void say(Diagnosis one) { facts_.diagnoses.push_back(std::move(one)); }
  bool good(std::string_view area, std::string what) {
    say({std::string{area}, CheckStatus::ok, "ok", std::move(what), {}, {}, {}});
    return true;
  }
  bool bad(const Error& error, std::string_view area, std::string_view code) {
    say(app::diagnosis_of(error, area, code));
    return false;
  }

  bool configuration() {
    try {
      session_.settings();
      facts_.settings = session_.instance().settings();
    } catch (const Error& error) {
      auto one = app::diagnosis_of(error, "config", "config_wrong");
      if (one.mend.empty()) one.mend = "visitorctl config check";
      say(std::move(one));
      return false;
    }
    return good("config", "the configuration is good");
  }

  /// What is missing here may be why the database cannot be reached, so everything is told at once.
  bool place() {
    for (auto& one : app::diagnose_place(session_.settings())) say(std::move(one));
    return true;
  }

  bool database() {
    auto& instance = session_.instance();
    facts_.health = app::assess({session_.now(), {}, app::look_at_disk(session_.settings()), {}});
    try {
      if (instance.embedded() && instance.cluster().status().state == db::ClusterState::absent) {
        say({"database",
             CheckStatus::critical,
             "database_absent",
             "there is no database yet",
             "nothing was made in the state directory so far",
             "visitorctl init",
             {}});
        return false;
      }
      session_.db();
      return true;
    } catch (const Error& error) {
      const bool schema = error.code() == Errc::config || error.code() == Errc::integrity;
      return bad(error, "database", schema ? "schema_wrong" : "database_away");
    }
  }

  void house() {
    try {
      session_.vault();  // belongs to this database
    } catch (const Error& error) {
      // A key that cannot be read was told already.
      if (app::worst(facts_.diagnoses) == CheckStatus::ok) bad(error, "master_key", "key_of_another_database");
    }
    try {
      db::Transaction tx{session_.db(), kReading};
      const auto work = session_.reader(tx);
      auto zones = app::diagnose_zones(work);
      const bool known = zones.status != CheckStatus::critical;
      say(std::move(zones));
      facts_.database = read_database(work, session_.instance().embedded());
      facts_.jobs = app::list_jobs(work);
      if (!known) return;
      facts_.terminals = app::list_backlog(work);
      facts_.gaps = store::Gaps{tx, domain::Scope::everything()}.counts(Instant{});
      const auto house = app::look_at_house(session_.db(), session_.settings(), SystemClock{});
      auto health = app::assess({session_.now(), house, app::look_at_disk(session_.settings()), {}});
      for (auto& one : app::diagnose_house(work, health, house)) say(std::move(one));
      facts_.health = std::move(health);
    } catch (const Error& error) {
      bad(error, "database", "database_away");
    }
  }

  Session& session_;
  SupportFacts facts_;
};

Tone tone_of(CheckStatus status) {
  return status == CheckStatus::ok ? Tone::good : status == CheckStatus::warning ? Tone::warning : Tone::bad;
}

std::string page_of(const std::vector<Diagnosis>& diagnoses, const Session& session) {
  std::string text;
  if (!session.for_people()) {
    for (const auto& one : diagnoses)
      text += fmt::format("{}\t{}\t{}\t{}\t{}\n", one.area, app::name(one.status), tsv_field(one.what),
                          tsv_field(one.why), tsv_field(one.mend));
    return text;
  }
  for (const auto& one : diagnoses) {
    text += toned(fmt::format("{:<9}", app::name(one.status)), tone_of(one.status), session.colour());
    text += fmt::format("{:<12}{}\n", one.area, printable(one.what));
    if (!one.why.empty()) text += fmt::format("{:<21}why:  {}\n", "", printable(one.why));
    if (!one.mend.empty()) text += fmt::format("{:<21}mend: {}\n", "", printable(one.mend));
  }
  return text;
}

struct Report {
  CheckStatus status;
  const std::vector<Diagnosis>& findings;
};

void write(JsonWriter& json, const Report& report) {
  json.begin_object().member("status", app::name(report.status)).key("findings").begin_array();
  for (const auto& one : report.findings) write(json, one);
  json.end().end();
}

void run(const Options& options, Session& session) {
  const auto facts = Doctor{session}.examine();
  const auto status = app::worst(facts.diagnoses);
  if (session.json()) {
    JsonWriter json;
    write(json, Report{status, facts.diagnoses});
    session.print(json.take());
  } else {
    session.print(page_of(facts.diagnoses, session));
  }
  if (options.bundle) {
    std::error_code ignored;
    if (std::filesystem::exists(*options.bundle, ignored))
      throw Error(Errc::conflict, fmt::format("there is a file {} already", options.bundle->string()),
                  "Give another name: nothing is overwritten.");
    try {
      put_on_record_if_any(
          session, {domain::AuditAction::exported, "installation", 0, app::Details{}.add("what", "support bundle")});
    } catch (const Error& error) {  // for want of what it is to help with
      session.note(fmt::format("This is not on record: {}", error.message()));
    }
    write_file(*options.bundle, support_bundle(facts), 0600);
    session.note(
        fmt::format("Wrote {}. It holds no names, addresses, documents or passwords; look it through before "
                    "you give it away.",
                    options.bundle->string()));
  }
  session.set_exit_status(exit_status(status));
}

}  // namespace

void add_doctor(Command& root) {
  auto options = std::make_shared<Options>();
  root.add("doctor", "Say on one page what is wrong, why, and which command mends it")
      .details(
          "Looks at the configuration, the state directory, the master key, the database and its schema, disk, time "
          "zones, visitord, jobs, waiting alerts, and each terminal with its clock, its backlog and its doors. Starts "
          "the "
          "private PostgreSQL where it is stopped, and changes nothing else. --bundle writes what a stranger needs to "
          "help: versions, options that are no texts, states and counts; no names, addresses or texts of anybody.")
      .option("--bundle", "FILE", options->bundle, "Also write a support file that tells nothing of persons and places")
      .takes_file()
      .as_check()
      .example("visitorctl doctor")
      .example("visitorctl doctor --json | jq -r '.findings[] | select(.status != \"ok\").mend'")
      .example("visitorctl doctor --bundle support.json")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
