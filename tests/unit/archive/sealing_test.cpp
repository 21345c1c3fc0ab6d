#include "archive/sealing.hpp"

#include <boost/test/unit_test.hpp>

#include "archive/compression.hpp"
#include "core/error.hpp"
#include "core/vault.hpp"
#include "support/has_code.hpp"
#include "unit/archive/bytes.hpp"

using namespace visitor;
using namespace visitor::archive;
using test::all_of;
using test::Collected;
using test::has_code;
using test::Pieces;

namespace {

constexpr std::size_t kHead = 8 + 24;
constexpr std::size_t kSealedChunk = kClearChunk + 17;

std::string noise(std::size_t size) {
  const auto bytes = random_bytes(size);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string sealed(const Secret& key, std::string_view clear, const std::string& context = "a/data") {
  Collected out;
  SealingSink sink{key, context, out};
  sink.write(std::as_bytes(std::span{clear}));
  sink.finish();
  BOOST_TEST(out.finished);
  return out.text;
}

std::string opened(const Secret& key, std::string_view text, const std::string& context = "a/data") {
  Pieces from{text};
  OpeningSource source{key, context, from};
  return all_of(source);
}

bool refuses(const Secret& key, std::string_view text, const std::string& context = "a/data") {
  try {
    opened(key, text, context);
    return false;
  } catch (const Error& error) {
    return error.code() == Errc::integrity;
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sealing)

BOOST_AUTO_TEST_CASE(what_was_sealed_comes_back_whatever_its_size) {
  const auto key = make_data_key();
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kClearChunk - 1, kClearChunk, kClearChunk + 1,
                                 3 * kClearChunk, 3 * kClearChunk + 77}) {
    const auto clear = noise(size);
    BOOST_TEST((opened(key, sealed(key, clear)) == clear));
  }
}

BOOST_AUTO_TEST_CASE(every_flipped_byte_is_found) {
  const auto key = make_data_key();
  const auto good = sealed(key, noise(300));
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    BOOST_TEST(refuses(key, bad), "byte " << at);
  }
}

BOOST_AUTO_TEST_CASE(every_truncation_and_every_addition_is_found) {
  const auto key = make_data_key();
  const auto small = sealed(key, noise(300));
  for (std::size_t size = 0; size < small.size(); ++size) BOOST_TEST(refuses(key, small.substr(0, size)), size);
  BOOST_TEST(refuses(key, small + "x"));
  BOOST_TEST(refuses(key, small + small));

  const auto large = sealed(key, noise(2 * kClearChunk + 5));
  BOOST_TEST(refuses(key, std::string_view{large}.substr(0, kHead + kSealedChunk)));
  BOOST_TEST(refuses(key, std::string_view{large}.substr(0, kHead + 2 * kSealedChunk)));
}

BOOST_AUTO_TEST_CASE(chunks_cannot_be_swapped_left_out_repeated_or_taken_from_another_stream) {
  const auto key = make_data_key();
  const auto clear = noise(3 * kClearChunk + 5);
  const auto good = sealed(key, clear);
  const auto other = sealed(key, clear);
  const auto chunk = [](const std::string& text, std::size_t number) {
    return text.substr(kHead + number * kSealedChunk, kSealedChunk);
  };
  const auto joined = [&](std::initializer_list<std::string> parts) {
    std::string out = good.substr(0, kHead);
    for (const auto& part : parts) out += part;
    return out;
  };
  BOOST_TEST((joined({chunk(good, 0), chunk(good, 1), chunk(good, 2), chunk(good, 3)}) == good));
  BOOST_TEST(refuses(key, joined({chunk(good, 1), chunk(good, 0), chunk(good, 2), chunk(good, 3)})));
  BOOST_TEST(refuses(key, joined({chunk(good, 0), chunk(good, 2), chunk(good, 3)})));
  BOOST_TEST(refuses(key, joined({chunk(good, 0), chunk(good, 0), chunk(good, 1), chunk(good, 2), chunk(good, 3)})));
  BOOST_TEST(refuses(key, joined({chunk(good, 0), chunk(other, 1), chunk(good, 2), chunk(good, 3)})));
}

BOOST_AUTO_TEST_CASE(another_key_and_another_context_are_refused) {
  const auto key = make_data_key();
  const auto good = sealed(key, "hello");
  BOOST_TEST(refuses(make_data_key(), good));
  BOOST_TEST(refuses(key, good, "b/data"));
  BOOST_CHECK_EXCEPTION(opened(Secret{std::string_view{"short"}}, good), Error, has_code(Errc::integrity));
}

BOOST_AUTO_TEST_CASE(the_clear_text_does_not_show) {
  const auto key = make_data_key();
  BOOST_TEST(sealed(key, "Elena Petrova, 850101300199").find("Petrova") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_was_compressed_comes_back_and_damage_is_found) {
  std::string clear;
  while (clear.size() < 9'000'000) clear += "row of a table\t17\t2026-11-22\n" + noise(3);
  Collected out;
  CompressingSink sink{out};
  sink.write(std::as_bytes(std::span{clear}));
  sink.finish();
  BOOST_TEST(out.text.size() < clear.size() / 2);
  const auto back = [](std::string_view text) {
    Pieces from{text, 70'000};
    DecompressingSource source{from};
    return all_of(source);
  };
  BOOST_TEST((back(out.text) == clear));
  BOOST_CHECK_EXCEPTION(back(out.text.substr(0, out.text.size() - 1)), Error, has_code(Errc::integrity));
  BOOST_CHECK_EXCEPTION(back(out.text.substr(0, out.text.size() / 2)), Error, has_code(Errc::integrity));
  BOOST_CHECK_EXCEPTION(back(out.text + "x"), Error, has_code(Errc::integrity));
  BOOST_CHECK_EXCEPTION(back(""), Error, has_code(Errc::integrity));
  auto bad = out.text;
  bad[bad.size() / 2] = static_cast<char>(bad[bad.size() / 2] ^ 4);
  BOOST_CHECK_EXCEPTION(back(bad), Error, has_code(Errc::integrity));
}

BOOST_AUTO_TEST_SUITE_END()
