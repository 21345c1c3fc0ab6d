#include "daemon/api/api.hpp"

#include <fmt/format.h>

#include "daemon/api/docs.hpp"
#include "daemon/api/openapi.hpp"
#include "daemon/api/resources.hpp"

namespace visitor::api {
namespace {

http::Handler page(std::string content_type, std::string body) {
  http::Response response;
  response.content_type = std::move(content_type);
  response.body = std::move(body);
  response.headers = {{"Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"}};
  return [response = std::move(response)](const http::Request&) { return response; };
}

}  // namespace

Table make_table() {
  Table table;
  add_house(table);
  add_guests(table);
  add_visits(table);
  add_muster(table);
  add_badges(table);
  add_terminals(table);
  add_incidents(table);
  add_rules(table);
  add_alerts(table);
  add_locks(table);
  add_sessions(table);
  add_totp(table);
  add_accounts(table);
  add_roles(table);
  add_audit(table);
  add_reports(table);
  add_records(table);
  return table;
}

void add_api(http::Router& router, std::shared_ptr<Dispatch> dispatch) {
  const auto json = page("application/json", openapi(dispatch->table()));
  const auto docs = page("text/html; charset=utf-8", docs_page(dispatch->table()));
  for (const auto* path : {"/openapi.json", "/docs", "/docs/"})
    router.add("GET", std::string{kBase} + path, http::Where::here,
               std::string_view{path} == "/openapi.json" ? json : docs);
  // As the roadmap names them: for whoever links to a file.
  for (const std::string_view format : {"pdf", "xlsx"})
    for (const std::string_view end : {"", "/"})
      router.add("GET", fmt::format("/dashboards/auto-checkin/export/{}{}", format, end), http::Where::worker,
                 [dispatch, format](const http::Request& request) {
                   auto named = request;
                   named.path = fmt::format("{}/reports/auto-checkin/file/", kBase);
                   named.query = fmt::format("format={}{}{}", format, request.query.empty() ? "" : "&", request.query);
                   return dispatch->answer(named);
                 });
  router.add_below(
      std::string{kBase} + "/", http::Where::worker,
      [dispatch](const http::Request& request) { return dispatch->answer(request); },
      [dispatch](std::span<const http::Request* const> requests) { return dispatch->answer_together(requests); });
}

}  // namespace visitor::api
