#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

#include "daemon/api/dispatch.hpp"
#include "daemon/api/docs.hpp"
#include "daemon/api/openapi.hpp"

using namespace visitor;
using api::Paging;

namespace json = boost::json;

BOOST_AUTO_TEST_SUITE(api_declarations)

BOOST_AUTO_TEST_CASE(every_route_is_named_once_and_says_what_it_is) {
  const auto table = api::make_table();
  std::set<std::string> names, addresses;
  for (const auto& route : table.routes()) {
    BOOST_TEST(names.insert(route.name).second, route.name);
    BOOST_TEST(addresses.insert(route.method + " " + route.path).second, route.path);
    BOOST_TEST(!route.summary.empty(), route.name);
    BOOST_TEST(!route.summary.ends_with('.'), route.name);
    BOOST_TEST((route.path.starts_with('/') && route.path.ends_with('/')), route.path);
    if (route.file)
      BOOST_TEST(route.answer.empty(), route.name);
    else
      BOOST_TEST(!table.schema(route.answer).fields.empty(), route.name);
    BOOST_TEST(((route.run != nullptr) + (route.open != nullptr) + (route.errand != nullptr)) == 1, route.name);
    BOOST_TEST((route.if_match == api::IfMatch::never || route.current != nullptr), route.name);
    BOOST_TEST((route.paging == Paging::none || !route.writes()), route.name);
  }
}

BOOST_AUTO_TEST_CASE(every_schema_that_is_named_is_there_and_every_one_that_is_there_is_named) {
  const auto table = api::make_table();
  std::set<std::string> named;
  for (const auto& route : table.routes())
    if (!route.file) named.insert(route.answer);
  for (const auto& schema : table.schemas())
    for (const auto& field : schema.fields)
      if (field.type == api::Type::object) named.insert(field.schema);
  std::set<std::string> there;
  for (const auto& schema : table.schemas()) BOOST_TEST(there.insert(schema.name).second, schema.name);
  BOOST_TEST(named == there, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_problem_is_one_of_some_route_and_stands_in_the_page) {
  const auto table = api::make_table();
  std::set<api::Problem> found;
  for (const auto& route : table.routes())
    for (const auto problem : api::problems_of(route)) found.insert(problem);
  const auto page = api::docs_page(table);
  for (const auto& row : app::problem_table()) {
    BOOST_TEST((found.count(row.problem) == 1), row.name);
    BOOST_TEST((page.find("id=\"problem-" + std::string{row.name} + "\"") != page.npos), row.name);
    BOOST_TEST(app::find_problem(row.name) == &row);
    BOOST_TEST(app::info(row.problem).name == row.name);
  }
}

BOOST_AUTO_TEST_CASE(the_openapi_document_has_every_route_parameter_body_member_and_problem) {
  const auto table = api::make_table();
  const auto document = json::parse(api::openapi(table));
  const auto& paths = document.at("paths").as_object();
  std::size_t operations = 0;
  for (const auto& [path, item] : paths) operations += item.as_object().size();
  BOOST_TEST(operations == table.routes().size());

  for (const auto& route : table.routes()) {
    std::string method = route.method;
    for (auto& c : method) c = static_cast<char>(c - 'A' + 'a');
    const auto& operation = paths.at(route.path).at(method).as_object();
    std::set<std::string> parameters;
    for (const auto& parameter : operation.at("parameters").as_array())
      parameters.insert(std::string{parameter.at("name").as_string()});
    for (const auto& field : route.query) BOOST_TEST(parameters.count(field.name) == 1U, route.name + field.name);
    if (!route.body.empty()) {
      const auto& members = document.at_pointer("/paths")
                                .at(route.path)
                                .at(method)
                                .at_pointer("/requestBody/content/application~1json/schema/properties");
      for (const auto& field : route.body)
        BOOST_TEST(members.as_object().contains(field.name), route.name + field.name);
    }
    const auto& responses = operation.at("responses").as_object();
    BOOST_TEST(responses.contains(std::to_string(route.status)), route.name);
    for (const auto problem : api::problems_of(route))
      BOOST_TEST(responses.contains(std::to_string(app::info(problem).status)), route.name);
  }
  for (const auto& schema : table.schemas())
    for (const auto& field : schema.fields)
      BOOST_TEST(
          document.at_pointer("/components/schemas").at(schema.name).at("properties").as_object().contains(field.name),
          schema.name + "." + field.name);
}

BOOST_AUTO_TEST_CASE(the_page_for_people_names_everything_and_loads_nothing) {
  const auto table = api::make_table();
  const auto page = api::docs_page(table);
  for (const auto& route : table.routes())
    BOOST_TEST((page.find("id=\"" + route.name + "\"") != page.npos), route.name);
  for (const auto* word : {"<script", "src=", "@import", "url(", "http://", "https://"})
    BOOST_TEST((page.find(word) == page.npos), word);
}

BOOST_AUTO_TEST_CASE(paths_fit_with_and_without_the_slash_and_fixed_words_go_before_numbers) {
  const auto table = api::make_table();
  const auto name_of = [&](const char* method, const char* path) {
    const auto match = table.match(method, path);
    return match.route == nullptr ? match.allow : match.route->name;
  };
  BOOST_TEST(name_of("GET", "/visits/") == "list_visits");
  BOOST_TEST(name_of("GET", "/visits") == "list_visits");
  BOOST_TEST(name_of("GET", "/visits/active") == "list_active_visits");
  BOOST_TEST(name_of("GET", "/visits/42/") == "get_visit");
  BOOST_TEST(*table.match("GET", "/visits/42").path.number("id") == 42);
  BOOST_TEST(name_of("GET", "/reports/jobs/") == "list_report_jobs");
  BOOST_TEST(name_of("GET", "/reports/auto-checkin") == "get_report");
  BOOST_TEST(*table.match("GET", "/reports/auto-checkin/file/").path.text("name") == "auto-checkin");
  BOOST_TEST(name_of("GET", "/reports/../file/") == "");
  BOOST_TEST(name_of("DELETE", "/visits/42/") == "GET, HEAD, PATCH");
  for (const auto* path : {"/", "", "//visits/", "/visits/0/", "/visits/-1/", "/visits/+1/", "/visits/1e3/",
                           "/visits/99999999999999999999/", "/visits/42/nothing/", "/visits/42//", "/Visits/"})
    BOOST_TEST(name_of("GET", path) == "", path);
}

BOOST_AUTO_TEST_SUITE_END()
