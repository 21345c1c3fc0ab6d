#include <boost/test/unit_test.hpp>
#include <vector>

#include "api_fixture.hpp"

using namespace visitor;
namespace json = boost::json;

namespace {

/// Requests that come at the same time, and what each is answered alone.
struct Fixture : test::Api {
  std::string elsewhere = "elsewhere";

  Fixture() {
    admit(elsewhere, principal("elsewhere", domain::Scope::of({SiteId{999'999'999}}, {})));
    admit("here", principal("here", domain::Scope::of({house.site}, {})));
    admit("here too", principal("here too", domain::Scope::of({house.site}, {})));
  }

  domain::Principal principal(const std::string& login, const domain::Scope& scope) const {
    return {house.account, login, {{domain::Permission::visit_view, scope}}, false};
  }

  VisitId given_another_visit() {
    db::Transaction tx{pool};
    const auto id = test::given_visit(tx, house);
    tx.commit();
    return id;
  }

  static http::Request request(std::string_view address, const std::string& token, http::Headers headers = {}) {
    http::Request request;
    request.method = "GET";
    const auto mark = address.find('?');
    request.path = "/api/v1" + std::string{address.substr(0, mark)};
    if (mark != address.npos) request.query = address.substr(mark + 1);
    request.headers = std::move(headers);
    if (!token.empty()) request.headers.emplace_back("Authorization", "Bearer " + token);
    request.remote = "192.0.2.1";
    request.id = "id-1";
    return request;
  }

  static std::vector<std::optional<http::Response>> together(api::Dispatch& dispatch,
                                                             const std::vector<http::Request>& requests) {
    std::vector<const http::Request*> pointers;
    for (const auto& one : requests) pointers.push_back(&one);
    return dispatch.answer_together(pointers);
  }

  static std::string text_of(const http::Response& response) {
    auto text = fmt::format("{} {}\n{}\n", response.status, response.content_type, response.body);
    // What is left grows less with each request.
    for (const auto& [name, value] : response.headers)
      if (!name.starts_with("RateLimit-")) text += fmt::format("{}: {}\n", name, value);
    return text;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(api_together, Fixture)

BOOST_AUTO_TEST_CASE(each_is_answered_as_if_it_had_come_alone) {
  settings.api.origins = {"https://desk.example.org"};
  const auto second = given_another_visit();
  const auto first_path = fmt::format("/visits/{}/", visit);
  const auto etag = get(first_path).header("ETag");
  const auto page = "/visits/?cursor=&page_size=2";
  const std::vector<http::Request> requests{
      request(first_path, "all"),
      request(fmt::format("/visits/{}", second), "all"),
      request(first_path, "all", {{"If-None-Match", etag}}),
      request(first_path + "?fields=id,status", "all"),
      request(fmt::format("/visits/{}/?fields=id,status", second), "all"),
      request(first_path, "here", {{"Origin", "https://desk.example.org"}}),
      request(fmt::format("/visits/{}/", second), "here too"),
      request(first_path, elsewhere),
      request(fmt::format("/visits/{}/", second), elsewhere),
      request("/visits/999999999/", "all"),
      request(first_path, "none"),
      request(first_path, ""),
      request(first_path, "wrong"),
      request(page, "all"),
      request(page, "all"),
      request("/visits?cursor=&page_size=2", "all"),
      request(page, "here"),
      request(page, "here too"),
      request(page, elsewhere),
      request("/visits/?cursor=nonsense", "all"),
      request("/visits/?cursor=nonsense", "all"),
      request("/visits/active/?cursor=&status=CHECKED_IN", "all"),
  };
  const auto responses = together(*dispatch, requests);
  BOOST_REQUIRE(responses.size() == requests.size());
  std::size_t answered = 0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto alone = dispatch->answer(requests[i]);
    if (!responses[i]) continue;
    ++answered;
    BOOST_TEST(text_of(*responses[i]) == text_of(alone), requests[i].path << "?" << requests[i].query);
  }
  // The active ones have no status, and nobody else asks for just that page.
  BOOST_TEST(answered == requests.size() - 2);
  BOOST_TEST(responses[0]->status == 200);
  BOOST_TEST(responses[2]->status == 304);
  BOOST_TEST(responses[7]->status == 404);
  BOOST_TEST(responses[9]->status == 404);
  BOOST_TEST(responses[10]->status == 403);
  BOOST_TEST(responses[11]->status == 401);
}

BOOST_AUTO_TEST_CASE(what_takes_more_than_one_select_goes_alone) {
  auto write = request(fmt::format("/visits/{}/check-in/", visit), "all");
  write.method = "POST";
  const auto responses = together(
      *dispatch, {write, request("/visits/", "all"), request("/visits/?cursor=&search=anna", "all"),
                  request("/visits/?cursor=&search=anna", "all"), request("/guests/", "all"),
                  request("/guests/", "all"), request("/nothing/", "all"), request("/visits/?cursor=&no=1", "all"),
                  request(fmt::format("/visits/{}/history/", visit), "all")});
  for (const auto& response : responses) BOOST_TEST(!response.has_value());
  BOOST_TEST(get(fmt::format("/visits/{}/", visit)).body.at("status").as_string() == "AWAITING");
}

BOOST_AUTO_TEST_CASE(nobody_waits_for_one_whom_he_shares_nothing_with) {
  const auto path = fmt::format("/visits/{}/", visit);
  const auto responses = together(*dispatch, {request("/visits/?cursor=&page_size=1", "all"), request(path, "all"),
                                              request(path, "all"), request("/visits/?cursor=&page_size=2", "all")});
  BOOST_TEST(!responses[0].has_value());
  BOOST_TEST(responses[1]->status == 200);
  BOOST_TEST(responses[2]->status == 200);
  BOOST_TEST(!responses[3].has_value());
  const auto single = together(*dispatch, {request("/visits/?cursor=&page_size=1", "all")});
  BOOST_TEST(single[0]->status == 200);
}

BOOST_AUTO_TEST_CASE(without_a_database_all_go_alone) {
  api::Dispatch early{[] { return std::optional<api::Parts>{}; }, &doorman, clock};
  for (const auto& response : together(early, {request("/visits/1/", "all"), request("/visits/2/", "all")}))
    BOOST_TEST(!response.has_value());
}

BOOST_AUTO_TEST_CASE(they_share_one_select_for_each_scope) {
  db::PoolOptions options = pool.options();
  options.size = 1;
  db::Pool single{options};
  api::Dispatch shared{
      [&] {
        return std::optional{api::Parts{std::make_shared<const config::Settings>(settings), single, vault}};
      },
      &doorman, clock};
  const auto prepared = [&](const std::string& words) {
    db::Transaction tx{single, {.read_only = true}};
    return tx.row("SELECT count(*) AS count FROM pg_prepared_statements WHERE statement LIKE $1", "%" + words + "%")
        .get<std::int64_t>("count");
  };
  const auto second = fmt::format("/visits/{}/", given_another_visit());
  const auto first = fmt::format("/visits/{}/", visit);

  together(shared, {request(first, "all"), request(first, "here")});
  BOOST_TEST(prepared("WHERE v.id = $1") == 1);
  BOOST_TEST(prepared("WHERE v.id = ANY(ARRAY(") == 0);

  const auto responses =
      together(shared, {request(first, "here"), request(second, "here too"), request(first, "here")});
  BOOST_TEST(prepared("WHERE v.id = ANY(ARRAY(") == 1);
  BOOST_TEST(json::parse(responses[1]->body).at("id").as_int64() != visit.value);
  BOOST_TEST(responses[0]->body == responses[2]->body);
}

BOOST_AUTO_TEST_CASE(each_counts_for_the_limit_of_requests) {
  api::Dispatch strict{[this] { return parts(); }, &doorman, clock, {2, 100}};
  const auto path = fmt::format("/visits/{}/", visit);
  const auto responses = together(strict, {request(path, "all"), request(path, "all"), request(path, "all")});
  BOOST_TEST(responses[0]->status == 200);
  BOOST_TEST(responses[1]->status == 200);
  BOOST_TEST(responses[2]->status == 429);
}

BOOST_AUTO_TEST_CASE(what_was_written_before_they_came_is_what_they_get) {
  const auto path = fmt::format("/visits/{}/", visit);
  together(*dispatch, {request(path, "all"), request(path, "all")});
  ask("POST", fmt::format("/visits/{}/cancel/", visit));
  for (const auto& response : together(*dispatch, {request(path, "all"), request(path, "all")}))
    BOOST_TEST(json::parse(response->body).at("status").as_string() == "CANCELLED");
}

BOOST_AUTO_TEST_CASE(what_lies_out_of_scope_is_on_record_for_each_who_asked) {
  const auto path = fmt::format("/visits/{}/", visit);
  const auto refusals = [&] {
    db::Transaction tx{pool, {.read_only = true}};
    return tx
        .row("SELECT count(*) AS count FROM audit WHERE account_id = $1 AND entity_id = $2 AND action = 'refused'",
             house.account, visit)
        .get<std::int64_t>("count");
  };
  BOOST_TEST(refusals() == 0);
  together(*dispatch, {request(path, elsewhere), request(path, elsewhere)});
  BOOST_TEST(refusals() == 2);
}

BOOST_AUTO_TEST_SUITE_END()
