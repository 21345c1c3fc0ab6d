#include "archive/wal_archive.hpp"

#include <boost/test/unit_test.hpp>

#include "archive/wal_segment.hpp"
#include "core/file.hpp"
#include "support/has_code.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

using namespace visitor;
using namespace visitor::archive;
using namespace visitor::test;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t kSegment = std::uint64_t{16} << 20;
const auto kNow = at("2026-11-23T12:00:00Z");

std::string segment(int number, int timeline = 1) {
  auto text = std::to_string(number);
  return "0000000" + std::to_string(timeline) + "00000000000000" + std::string(2 - text.size(), '0') + text;
}

Stored base(const std::string& id, Instant ended, const std::string& start) {
  Stored stored;
  stored.id = id;
  stored.state = Stored::State::whole;
  stored.manifest.emplace();
  stored.manifest->id = id;
  stored.manifest->ended = ended;
  stored.manifest->wal = {"7", start, start, kSegment};
  return stored;
}

/// Three bases, a week between, and segments 1 to 9 without a gap.
WalContents three_weeks() {
  WalContents contents;
  for (const int week : {0, 1, 2})
    contents.bases.push_back(base("base" + std::to_string(week), kNow - 24h - week * 168h, segment(7 - week * 3)));
  for (const auto& one : contents.bases)
    contents.stretches.push_back({*one.manifest, segment(9), one.manifest->ended, kNow, ""});
  for (int number = 1; number <= 9; ++number)
    contents.segments.push_back({wal_object("7", segment(number)), 100, kNow - (10 - number) * 56h});
  return contents;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(wal_archive)

BOOST_AUTO_TEST_CASE(segments_follow_one_another_as_postgresql_numbers_them) {
  BOOST_TEST(next_wal_segment("000000010000000000000001", kSegment) == "000000010000000000000002");
  BOOST_TEST(next_wal_segment("0000000100000000000000FF", kSegment) == "000000010000000100000000");
  BOOST_TEST(next_wal_segment("00000002000000010000003F", std::uint64_t{64} << 20) == "000000020000000200000000");
  BOOST_TEST(is_wal_segment("000000010000000000000001"));
  for (const auto* wrong : {"", "00000001000000000000000", "00000001000000000000000a",
                            "000000010000000000000001.partial", "00000002.history"})
    BOOST_TEST(!is_wal_segment(wrong));
}

BOOST_AUTO_TEST_CASE(a_cluster_has_an_identifier_and_segments_of_a_size_that_there_is) {
  BOOST_TEST(is_wal_system("7441234567890123456"));
  for (const auto* wrong : {"", "..", "7/..", "123456789012345678901"}) BOOST_TEST(!is_wal_system(wrong));
  for (const auto bytes : {std::uint64_t{1} << 20, kSegment, std::uint64_t{1} << 30})
    BOOST_TEST(is_wal_segment_size(bytes));
  for (const auto bytes : {std::uint64_t{0}, std::uint64_t{1}, kSegment - 1, kSegment * 3, std::uint64_t{1} << 33})
    BOOST_TEST(!is_wal_segment_size(bytes));
}

BOOST_AUTO_TEST_CASE(the_newest_base_before_a_moment_is_used) {
  const auto contents = three_weeks();
  BOOST_TEST(stretch_for(contents, kNow).base.id == "base0");
  BOOST_TEST(stretch_for(contents, kNow - 25h).base.id == "base1");
  BOOST_TEST(stretch_for(contents, kNow - 24h - 336h).base.id == "base2");
}

BOOST_AUTO_TEST_CASE(a_moment_that_is_not_reached_is_refused_with_those_that_are) {
  auto contents = three_weeks();
  const auto says = [](std::string_view text) {
    return [text](const Error& error) {
      return error.code() == Errc::not_found && error.message().find(text) != std::string::npos;
    };
  };
  BOOST_CHECK_EXCEPTION(stretch_for(contents, kNow + 1s), Error,
                        says("holds moments from 2026-11-08T12:00:00Z to 2026-11-23T12:00:00Z"));
  // A gap makes two ranges, and is named.
  contents.stretches.back().to = kNow - 300h;
  contents.stretches.back().gap = segment(3);
  BOOST_CHECK_EXCEPTION(
      stretch_for(contents, kNow - 250h), Error,
      says("to 2026-11-11T00:00:00Z, and from 2026-11-15T12:00:00Z to 2026-11-23T12:00:00Z; WAL segment " + segment(3) +
           " is missing"));
  BOOST_CHECK_EXCEPTION(stretch_for({}, kNow), Error, says("there is no base backup"));
}

BOOST_AUTO_TEST_CASE(a_recovery_is_told_which_timelines_there_are_already) {
  auto contents = three_weeks();
  const auto& wal = *contents.bases.back().manifest->wal;
  BOOST_TEST(timelines_after(contents, wal).empty());
  contents.segments.push_back({wal_object("7", segment(9, 3)), 100, kNow});
  contents.segments.push_back({wal_object("8", segment(9, 5)), 100, kNow});  // of another cluster
  BOOST_TEST(timelines_after(contents, wal) == (std::vector<std::string>{"00000002", "00000003"}),
             boost::test_tools::per_element());
  contents.segments.push_back({wal_object("7", "FFFFFFFF0000000000000001"), 100, kNow});
  BOOST_CHECK_EXCEPTION(timelines_after(contents, wal), Error, has_code(Errc::integrity));
}

BOOST_AUTO_TEST_CASE(what_the_kept_moments_need_stays) {
  const auto contents = three_weeks();
  BOOST_TEST(wal_not_needed(contents, kNow - 400h).empty());
  // A moment just after the second base needs that, and all after it.
  BOOST_TEST(wal_not_needed(contents, kNow - 191h) ==
                 (std::vector<std::string>{"base2/manifest.json", "base2/data", wal_object("7", segment(1)),
                                           wal_object("7", segment(2)), wal_object("7", segment(3))}),
             boost::test_tools::per_element());
  // However old it is, the newest stays.
  const auto late = wal_not_needed(contents, kNow + 9000h);
  BOOST_TEST(late.size() == 4U + 6U);
  BOOST_TEST(std::ranges::none_of(late, [](const auto& name) { return name.starts_with("base0"); }));
}

BOOST_AUTO_TEST_CASE(a_base_whose_log_has_a_gap_replaces_no_other) {
  auto contents = three_weeks();
  contents.stretches.erase(contents.stretches.begin());
  const auto gone = wal_not_needed(contents, kNow);
  BOOST_TEST(std::ranges::none_of(gone, [](const auto& name) { return name.starts_with("base1"); }));
  BOOST_TEST(std::ranges::any_of(gone, [](const auto& name) { return name.starts_with("base2"); }));
  // Where no base is whole, nothing goes.
  contents.bases.clear();
  contents.stretches.clear();
  BOOST_TEST(wal_not_needed(contents, kNow + 9000h).empty());
}

BOOST_AUTO_TEST_CASE(a_segment_opens_only_as_it_was_written) {
  const TemporaryFolder folder;
  const auto target = open_target("file://" + folder.path.string());
  const auto key = PrivateKey::make("safe");
  const auto signer = SigningKey::open_or_create(folder.path / "signing.key");
  const auto file = folder.path / "spooled";
  write_file(file, std::string(kSegment, 'x'), 0600);
  const auto name = segment(5);
  archive_segment(*target, {"7", name, kNow, {}}, file, {{key.public_key()}, &signer});
  BOOST_TEST(read_wal_head(*target, "7", name).reaches == kNow);

  struct Counting final : Sink {
    void write(std::span<const std::byte> bytes) override { size += bytes.size(); }
    void finish() override { finished = true; }
    std::uint64_t size = 0;
    bool finished = false;
  };
  const auto open = [&](const std::string& wanted, std::uint64_t bytes, const std::string& by, const PrivateKey& with) {
    Counting out;
    open_segment(*target, "7", wanted, bytes, by, with, out);
    BOOST_TEST(out.finished);
    return out.size;
  };
  BOOST_TEST(open(name, kSegment, signer.public_text(), key) == kSegment);
  BOOST_CHECK_EXCEPTION(open(name, kSegment * 2, signer.public_text(), key), Error, has_code(Errc::integrity));
  BOOST_CHECK_EXCEPTION(open(name, kSegment / 2, signer.public_text(), key), Error, has_code(Errc::integrity));
  BOOST_CHECK_EXCEPTION(open(name, kSegment, "vbs-other", key), Error, has_code(Errc::integrity));
  BOOST_CHECK_EXCEPTION(open(name, kSegment, signer.public_text(), PrivateKey::make("other")), Error,
                        has_code(Errc::denied));
  BOOST_CHECK_EXCEPTION(open(segment(6), kSegment, signer.public_text(), key), Error, has_code(Errc::not_found));

  // In the place of another one, with any byte changed, and cut off.
  const auto path = folder.path / wal_object("7", name);
  const auto good = *read_file(path);
  write_file(folder.path / wal_object("7", segment(6)), good, 0600);
  BOOST_CHECK_EXCEPTION(open(segment(6), kSegment, signer.public_text(), key), Error, has_code(Errc::integrity));
  for (const std::size_t place : {std::size_t{5}, good.find('\n') + 3, good.size() / 2, good.size() - 1}) {
    auto bad = good;
    bad[place] = static_cast<char>(bad[place] ^ 1);
    write_file(path, bad, 0600);
    BOOST_CHECK_EXCEPTION(open(name, kSegment, signer.public_text(), key), Error, has_code(Errc::integrity));
  }
  for (const std::size_t length : {std::size_t{0}, std::size_t{9}, good.find('\n') + 1, good.size() - 1}) {
    write_file(path, good.substr(0, length), 0600);
    BOOST_CHECK_EXCEPTION(open(name, kSegment, signer.public_text(), key), Error, has_code(Errc::integrity));
  }
}

BOOST_AUTO_TEST_SUITE_END()
