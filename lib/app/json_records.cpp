#include "app/json_views.hpp"

namespace visitor::app {

void write(JsonWriter& json, const domain::Change& change) {
  json.begin_object().member("cursor", change.id).member("at", change.at).member("topic", change.topic);
  json.member("id", change.entity).member("version", change.version).end();
}

void write(JsonWriter& json, const JobShown& shown) {
  const auto& [job, last, running] = shown.listed;
  json.begin_object().member("name", std::string_view{job.name}).member("sentence", std::string_view{job.sentence});
  json.member("period_ms", static_cast<std::int64_t>(job.period.count()))
      .member("state", state_of(shown.listed, shown.now));
  const auto known = [&](auto member) { return last ? std::optional{(*last).*member} : std::nullopt; };
  json.member("started_at", known(&store::JobRun::started_at)).member("ended_at", last ? last->ended_at : std::nullopt);
  json.member("ok", last ? last->ok : std::nullopt).text_member("message", last ? last->message : "");
  json.member("next_run_at", known(&store::JobRun::next_run_at)).text_member("holder", last ? last->holder : "").end();
}

}  // namespace visitor::app
