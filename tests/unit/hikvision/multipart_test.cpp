#include "hikvision/multipart.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

namespace visitor::hikvision {
namespace {

struct Split {
  std::vector<Part> parts;
  std::size_t skipped = 0;

  std::string bodies() const {
    std::string all;
    for (const auto& part : parts) all += "|" + part.body;
    return all;
  }
};

Split split(std::string_view stream, std::string_view boundary = "B", std::size_t piece = std::string::npos,
            MultipartLimits limits = {}) {
  Split result;
  const auto take = [&](Part&& part) { result.parts.push_back(std::move(part)); };
  MultipartSplitter splitter{boundary, limits};
  while (!stream.empty()) {
    const auto head = stream.substr(0, piece);
    splitter.feed(head, take);
    stream.remove_prefix(head.size());
  }
  splitter.finish(take);
  result.skipped = splitter.skipped();
  return result;
}

/// What is handed out before the stream has ended.
std::vector<Part> so_far(std::string_view stream, std::string_view boundary = "B") {
  std::vector<Part> parts;
  MultipartSplitter splitter{boundary};
  splitter.feed(stream, [&](Part&& part) { parts.push_back(std::move(part)); });
  return parts;
}

const std::string kStream =
    "preamble\r\n--B\r\nContent-Type: application/json; charset=\"UTF-8\"\r\nContent-Length: "
    "13\r\n\r\n{\"a\":\"}{\\\"\"}"
    "\r\n--B\r\nContent-Disposition: form-data; name=\"Picture\"; filename=\"Picture.jpg\"\r\n"
    "Content-Type: image/jpeg\r\nContent-ID: pictureImage\r\n\r\n\xFF\xD8\r\n--Bx\r\n\xFF\xD9\r\n"
    "--B\r\nContent-Type: application/xml\r\n\r\n<?xml version=\"1.0\"?>\r\n<E "
    "v=\"1\"><a>1</a></E>\r\n--B\r\n\r\n{}\r\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(multipart)

BOOST_AUTO_TEST_CASE(parts_come_out_the_same_wherever_the_stream_is_cut) {
  const auto whole = split(kStream);
  BOOST_REQUIRE(whole.parts.size() == 4U);
  BOOST_TEST(whole.parts[0].content_type == "application/json");
  BOOST_TEST(whole.parts[0].content_length.value() == 13U);
  BOOST_TEST(whole.parts[0].body == R"({"a":"}{\""})");
  BOOST_TEST(whole.parts[0].is_text());
  BOOST_TEST(whole.parts[1].name == "Picture");
  BOOST_TEST(whole.parts[1].file_name == "Picture.jpg");
  BOOST_TEST(whole.parts[1].content_id == "pictureImage");
  BOOST_TEST(whole.parts[1].content_type == "image/jpeg");
  BOOST_TEST(!whole.parts[1].is_text());
  BOOST_TEST(whole.parts[1].body == "\xFF\xD8\r\n--Bx\r\n\xFF\xD9");
  BOOST_TEST(whole.parts[2].body == "<?xml version=\"1.0\"?>\r\n<E v=\"1\"><a>1</a></E>");
  BOOST_TEST(whole.parts[3].body == "{}");
  for (std::size_t piece = 1; piece < kStream.size(); ++piece)
    BOOST_TEST_CONTEXT("pieces of " << piece) BOOST_TEST(split(kStream, "B", piece).bodies() == whole.bodies());
}

BOOST_AUTO_TEST_CASE(lines_may_end_in_lf_alone) {
  BOOST_TEST(split("--B\nContent-Type: application/json\n\n{\"a\":1}\n--B\n\n{\"b\":2}\n--B--\n").bodies() ==
             "|{\"a\":1}|{\"b\":2}");
}

BOOST_AUTO_TEST_CASE(the_boundary_may_have_its_dashes_in_the_header_or_none_on_the_line) {
  BOOST_TEST(split("--X\r\n\r\n{\"a\":1}\r\n--X\r\n\r\n{\"b\":2}", "--X").bodies() == "|{\"a\":1}|{\"b\":2}");
  BOOST_TEST(split("----X\r\n\r\n{\"a\":1}\r\n----X--\r\n", "--X").bodies() == "|{\"a\":1}");
  BOOST_TEST(split("boundary\r\n\r\n{\"a\":1}\r\nboundary\r\n\r\n{\"b\":2}\r\n", "boundary").bodies() ==
             "|{\"a\":1}|{\"b\":2}");
}

BOOST_AUTO_TEST_CASE(content_length_is_not_believed) {
  for (const auto* length : {"", "Content-Length: 2\r\n", "Content-Length: 90000\r\n", "Content-Length: x\r\n"})
    BOOST_TEST_CONTEXT(length)
  BOOST_TEST(
      split("--B\r\n" + std::string{length} + "\r\n{\"a\":[1,2]}\r\n--B\r\n" + length + "\r\n{\"b\":2}\r\n--B\r\n")
          .bodies() == "|{\"a\":[1,2]}|{\"b\":2}");
}

BOOST_AUTO_TEST_CASE(an_event_does_not_wait_for_the_next_one) {
  BOOST_TEST(so_far("--B\r\nContent-Type: application/json\r\n\r\n{\"a\":{\"b\":1}").empty());
  BOOST_TEST(so_far("--B\r\nContent-Type: application/json\r\n\r\n{\"a\":{\"b\":1}}").size() == 1U);
  BOOST_TEST(so_far("--B\r\n\r\n<?xml version=\"1.0\"?><E><a/></E").empty());
  BOOST_TEST(so_far("--B\r\n\r\n<?xml version=\"1.0\"?><E><a/></E>").size() == 1U);
  BOOST_TEST(so_far("--B\r\nContent-Type: image/jpeg\r\nContent-Length: 3\r\n\r\nabc").empty());
}

BOOST_AUTO_TEST_CASE(a_truncated_object_does_not_swallow_the_next_part) {
  const auto result = split("--B\r\n\r\n{\"a\":\"cut off\r\n--B\r\n\r\n{\"b\":\"2\"}\r\n--B\r\n\r\n{\"c\":3}\r\n");
  BOOST_TEST(result.bodies() == "|{\"a\":\"cut off|{\"b\":\"2\"}|{\"c\":3}");
}

BOOST_AUTO_TEST_CASE(a_part_over_its_limit_is_skipped_and_the_stream_goes_on) {
  const MultipartLimits limits{.headers = 100, .text_part = 50, .other_part = 80};
  const std::string stream = "--B\r\n\r\n{\"a\":\"" + std::string(60, 'x') + "\"}\r\n--B\r\n\r\n{\"b\":2}\r\n--B\r\n" +
                             "Content-Type: image/jpeg\r\n\r\n" + std::string(81, 'y') +
                             "\r\n--B\r\nX: " + std::string(120, 'z') + "\r\n\r\n{}\r\n--B\r\n\r\n{\"c\":3}\r\n";
  for (const std::size_t piece : {std::string::npos, std::size_t{1}, std::size_t{7}, std::size_t{64}}) {
    const auto result = split(stream, "B", piece, limits);
    BOOST_TEST(result.bodies() == "|{\"b\":2}|{\"c\":3}");
    BOOST_TEST(result.skipped == 3U);
  }
}

BOOST_AUTO_TEST_CASE(endless_garbage_is_not_hoarded_and_ends_at_the_next_delimiter) {
  MultipartSplitter splitter{"B"};
  std::vector<std::string> bodies;
  const auto take = [&](Part&& part) { bodies.push_back(part.body); };
  const std::string garbage(1 << 20, 'g');
  for (int i = 0; i < 20; ++i) splitter.feed(garbage, take);
  splitter.feed("\r\n--B\r\n\r\n{\"a\":1}", take);
  BOOST_TEST(bodies.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_missing_blank_line_and_empty_parts_are_survived) {
  BOOST_TEST(split("--B\r\nContent-Type: application/json\r\n{\"a\":1}\r\n--B\r\n--B\r\n\r\n--B\r\n\r\n{\"b\":2}\r\n")
                 .bodies() == "|{\"a\":1}|{\"b\":2}");
}

BOOST_AUTO_TEST_CASE(the_boundary_is_read_from_the_header_or_the_first_line) {
  BOOST_TEST(boundary_of("multipart/mixed; boundary=MIME_boundary").value() == "MIME_boundary");
  BOOST_TEST(boundary_of("Multipart/form-data; charset=utf-8; boundary=\"a b\"").value() == "a b");
  BOOST_TEST(boundary_of("multipart/mixed;boundary=--X;x=y").value() == "--X");
  BOOST_TEST(!boundary_of("application/json"));
  BOOST_TEST(!boundary_of("multipart/mixed"));
  BOOST_TEST(guess_boundary("\r\n--MIME_boundary\r\nContent-Type: x").value() == "MIME_boundary");
  BOOST_TEST(!guess_boundary("{\"a\":1}"));
  BOOST_TEST(!guess_boundary("--"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::hikvision
