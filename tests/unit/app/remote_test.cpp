#include <boost/test/unit_test.hpp>
#include <string>

#include "app/json_writer.hpp"
#include "app/remote/house.hpp"
#include "app/remote/json_object.hpp"
#include "core/error.hpp"
#include "domain/visit.hpp"
#include "support/has_code.hpp"

namespace visitor::app {
namespace {

BOOST_AUTO_TEST_SUITE(a_house_elsewhere)

BOOST_AUTO_TEST_CASE(what_the_writer_writes_is_read_back) {
  const Instant at{std::chrono::seconds{1'788'268'073} + std::chrono::microseconds{120'045}};
  for (const auto layout : {JsonWriter::Layout::indented, JsonWriter::Layout::line}) {
    JsonWriter writer{layout};
    writer.begin_object().member("id", VisitId{42}).member("name", "a \"b\", {c} [d]: \\ \n \xD0\x96");
    writer.member("at", at).member("none", std::optional<Instant>{}).member("yes", true).member("minus", -7);
    writer.member("status", domain::name(domain::VisitStatus::no_show)).text_member("empty", "");
    writer.key("raw").raw(R"({"b": 1.50, "a": ["x, ]", {}]})");
    writer.key("site").begin_object().member("id", SiteId{3}).member("name", "Here").end();
    writer.key("rows").begin_array().begin_object().member("n", 1).end().begin_object().member("n", 2).end().end();
    writer.key("numbers").begin_array().value(1).value(22).end().key("texts").begin_array().value("a,b").end();
    const auto text = writer.end().take();
    const JsonObject json{text};

    BOOST_TEST(json.id<VisitId>("id").value == 42);
    BOOST_TEST(json.text("name") == "a \"b\", {c} [d]: \\ \n \xD0\x96");
    BOOST_TEST(json.instant("at") == at);
    BOOST_TEST(!json.maybe_instant("none").has_value());
    BOOST_TEST(json.yes("yes"));
    BOOST_TEST(json.integer("minus") == -7);
    BOOST_TEST((json.named<domain::VisitStatus>("status") == domain::VisitStatus::no_show));
    BOOST_TEST(json.text("empty").empty());
    BOOST_TEST(!json.maybe_text("empty").has_value());
    BOOST_TEST(json.raw("raw") == R"({"b": 1.50, "a": ["x, ]", {}]})");
    std::string name;
    BOOST_TEST(json.named_thing<SiteId>("site", name)->value == 3);
    BOOST_TEST(name == "Here");
    BOOST_REQUIRE_EQUAL(json.objects("rows").size(), 2U);
    BOOST_TEST(json.objects("rows")[1].integer("n") == 2);
    BOOST_TEST((json.numbers("numbers") == std::vector<std::int64_t>{1, 22}));
    BOOST_TEST((json.texts("texts") == std::vector<std::string>{"a,b"}));
  }
}

BOOST_AUTO_TEST_CASE(an_answer_of_another_kind_is_refused_by_the_name_of_what_is_wrong) {
  const std::string text =
      R"({"id": "x", "big": 99999999999999999999, "wide": 4294967296, "at": "soon", "span": "7d", "status": "NEW",)"
      R"( "list": {"a": 1}, "mixed": [1, "a"], "none": null})";
  const JsonObject json{text};
  const auto refused = [](const Error& error) {
    return error.code() == Errc::failed && error.hint().find("--version") != std::string::npos;
  };
  BOOST_CHECK_EXCEPTION(json.number("id"), Error, refused);
  BOOST_CHECK_EXCEPTION(json.number("big"), Error, refused);
  BOOST_CHECK_EXCEPTION(json.integer("wide"), Error, refused);
  BOOST_CHECK_EXCEPTION(json.instant("at"), Error, refused);
  BOOST_CHECK_EXCEPTION(json.instant("span"), Error, refused);
  BOOST_CHECK_EXCEPTION(json.named<domain::VisitStatus>("status"), Error, refused);
  BOOST_CHECK_EXCEPTION(json.yes("id"), Error, refused);
  BOOST_CHECK_EXCEPTION(json.text("wide"), Error, refused);
  BOOST_CHECK_EXCEPTION(json.objects("list"), Error, refused);
  BOOST_CHECK_EXCEPTION(json.objects("mixed"), Error, refused);
  BOOST_CHECK_EXCEPTION(json.numbers("mixed"), Error, refused);
  BOOST_CHECK_EXCEPTION(json.texts("mixed"), Error, refused);
  BOOST_CHECK_EXCEPTION(json.number("none"), Error, refused);
  BOOST_CHECK_EXCEPTION(json.text("missing"), Error,
                        [](const Error& error) { return error.message().find("'missing'") != std::string::npos; });
  for (const auto* other : {"[]", "1", "\"a\"", "null"}) BOOST_CHECK_EXCEPTION(JsonObject{other}, Error, refused);
}

BOOST_AUTO_TEST_CASE(what_stands_in_an_address_is_escaped_and_what_is_empty_is_left_out) {
  Query query;
  query.add("search", std::string{"a&b=c d/\xD0\x96"}).add("none", std::string{}).add("site", std::optional<SiteId>{});
  query.add("guest", std::optional{GuestId{7}});
  query.add("since", std::optional{Instant{std::chrono::seconds{0}}}).add_flag("all", false).add_flag("x", true);
  BOOST_TEST(query.text() == "?search=a%26b%3Dc%20d%2F%D0%96&guest=7&since=1970-01-01T00%3A00%3A00Z&x=true");
  BOOST_TEST(Query{}.by_cursor().add("a", std::string{"1"}).text() == "?cursor=&a=1");
  BOOST_TEST(Query{}.text().empty());
}

BOOST_AUTO_TEST_CASE(only_addresses_of_the_api_are_gone_on_with) {
  BOOST_TEST(below_api("/api/v1/visits/?cursor=1.2") == "/visits/?cursor=1.2");
  BOOST_TEST(below_api("https://elsewhere.example/api/v1/visits/").empty());
  BOOST_TEST(below_api("").empty());
}

BOOST_AUTO_TEST_CASE(a_key_does_not_go_over_the_network_in_the_clear) {
  const auto server = [](const char* url) { return ApiServer{url, Secret{std::string_view{"vak_x"}}, {}}; };
  for (const auto* url : {"http://192.0.2.1", "http://example.org:8480", "http://127.example.org", "ftp://localhost",
                          "https://example.org/path", "nonsense"})
    BOOST_CHECK_EXCEPTION((RemoteHouse{server(url), Instant{}}), Error, test::has_code(Errc::usage));
  for (const auto* url : {"http://127.0.0.1:8480", "http://localhost", "http://[::1]:8480", "https://example.org/"})
    BOOST_CHECK_NO_THROW((RemoteHouse{server(url), Instant{}}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace visitor::app
