#include "archive/s3_target.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "archive/s3_digest.hpp"
#include "core/error.hpp"
#include "support/has_code.hpp"
#include "support/manual_clock.hpp"
#include "support/s3_fake.hpp"

namespace visitor::archive {
namespace {

using namespace std::chrono_literals;
using test::has_code;
using test::S3Fake;
using test::says;
namespace json = boost::json;

constexpr std::size_t kMiB = std::size_t{1} << 20;
constexpr std::size_t kPart = 5 * kMiB;

/// Bytes without a period that parts could share.
std::string bytes(std::size_t count) {
  std::string out(count, '\0');
  std::uint32_t state = 1;
  for (auto& c : out) {
    state = state * 1'664'525U + 1'013'904'223U;
    c = static_cast<char>(state >> 24U);
  }
  return out;
}

std::span<const std::byte> view(std::string_view text) {
  return std::as_bytes(std::span{text});
}

struct Bucket {
  explicit Bucket(const std::string& arguments = "") : fake(arguments) {
    options.s3.endpoint = fake.endpoint();
    options.s3.part_bytes = kPart;
    options.s3.attempts = 4;
    options.s3.request_timeout = 5s;
    options.s3.pause = [this](std::chrono::milliseconds time) { pauses.push_back(time); };
  }

  std::unique_ptr<Target> open(const std::string& prefix = "house") {
    return open_s3_target("backups", prefix, options, credentials);
  }
  void upload(Target& target, std::string_view name, std::string_view content, std::size_t at_once = 1'000'000) {
    const auto upload = target.put(name);
    for (std::size_t i = 0; i < content.size(); i += at_once) upload->write(view(content.substr(i, at_once)));
    upload->commit();
  }
  static std::string download(Target& target, std::string_view name, std::uint64_t from = 0) {
    const auto download = target.get(name, from);
    std::string out;
    std::array<std::byte, 70'000> buffer{};
    while (const auto got = download->read(buffer)) out.append(reinterpret_cast<const char*>(buffer.data()), got);
    return out;
  }
  bool holds(std::string_view key, std::string_view content) {
    const auto state = fake.state();
    const auto* found = state.at("objects").as_object().if_contains(key);
    return found != nullptr && found->at("sha256").as_string() == sha256_hex(content);
  }
  bool is_empty() {
    const auto state = fake.state();
    return state.at("objects").as_object().empty() && state.at("uploads").as_object().empty();
  }
  json::object headers(std::string_view key) { return fake.state().at("objects").at(key).at("headers").as_object(); }

  S3Fake fake;
  std::vector<std::chrono::milliseconds> pauses;
  TargetOptions options;
  S3Credentials credentials = S3Fake::credentials();
};

struct LockedBucket : Bucket {
  LockedBucket() : Bucket("--object-lock") {}
};

BOOST_AUTO_TEST_SUITE(s3_target)

BOOST_FIXTURE_TEST_CASE(what_fits_into_a_part_goes_up_in_one_request_and_comes_back, Bucket) {
  const auto target = open();
  BOOST_TEST(target->address() == "s3://backups/house");
  const auto content = bytes(100'001);
  upload(*target, "2026/a.vbk", content, 777);
  BOOST_TEST(holds("house/2026/a.vbk", content));
  BOOST_TEST(fake.count("PUT", "") == 1);
  BOOST_TEST((download(*target, "2026/a.vbk") == content));
  BOOST_TEST(pauses.empty());
}

BOOST_FIXTURE_TEST_CASE(what_is_larger_goes_up_in_parts_and_comes_back_from_any_byte, Bucket) {
  const auto target = open("");
  const auto content = bytes(2 * kPart + 12'345);
  upload(*target, "large", content);
  BOOST_TEST(holds("large", content));
  BOOST_TEST(fake.count("PUT", "partNumber=") == 3);
  BOOST_TEST((download(*target, "large") == content));
  BOOST_TEST(fake.count("GET", "/backups/large") == 3);
  BOOST_TEST((download(*target, "large", kPart + 3) == content.substr(kPart + 3)));
  BOOST_TEST((download(*target, "large", content.size() - 1) == content.substr(content.size() - 1)));
  BOOST_TEST(download(*target, "large", content.size()).empty());
  BOOST_TEST(download(*target, "large", content.size() + 10).empty());
}

BOOST_FIXTURE_TEST_CASE(an_object_of_one_part_exactly_and_an_empty_one_are_sent_whole, Bucket) {
  const auto target = open();
  const auto content = bytes(kPart);
  upload(*target, "full", content);
  upload(*target, "empty", "");
  BOOST_TEST(holds("house/full", content));
  BOOST_TEST(holds("house/empty", ""));
  BOOST_TEST(fake.count("POST", "uploads") == 0);
  BOOST_TEST(download(*target, "empty").empty());
}

BOOST_FIXTURE_TEST_CASE(an_upload_without_a_commit_leaves_nothing, Bucket) {
  const auto target = open();
  const auto content = bytes(kPart + 1);
  target->put("small")->write(view("some"));
  auto large = target->put("large");
  large->write(view(content));
  BOOST_TEST(fake.state().at("uploads").as_object().size() == 1U);
  BOOST_TEST(target->list("").empty());
  large.reset();
  BOOST_TEST(is_empty());
}

const std::vector<std::string> kPassing{"slow_down",   "internal",   "busy_in_body", "drop_in_body", "drop",
                                        "drop_answer", "wrong_etag", "bad_digest",   "corrupt"};

BOOST_DATA_TEST_CASE_F(Bucket, a_passing_fault_in_a_part_does_not_show_in_the_object, kPassing, what) {
  const auto target = open();
  const auto content = bytes(2 * kPart + 1);
  fake.fault("PUT", "partNumber=2", what);
  upload(*target, "a", content);
  BOOST_TEST(holds("house/a", content));
  BOOST_TEST(fake.state().at("uploads").as_object().empty());
}

BOOST_DATA_TEST_CASE_F(Bucket, a_passing_fault_in_a_whole_object_does_not_show_either, kPassing, what) {
  const auto target = open();
  const auto content = bytes(200'000);
  fake.fault("PUT", "house/a", what);
  upload(*target, "a", content);
  BOOST_TEST(holds("house/a", content));
}

BOOST_FIXTURE_TEST_CASE(a_part_whose_answer_was_lost_is_looked_up_and_not_sent_again, Bucket) {
  options.s3.request_timeout = 700ms;
  const auto target = open();
  const auto content = bytes(2 * kPart + 1);
  fake.fault("PUT", "partNumber=2", "hang");
  upload(*target, "a", content);
  BOOST_TEST(holds("house/a", content));
  BOOST_TEST(fake.count("PUT", "partNumber=2") == 1);
  BOOST_TEST(fake.count("GET", "part-number-marker=1") == 1);
}

BOOST_FIXTURE_TEST_CASE(a_part_that_did_not_arrive_is_sent_again_after_the_look_up, Bucket) {
  const auto target = open();
  const auto content = bytes(kPart + 1);
  fake.fault("PUT", "partNumber=1", "internal");
  upload(*target, "a", content);
  BOOST_TEST(holds("house/a", content));
  BOOST_TEST(fake.count("PUT", "partNumber=1") == 2);
  BOOST_TEST(fake.count("GET", "part-number-marker=0") == 1);
}

BOOST_DATA_TEST_CASE_F(Bucket, an_upload_is_complete_once_although_completing_it_stumbles,
                       (std::vector<std::string>{"late_error", "internal", "drop", "drop_answer", "hang"}), what) {
  options.s3.request_timeout = 700ms;
  const auto target = open();
  const auto content = bytes(kPart + 1);
  fake.fault("POST", "uploadId=", what);
  upload(*target, "a", content);
  BOOST_TEST(holds("house/a", content));
  BOOST_TEST(fake.state().at("uploads").as_object().empty());
}

BOOST_FIXTURE_TEST_CASE(bytes_that_change_on_their_way_each_time_are_an_integrity_error_and_leave_nothing, Bucket) {
  const auto target = open();
  fake.fault("PUT", "", "corrupt", 99);
  BOOST_CHECK_EXCEPTION(upload(*target, "small", "some bytes"), Error,
                        says(Errc::integrity, "s3://backups/house/small"));
  BOOST_TEST(is_empty());
  BOOST_CHECK_EXCEPTION(upload(*target, "large", bytes(kPart + 1)), Error, has_code(Errc::integrity));
  BOOST_TEST(is_empty());
}

BOOST_FIXTURE_TEST_CASE(an_object_of_another_size_than_was_sent_does_not_stay, Bucket) {
  const auto target = open();
  fake.fault("HEAD", "", "other_size");
  BOOST_CHECK_EXCEPTION(upload(*target, "a", "some bytes"), Error, says(Errc::integrity, "10 bytes went there"));
  BOOST_TEST(is_empty());
}

BOOST_FIXTURE_TEST_CASE(parts_put_together_wrongly_do_not_stay, Bucket) {
  const auto target = open();
  fake.fault("HEAD", "", "wrong_etag", 99);
  const auto content = bytes(kPart + 1);
  BOOST_CHECK_EXCEPTION(upload(*target, "a", content), Error, has_code(Errc::integrity));
  BOOST_TEST(is_empty());
}

BOOST_FIXTURE_TEST_CASE(a_server_that_stays_busy_is_given_up_after_growing_waits_and_nothing_is_left, Bucket) {
  const auto target = open();
  fake.fault("PUT", "", "slow_down", 99);
  BOOST_CHECK_EXCEPTION(upload(*target, "a", bytes(kPart + 1)), Error, says(Errc::failed, "503 SlowDown"));
  BOOST_TEST(fake.count("PUT", "partNumber=1") == 4);
  BOOST_TEST(is_empty());
  BOOST_REQUIRE(pauses.size() == 3U);
  for (std::size_t i = 0; i < pauses.size(); ++i) {
    BOOST_TEST(pauses[i].count() >= 250 << i);
    BOOST_TEST(pauses[i].count() <= 500 << i);
  }
}

BOOST_FIXTURE_TEST_CASE(a_server_that_is_not_there_is_named, Bucket) {
  options.s3.endpoint = "http://127.0.0.1:1";
  const auto target = open();
  BOOST_CHECK_EXCEPTION(upload(*target, "a", "x"), Error, says(Errc::failed, "127.0.0.1 port 1 refuses connections"));
  BOOST_TEST(pauses.size() == 3U);
}

BOOST_FIXTURE_TEST_CASE(an_upload_that_has_failed_takes_nothing_more, Bucket) {
  const auto target = open();
  const auto upload = target->put("a");
  fake.fault("PUT", "", "denied", 99);
  upload->write(view("x"));
  BOOST_CHECK_EXCEPTION(upload->commit(), Error, has_code(Errc::denied));
  fake.fault("PUT", "", "denied", 0);
  BOOST_CHECK_EXCEPTION(upload->commit(), Error, says(Errc::failed, "is over"));
  BOOST_CHECK_EXCEPTION(upload->write(view("x")), Error, says(Errc::failed, "is over"));
  BOOST_TEST(is_empty());
}

BOOST_AUTO_TEST_CASE(clocks_that_differ_are_named_with_both_times) {
  Bucket bucket{"--skew 1200"};
  const test::ManualClock clock{test::at("2026-11-22T03:00:00Z")};
  bucket.options.clock = &clock;
  const auto target = bucket.open();
  const auto names_both = [](const Error& error) {
    return error.code() == Errc::failed &&
           error.message().find("it is 2026-11-22T03:00:00Z here and 20") != std::string::npos &&
           error.message().ends_with("Z there") && error.hint().find("clock") != std::string::npos;
  };
  BOOST_CHECK_EXCEPTION(target->list(""), Error, names_both);
  BOOST_TEST(bucket.pauses.empty());
}

BOOST_FIXTURE_TEST_CASE(wrong_credentials_are_said_to_be_so_and_are_not_shown, Bucket) {
  const auto no_secret = [](const Error& error, std::string_view text) {
    return error.code() == Errc::denied && error.message().find(text) != std::string::npos &&
           error.message().find("hunter2") == std::string::npos && error.hint().find("hunter2") == std::string::npos;
  };
  credentials.secret = Secret{"hunter2"};
  BOOST_CHECK_EXCEPTION(open()->list(""), Error,
                        [&](const Error& e) { return no_secret(e, "refuses the signature made with the key from"); });
  credentials.access_key = "AKIDNOBODY";
  BOOST_CHECK_EXCEPTION(open()->list(""), Error,
                        [&](const Error& e) { return no_secret(e, "does not know the access key from the test"); });
  BOOST_TEST(pauses.empty());
}

BOOST_FIXTURE_TEST_CASE(what_the_key_may_not_do_is_denied_and_named, Bucket) {
  const auto target = open();
  fake.fault("GET", "", "denied");
  BOOST_CHECK_EXCEPTION(target->get("a"), Error, says(Errc::denied, "GET of s3://backups/house/a: 403 AccessDenied"));
}

BOOST_AUTO_TEST_CASE(the_region_of_the_bucket_is_named_where_it_is_another_one) {
  Bucket bucket{"--region eu-central-1"};
  BOOST_CHECK_EXCEPTION(bucket.open()->list(""), Error,
                        says(Errc::config, "is in the region eu-central-1, not us-east-1"));
}

BOOST_FIXTURE_TEST_CASE(a_bucket_that_does_not_exist_is_named, Bucket) {
  const auto target = open_s3_target("nothing-here", "", options, credentials);
  BOOST_CHECK_EXCEPTION(target->list(""), Error, says(Errc::not_found, "there is no bucket nothing-here"));
}

BOOST_AUTO_TEST_CASE(temporary_credentials_sign_their_token) {
  Bucket bucket{"--token FwoGZXIvYXdzEXAMPLE"};
  BOOST_CHECK_EXCEPTION(bucket.open()->list(""), Error, says(Errc::failed, "InvalidToken"));
  bucket.credentials.token = Secret{"FwoGZXIvYXdzEXAMPLE"};
  BOOST_TEST(bucket.open()->list("").empty());
}

BOOST_FIXTURE_TEST_CASE(a_web_page_is_not_taken_for_a_list, Bucket) {
  const auto target = open();
  fake.fault("GET", "", "no_xml");
  BOOST_CHECK_EXCEPTION(target->list(""), Error, says(Errc::failed, "is not what S3 says"));
}

BOOST_FIXTURE_TEST_CASE(a_lock_is_asked_for_and_seen, LockedBucket) {
  const test::ManualClock clock{std::chrono::floor<std::chrono::seconds>(SystemClock{}.now())};
  options.clock = &clock;
  options.s3.lock_mode = "GOVERNANCE";
  options.s3.lock_for = 24h;
  const auto target = open();
  upload(*target, "small", "x");
  upload(*target, "large", bytes(kPart + 1));
  for (const auto* key : {"house/small", "house/large"}) {
    BOOST_TEST(headers(key).at("x-amz-object-lock-mode").as_string() == "GOVERNANCE");
    BOOST_TEST(headers(key).at("x-amz-object-lock-retain-until-date").as_string() == to_iso(clock.now() + 24h));
  }
  target->remove("small");
  BOOST_TEST(fake.state().at("deleted").as_array().size() == 1U);  // hidden, and still there
}

BOOST_FIXTURE_TEST_CASE(a_lock_that_the_server_forgets_is_a_failure, LockedBucket) {
  options.s3.lock_mode = "COMPLIANCE";
  options.s3.lock_for = 24h;
  const auto target = open();
  fake.fault("PUT", "", "no_lock");
  BOOST_CHECK_EXCEPTION(upload(*target, "a", "x"), Error, says(Errc::failed, "shows none"));
  BOOST_TEST(is_empty());
}

BOOST_FIXTURE_TEST_CASE(a_bucket_without_object_lock_refuses_one, Bucket) {
  options.s3.lock_mode = "GOVERNANCE";
  options.s3.lock_for = 24h;
  const auto target = open();
  BOOST_CHECK_EXCEPTION(upload(*target, "a", "x"), Error, says(Errc::failed, "Bucket is missing Object Lock"));
  BOOST_CHECK_EXCEPTION(upload(*target, "a", bytes(kPart + 1)), Error, has_code(Errc::failed));
  BOOST_TEST(is_empty());
}

BOOST_FIXTURE_TEST_CASE(storage_class_and_encryption_are_asked_for, Bucket) {
  options.s3.storage_class = "STANDARD_IA";
  options.s3.encryption = "aws:kms";  // with that, entity tags are no MD5
  options.s3.kms_key = "alias/backup";
  const auto target = open();
  upload(*target, "small", "x");
  upload(*target, "large", bytes(kPart + 1));
  for (const auto* key : {"house/small", "house/large"}) {
    BOOST_TEST(headers(key).at("x-amz-storage-class").as_string() == "STANDARD_IA");
    BOOST_TEST(headers(key).at("x-amz-server-side-encryption").as_string() == "aws:kms");
    BOOST_TEST(headers(key).at("x-amz-server-side-encryption-aws-kms-key-id").as_string() == "alias/backup");
  }
  options.s3.storage_class = "COLDEST";
  BOOST_CHECK_EXCEPTION(upload(*open(), "a", "x"), Error, says(Errc::failed, "InvalidStorageClass"));
}

BOOST_FIXTURE_TEST_CASE(options_that_make_no_sense_are_refused, Bucket) {
  const auto refused = [&](auto set) {
    auto changed = options;
    set(changed.s3);
    BOOST_CHECK_EXCEPTION(open_s3_target("backups", "", changed, credentials), Error, has_code(Errc::config));
  };
  refused([](S3Options& s3) { s3.encryption = "rot13"; });
  refused([](S3Options& s3) { s3.kms_key = "alias/backup"; });
  refused([](S3Options& s3) { s3.lock_mode = "FOREVER", s3.lock_for = 1h; });
  refused([](S3Options& s3) { s3.lock_mode = "GOVERNANCE"; });
  refused([](S3Options& s3) { s3.lock_for = 1h; });
  refused([](S3Options& s3) { s3.storage_class = "TWO\r\nLINES"; });
  refused([](S3Options& s3) { s3.endpoint += "/path"; });
}

BOOST_AUTO_TEST_CASE(a_list_of_several_pages_has_every_object_once_by_name) {
  Bucket bucket{"--page 2"};
  const auto target = bucket.open();
  for (const auto* name : {"b", "a/2", "a/1", "c", "d"}) bucket.upload(*target, name, name);
  bucket.upload(*bucket.open("household"), "x", "not ours");
  std::vector<std::string> names;
  for (const auto& object : target->list("")) {
    names.push_back(object.name);
    BOOST_TEST(object.size == object.name.size());
    BOOST_TEST(std::chrono::abs(SystemClock{}.now() - object.modified) < 60s);
  }
  BOOST_TEST(names == (std::vector<std::string>{"a/1", "a/2", "b", "c", "d"}), boost::test_tools::per_element());
  BOOST_TEST(target->list("a/").size() == 2U);
  BOOST_TEST(target->list("nothing").empty());
  bucket.fake.fault("GET", "continuation-token", "same_page", 99);
  BOOST_CHECK_EXCEPTION(target->list(""), Error, has_code(Errc::failed));
}

BOOST_FIXTURE_TEST_CASE(what_has_no_name_of_ours_is_not_listed, Bucket) {
  const auto outer = open("");
  upload(*outer, "house/good", "x");
  const auto target = open();
  BOOST_TEST(target->list("").size() == 1U);
  BOOST_CHECK_EXCEPTION(target->put("../evil"), Error, has_code(Errc::usage));
  BOOST_CHECK_EXCEPTION(target->get("/etc/passwd"), Error, has_code(Errc::usage));
}

BOOST_AUTO_TEST_CASE(what_a_killed_upload_left_is_swept_if_it_is_old_enough) {
  Bucket bucket{"--page 1"};
  const auto content = bytes(kPart + 1);
  const auto target = bucket.open();
  const auto other = bucket.open("elsewhere");
  const auto first = target->put("a");
  const auto second = target->put("b");
  const auto foreign = other->put("c");
  for (auto* upload : {first.get(), second.get(), foreign.get()}) upload->write(view(content));
  const auto now = SystemClock{}.now();
  BOOST_TEST(target->sweep(now - 1h) == 0U);
  BOOST_TEST(bucket.fake.state().at("uploads").as_object().size() == 3U);
  BOOST_TEST(target->sweep(now + 1h) == 2U);
  BOOST_TEST(bucket.fake.state().at("uploads").as_object().size() == 1U);
  BOOST_TEST(target->list("").empty());
}

BOOST_FIXTURE_TEST_CASE(removing_twice_is_no_error_and_reading_what_is_gone_is, Bucket) {
  const auto target = open();
  upload(*target, "a", "x");
  target->remove("a");
  target->remove("a");
  BOOST_CHECK_EXCEPTION(target->get("a"), Error, says(Errc::not_found, "s3://backups/house/a does not exist"));
}

BOOST_DATA_TEST_CASE_F(Bucket, a_download_goes_on_where_it_was_cut,
                       (std::vector<std::string>{"cut", "drop", "internal", "slow_down"}), what) {
  const auto target = open();
  const auto content = bytes(2 * kPart + 100);
  upload(*target, "a", content);
  const auto before = fake.count("GET", "house/a");
  const auto download = target->get("a");
  fake.fault("GET", "house/a", what);
  std::string out;
  std::array<std::byte, 100'000> buffer{};
  while (const auto got = download->read(buffer)) out.append(reinterpret_cast<const char*>(buffer.data()), got);
  BOOST_TEST((out == content));
  BOOST_TEST(fake.count("GET", "house/a") - before == 4);
}

BOOST_FIXTURE_TEST_CASE(an_object_that_is_replaced_while_it_is_read_is_not_mixed, Bucket) {
  const auto target = open();
  upload(*target, "a", bytes(kPart + 100));
  const auto download = target->get("a");
  upload(*target, "a", bytes(kPart + 200));
  std::vector<std::byte> buffer(kPart);
  BOOST_TEST(download->read(buffer) == kPart);
  BOOST_CHECK_EXCEPTION(download->read(buffer), Error, says(Errc::conflict, "was replaced while it was read"));
}

BOOST_FIXTURE_TEST_CASE(a_server_without_ranges_serves_small_objects_all_the_same, Bucket) {
  const auto target = open();
  upload(*target, "a", "0123456789");
  fake.fault("GET", "", "no_range", 2);
  BOOST_TEST(download(*target, "a", 4) == "456789");
  BOOST_TEST(download(*target, "a", 20).empty());
}

BOOST_FIXTURE_TEST_CASE(a_stop_request_ends_the_waiting, Bucket) {
  std::stop_source stop;
  options.stop = stop.get_token();
  options.s3.pause = [&](std::chrono::milliseconds) { stop.request_stop(); };
  const auto target = open();
  fake.fault("PUT", "", "slow_down", 99);
  BOOST_CHECK_EXCEPTION(upload(*target, "a", "x"), Error, has_code(Errc::interrupted));
  BOOST_TEST(fake.count("PUT", "") == 1);
}

BOOST_FIXTURE_TEST_CASE(the_bucket_can_stand_in_the_host_name, Bucket) {
  options.s3.endpoint = "http://s3.invalid:8080";
  options.s3.addressing = S3Options::Addressing::host;
  options.s3.attempts = 1;
  BOOST_CHECK_EXCEPTION(open()->list(""), Error, says(Errc::failed, "'backups.s3.invalid'"));
  options.s3.addressing = S3Options::Addressing::automatic;
  BOOST_CHECK_EXCEPTION(open()->list(""), Error, says(Errc::failed, "'s3.invalid'"));
}

BOOST_AUTO_TEST_CASE(parts_grow_so_that_ten_thousand_suffice) {
  BOOST_TEST(part_size(8 * kMiB, 0) == 8 * kMiB);
  BOOST_TEST(part_size(1, 0) == 5 * kMiB);
  BOOST_TEST(part_size(8 * kMiB + 1, 0) == 9 * kMiB);
  const std::uint64_t terabyte = std::uint64_t{1} << 40;
  BOOST_TEST(part_size(8 * kMiB, terabyte) * 10'000 >= terabyte + terabyte / 2);
  BOOST_TEST(part_size(8 * kMiB, terabyte) < 200 * kMiB);
  BOOST_CHECK_EXCEPTION(part_size(std::size_t{6} << 30, 0), Error, has_code(Errc::config));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace visitor::archive
