#include "app/alerts.hpp"

#include <boost/test/unit_test.hpp>

#include "given.hpp"

using namespace visitor;
using namespace visitor::test;

namespace {

/// Answers what it is told to.
class Fake final : public notify::Channel {
 public:
  explicit Fake(notify::Outcome answer) : answer_(std::move(answer)) {}
  domain::Channel name() const override { return domain::Channel::log; }
  std::vector<std::string> render(const notify::Message& message) const override { return {message.summary}; }
  notify::Outcome send(const notify::Message& message, std::stop_token) override {
    messages.push_back(message);
    return answer_;
  }
  std::vector<notify::Message> messages;

 private:
  notify::Outcome answer_;
};

struct Outbox : Ingested {
  Outbox() {
    given_visit(given_guest("17"));
    page(way_out, {pass(1, "08:05", "17")});
  }
  app::DeliveryRound round(Fake& fake, std::string_view when) {
    const std::array<notify::Channel*, 1> channels{&fake};
    return app::send_due_alerts(work(on_the_day(when)), 10, channels);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(outbox_of_alerts, Outbox)

BOOST_AUTO_TEST_CASE(a_delivery_is_sent_once_and_marked_after_the_channel_said_so) {
  Fake fake{notify::Delivered{"m-1"}};
  BOOST_TEST(round(fake, "08:06").sent == 1);
  BOOST_TEST(round(fake, "08:07").sent == 0);
  BOOST_TEST_REQUIRE(fake.messages.size() == 1U);
  BOOST_TEST(fake.messages[0].summary.find("left without having come in") != std::string::npos);
  BOOST_TEST(count("delivery", "state = 'sent' AND provider_id = 'm-1' AND attempts = 1") == 1);
}

BOOST_AUTO_TEST_CASE(a_channel_that_says_later_is_asked_later) {
  Fake later{notify::RetryAfter{std::chrono::seconds{60}, "rate limit"}};
  BOOST_TEST(round(later, "08:06").deferred == 1);
  Fake fake{notify::Delivered{}};
  BOOST_TEST(round(fake, "08:06:59").sent == 0);
  BOOST_TEST(count("delivery", "state = 'waiting' AND last_error = 'rate limit'") == 1);
  BOOST_TEST(round(fake, "08:07").sent == 1);
}

BOOST_AUTO_TEST_CASE(a_refused_delivery_has_failed) {
  Fake refusing{notify::Refused{"no such chat"}};
  BOOST_TEST(round(refusing, "08:06").failed == 1);
  BOOST_TEST(round(refusing, "09:06").failed == 0);
  BOOST_TEST(count("delivery", "state = 'failed' AND last_error = 'no such chat'") == 1);
}

BOOST_AUTO_TEST_CASE(a_delivery_without_its_channel_has_failed) {
  BOOST_TEST(app::send_due_alerts(work(on_the_day("08:06")), 10, {}).failed == 1);
}

BOOST_AUTO_TEST_CASE(a_channel_that_always_says_later_is_given_up) {
  Fake later{notify::RetryAfter{std::chrono::seconds{1}, "down"}};
  auto now = on_the_day("08:06");
  app::DeliveryRound last;
  const std::array<notify::Channel*, 1> channels{&later};
  for (int i = 0; i < app::kMaxAttempts; ++i, now += std::chrono::seconds{1})
    last = app::send_due_alerts(work(now), 10, channels);
  BOOST_TEST(last.failed == 1);
  BOOST_TEST(later.messages.size() == static_cast<std::size_t>(app::kMaxAttempts));
}

BOOST_AUTO_TEST_CASE(the_log_takes_everything) {
  BOOST_TEST(app::send_due_alerts(work(on_the_day("08:06")), 10).sent == 1);
}

BOOST_AUTO_TEST_SUITE_END()
