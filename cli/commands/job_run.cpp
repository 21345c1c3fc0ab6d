#include <unistd.h>

#include "app/instance.hpp"
#include "app/jobs.hpp"
#include "cli/commands.hpp"
#include "cli/record.hpp"
#include "cli/session.hpp"
#include "core/host.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string job;
};

struct Done {
  std::string job;
  std::string message;
};

void write(JsonWriter& json, const Done& done) {
  json.begin_object().member("job", done.job).member("ok", true).text_member("message", done.message).end();
}

std::string holder() {
  return app::person_holder(Session::os_user(), host_name(), ::getpid());
}

void run(const Options& options, Session& session) {
  const auto job = app::get_job(session.settings(), options.job);
  auto& pool = session.db();
  const auto actor = db::with_retry(pool, 3, [&](db::Transaction& tx) { return session.work(tx).actor; });
  put_on_record(session,
                {domain::AuditAction::update, "job", 0, app::Details{}.add("run", std::string_view{job.name})});
  const SystemClock clock;
  const auto who = holder();
  const auto message = app::run_job({pool, session.settings(), actor, clock, who}, job);
  if (session.json()) session.done(Done{job.name, message}, "");
}

}  // namespace

void add_job_run(Command& job) {
  auto options = std::make_shared<Options>();
  job.add("run", "Do now what visitord does by itself, due or not; says nothing where all went well")
      .positional("JOB", options->job, "Name shown by 'job list'")
      .required()
      .details(
          "What was done stands in 'job list'. The next run is due one period later. While somebody else is at it, "
          "this "
          "refuses and says who.")
      .fails_with({Errc::failed, Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl job run trim_changes")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
