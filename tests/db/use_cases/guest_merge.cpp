#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "app/presence.hpp"
#include "app/refold.hpp"
#include "app/registry.hpp"
#include "app/visits.hpp"
#include "store/ingest_batch.hpp"
#include "store/presence.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::Direction;
using domain::VisitStatus;

namespace {

struct MergeFixture : AtWork {
  GuestId other = given_guest(tx, "Other " + house.tag);

  VisitId a_visit(GuestId guest, std::string_view from, std::string_view until) {
    app::NewVisit visit;
    visit.guest = guest;
    visit.host = house.host;
    visit.expected_from = today_at(from);
    visit.expected_until = today_at(until);
    return app::create_visit(work("06:30"), visit).visit.id;
  }
  /// A passage that was stored as that of \p guest, folded.
  void passes(GuestId guest, std::int64_t serial, std::string_view time, Direction direction) {
    auto of_guest = house;
    of_guest.guest = guest;
    given_passage(tx, of_guest, serial, today_at(time), direction);
    app::refold(work(time), std::span{&guest, 1}, today_at(time));
  }
  domain::Visit visit(VisitId id) { return app::get_visit(work(), id).visit; }
  app::GuestMerge merge() { return app::merge_guests(work("12:00"), other, house.guest); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(merged_guests, MergeFixture)

BOOST_AUTO_TEST_CASE(what_refers_to_one_guest_becomes_the_others) {
  const auto id = a_visit(other, "08:00", "10:00");
  app::add_credential(work(), other, {domain::CredentialKind::card, "c" + house.tag});
  app::GuestEdit edit;
  edit.company = "Nomad";
  edit.document = Secret{"N1234567"};
  app::edit_guest(work(), vault, other, edit);
  app::block_guest(work(), other, "stole a chair");

  const auto merged = merge();
  BOOST_TEST(merged.visits.size() == 1);
  BOOST_TEST(merged.credentials == 1);
  BOOST_TEST(visit(id).guest.value == house.guest.value);
  const auto details = app::get_guest(work(), house.guest);
  BOOST_TEST(details.credentials.size() == 1);
  BOOST_TEST(details.guest.company == "Nomad");
  BOOST_TEST(details.guest.document_tail == "4567");
  BOOST_TEST(*details.guest.blocked_reason == "stole a chair");
  BOOST_TEST(details.merged.size() == 1);
  BOOST_TEST(app::find_guest_by_document(work(), vault, Secret{"N1234567"})->id.value == house.guest.value);

  BOOST_TEST(app::get_guest(work(), other).guest.merged_into->value == house.guest.value);
  BOOST_CHECK_EXCEPTION(app::resolve_guest(work(), fmt::format("{}", other)), Error,
                        says(Errc::conflict, fmt::format("merged into guest {}", house.guest)));
  BOOST_CHECK_EXCEPTION(app::resolve_guest(work(), "Other " + house.tag), Error, has_code(Errc::not_found));
  BOOST_CHECK_EXCEPTION(app::edit_guest(work(), vault, other, {}), Error, has_code(Errc::conflict));
  BOOST_TEST(audited("guest", other).back() == "update");
  BOOST_TEST(audited("guest", house.guest).back() == "update");
}

BOOST_AUTO_TEST_CASE(events_of_the_merged_guest_go_on_counting_for_its_visits) {
  const auto id = a_visit(other, "08:00", "10:00");
  passes(other, 1, "08:10", Direction::entry);
  passes(other, 2, "09:10", Direction::exit);
  BOOST_REQUIRE((visit(id).state.status == VisitStatus::checked_out));
  const auto state = visit(id).state;
  merge();
  BOOST_TEST((visit(id).state == state));

  // A later fold starts from the stored events, which still name the other number.
  app::refold(work("12:00"), std::span{&house.guest, 1}, today_at("00:00"));
  BOOST_TEST((visit(id).state == state));
  passes(house.guest, 3, "09:20", Direction::entry);
  BOOST_TEST((visit(id).state.status == VisitStatus::checked_in));
  BOOST_TEST(visit(id).state.entry_count == 2);

  store::EventFilter filter;
  filter.guest = house.guest;
  const auto events = store::Events{tx, domain::Scope::everything()}.list(filter);
  BOOST_REQUIRE(events.size() == 3);
  for (const auto& listed : events) {
    BOOST_TEST(listed.event.guest->value == house.guest.value);
    BOOST_TEST(listed.guest_name == "Gina Guest " + house.tag);
  }
  const auto facts = store::IngestBatch{tx}.latest_facts(std::span{&house.guest, 1}, today_at("09:05"));
  BOOST_REQUIRE(facts.size() == 2);
  for (const auto& [guest, at] : facts) BOOST_TEST(guest.value == house.guest.value);
}

BOOST_AUTO_TEST_CASE(a_guest_who_came_by_the_old_number_is_inside_with_the_door_as_proof) {
  const auto id = a_visit(other, "08:00", "18:00");
  passes(other, 1, "08:10", Direction::entry);
  merge();
  for (const auto& presence :
       {app::presence_now(work(), house.site), app::presence_at(work(), today_at("08:20"), house.site)}) {
    BOOST_REQUIRE(presence.inside.size() == 1);
    BOOST_TEST(presence.inside[0].listed.visit.guest.value == house.guest.value);
    BOOST_TEST(presence.inside[0].proof.terminal_name == "Gate " + house.tag);
  }
  BOOST_TEST(store::Presence{tx}.last_entries(std::span{&id, 1}).at(id) == today_at("08:10"));
}

BOOST_AUTO_TEST_CASE(an_event_stored_for_one_number_explains_what_was_awaited_under_the_other) {
  const auto id = a_visit(house.guest, "08:00", "10:00");
  passes(other, 1, "08:10", Direction::entry);
  BOOST_REQUIRE((visit(id).state.status == VisitStatus::awaiting));
  merge();
  BOOST_TEST((visit(id).state.status == VisitStatus::checked_in));
  BOOST_TEST(*visit(id).state.checked_in_at == today_at("08:10"));
}

BOOST_AUTO_TEST_CASE(nobody_is_inside_twice) {
  const auto a = a_visit(other, "08:00", "10:00");
  const auto b = a_visit(house.guest, "08:00", "10:00");
  app::check_in(work("08:30"), a);
  app::check_in(work("08:30"), b);
  BOOST_CHECK_EXCEPTION(merge(), Error, says(Errc::conflict, fmt::format("on visit {}", a)));
  app::check_out(work("08:40"), a);
  BOOST_CHECK_NO_THROW(merge());
}

BOOST_AUTO_TEST_CASE(two_who_were_seen_at_once_cannot_be_one) {
  const auto a = a_visit(other, "08:00", "10:00");
  const auto b = a_visit(house.guest, "08:00", "10:00");
  passes(other, 1, "08:10", Direction::entry);
  passes(house.guest, 2, "08:15", Direction::entry);
  passes(other, 3, "08:50", Direction::exit);
  passes(house.guest, 4, "09:30", Direction::exit);
  BOOST_REQUIRE((visit(a).state.status == VisitStatus::checked_out));
  BOOST_REQUIRE((visit(b).state.status == VisitStatus::checked_out));
  BOOST_CHECK_EXCEPTION(tx.savepoint([&] { merge(); }), Error, says(Errc::conflict, "CHECKED_OUT to AWAITING"));
  BOOST_TEST(visit(a).guest.value == other.value);
}

BOOST_AUTO_TEST_CASE(two_documents_may_be_two_people) {
  app::GuestEdit edit;
  edit.document = Secret{"N1234567"};
  app::edit_guest(work(), vault, other, edit);
  edit.document = Secret{"N7654321"};
  app::edit_guest(work(), vault, house.guest, edit);
  BOOST_CHECK_EXCEPTION(merge(), Error, says(Errc::conflict, "********4567"));
  app::merge_guests(work(), other, house.guest, true);
  BOOST_TEST(app::get_guest(work(), house.guest).guest.document_tail == "4321");
  BOOST_TEST(!app::find_guest_by_document(work(), vault, Secret{"N1234567"}));
}

BOOST_AUTO_TEST_CASE(merging_again_leaves_no_chain) {
  const auto third = given_guest(tx, "Third " + house.tag);
  app::merge_guests(work(), third, other);
  merge();
  BOOST_TEST(app::get_guest(work(), third).guest.merged_into->value == house.guest.value);
  BOOST_TEST(app::get_guest(work(), house.guest).merged.size() == 2);
  BOOST_CHECK_EXCEPTION(app::merge_guests(work(), other, third), Error, says(Errc::conflict, "already"));
  BOOST_CHECK_EXCEPTION(app::merge_guests(work(), house.guest, house.guest), Error, has_code(Errc::usage));
  BOOST_CHECK_EXCEPTION(app::merge_guests(work(), GuestId{987654}, house.guest), Error, has_code(Errc::not_found));
  BOOST_CHECK_EXCEPTION(app::remove_guest(work(), house.guest), Error, says(Errc::conflict, "2 merged guests"));
}

BOOST_AUTO_TEST_CASE(a_photo_moves_where_there_is_none_and_gives_way_where_there_is) {
  std::string picture = "\xFF\xD8\xFF\xC0";
  picture += std::string{"\0\x11\x08\x01\0\x01\0\x03", 8} + "123456789\xFF\xDA";
  picture += std::string{"\0\x02", 2} + "a\xFF\xD9";
  const auto photo = app::set_guest_photo(work(), other, std::as_bytes(std::span{picture}));
  BOOST_TEST(photo.info.width == 256);
  BOOST_TEST(photo.login == "reception");
  merge();
  const auto moved = app::get_guest_picture(work(), house.guest);
  BOOST_TEST((std::string{reinterpret_cast<const char*>(moved.data()), moved.size()} == picture));

  const auto third = given_guest(tx, "Third " + house.tag);
  picture[7] = 2;
  app::set_guest_photo(work(), third, std::as_bytes(std::span{picture}));
  app::merge_guests(work(), third, house.guest);
  BOOST_TEST(app::get_guest_photo(work(), house.guest).info.height == 256);
  app::remove_guest_photo(work(), house.guest);
  BOOST_CHECK_EXCEPTION(app::get_guest_photo(work(), house.guest), Error, says(Errc::not_found, "no photo"));
  BOOST_CHECK_EXCEPTION(app::remove_guest_photo(work(), house.guest), Error, says(Errc::not_found, "no photo"));
  BOOST_CHECK_EXCEPTION(app::set_guest_photo(work(), third, std::as_bytes(std::span{picture})), Error,
                        says(Errc::conflict, "merged"));
  const std::string text = "no picture";
  BOOST_CHECK_EXCEPTION(app::set_guest_photo(work(), house.guest, std::as_bytes(std::span{text})), Error,
                        has_code(Errc::usage));
}

BOOST_AUTO_TEST_SUITE_END()
