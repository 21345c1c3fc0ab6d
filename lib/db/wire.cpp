#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <thread>

#include "db/pq.hpp"

// How a Connection waits for the server: with a deadline, and so that a stop token ends it.
namespace visitor::db {
namespace {

using Clock = Connection::Impl::Clock;
constexpr std::chrono::seconds kCancelGrace{5};

int poll_timeout(std::optional<Clock::time_point> until) {
  if (!until) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*until - Clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, INT_MAX));
}

void empty_eventfd(int fd) {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = read(fd, &count, sizeof count);
}

}  // namespace

bool Connection::Impl::wait(short events, std::optional<Clock::time_point> end) {
  for (;;) {
    std::array polls{pollfd{PQsocket(pg), events, 0}, pollfd{wake.get(), POLLIN, 0}};
    const int ready = poll(polls.data(), polls.size(), poll_timeout(end));
    if (ready < 0 && errno != EINTR) lose(errno_text(errno));
    if (polls[1].revents != 0) {
      empty_eventfd(wake.get());
      return true;  // the caller looks at the stop token
    }
    if (polls[0].revents != 0) return true;
    if (end && Clock::now() >= *end) return false;
  }
}

void Connection::Impl::wake_up() const noexcept {
  eventfd_write(wake.get(), 1);
}

void Connection::Impl::begin_statement(Interrupt how) {
  if (broken) raise_lost("it had already broken");
  if (busy)
    throw Error(Errc::failed, "a statement was started while the rows of another are being read or copied",
                "This is a defect of visitor; please report it.");
  begin_waiting(how);
}

void Connection::Impl::begin_waiting(Interrupt how) {
  if (how == Interrupt::cancel && stop.stop_requested())
    throw DatabaseError(Errc::interrupted, "stopped before the statement was sent", "", "", "");
  interrupt = how;
  ended = Ended::no;
  until.reset();
  if (deadline.count() > 0) until = Clock::now() + deadline;
}

void Connection::Impl::cancel() {
  PGcancel* request = PQgetCancel(pg);
  if (request == nullptr) return;
  const auto ask = [request] {
    std::array<char, 256> said{};
    PQcancel(request, said.data(), static_cast<int>(said.size()));
    PQfreeCancel(request);
  };
  const char* host = PQhost(pg);
  if (host != nullptr && *host == '/')
    ask();
  else
    std::thread{ask}.detach();  // it connects without a deadline, and the network may be what is broken
}

void Connection::Impl::flush() {
  for (;;) {
    const int left = PQflush(pg);
    if (left == 0) return;
    if (left < 0) lose(one_line(PQerrorMessage(pg)));
    if (!wait(POLLIN | POLLOUT, until)) lose("it took no more data before the deadline");
    if (PQconsumeInput(pg) == 0) lose(one_line(PQerrorMessage(pg)));
  }
}

ResultPtr Connection::Impl::next_result() {
  flush();
  const auto stopped = [this] { return interrupt == Interrupt::cancel && ended == Ended::no && stop.stop_requested(); };
  while (PQisBusy(pg) != 0) {
    const bool in_time = !stopped() && wait(POLLIN, until);
    if (stopped() || !in_time) {
      if (!stopped() && (ended != Ended::no || interrupt == Interrupt::never))
        lose(ended != Ended::no ? "the server does not answer to a cancel request"
                                : "the server did not answer before the deadline");
      ended = stopped() ? Ended::by_stop : Ended::by_deadline;
      until = Clock::now() + kCancelGrace;
      cancel();
    }
    if (PQconsumeInput(pg) == 0) lose(one_line(PQerrorMessage(pg)));
  }
  return ResultPtr{PQgetResult(pg)};
}

ResultPtr Connection::Impl::finish() {
  ResultPtr last;
  ResultPtr failed;
  while (auto result = next_result()) {
    const auto status = PQresultStatus(result.get());
    if ((status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) && !failed) failed = std::move(result);
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
      last = std::move(result);
      break;  // goes on as COPY
    }
    if (result) last = std::move(result);
  }
  if (failed) fail(*failed);
  if (!last) lose("the server sent no result");
  return last;
}

void Connection::Impl::fail(const PGresult& result) {
  const bool lost = PQstatus(pg) != CONNECTION_OK || is_fatal(result);
  if (lost) broken = true;
  const char* state = PQresultErrorField(&result, PG_DIAG_SQLSTATE);
  if (!lost && ended != Ended::no && state != nullptr && std::string_view{state} == "57014") {
    if (ended == Ended::by_stop) throw DatabaseError(Errc::interrupted, "the statement was stopped", "", state, "");
    throw DatabaseError(Errc::database,
                        fmt::format("the database did not answer within {} s", deadline.count() / 1000.0),
                        "Look at the server's load and at locks that other sessions hold.", state, "");
  }
  raise(result, lost);
}

void Connection::Impl::drain() noexcept {
  try {
    while (next_result()) {
    }
  } catch (const Error&) {
    broken = true;
  }
}

void Connection::Impl::require(int sent) {
  if (sent == 1) return;
  const auto said = one_line(PQerrorMessage(pg));
  if (PQstatus(pg) != CONNECTION_OK) lose(said);
  throw DatabaseError(Errc::database, said, "", "", "");
}

void Connection::Impl::lose(std::string_view why) {
  broken = true;
  raise_lost(why);
}

bool Connection::Impl::alive() {
  if (broken) return false;
  // A server that went away has left its farewell, or the end of the stream, in the socket.
  pollfd socket{PQsocket(pg), POLLIN, 0};
  if (poll(&socket, 1, 0) > 0 && PQconsumeInput(pg) == 0) broken = true;
  if (PQstatus(pg) != CONNECTION_OK) broken = true;
  return !broken;
}

}  // namespace visitor::db
