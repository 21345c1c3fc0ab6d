#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace visitor::sim {

enum class FaultKind {
  // the connection
  refuse,       ///< closed as soon as it is accepted
  drop,         ///< closed after the request, without a byte
  drop_midway,  ///< closed in the middle of the body
  hang,         ///< no byte until the caller gives up
  slow,         ///< one byte per Fault::pace
  // the answer
  busy,          ///< deviceBusy
  device_error,  ///< deviceError
  no_http,       ///< bytes that are not HTTP
  redirect,      ///< 301 to https
  garbage,       ///< HTTP 200 with bytes that are neither JSON nor XML
  html,          ///< HTTP 200 with a web page
  truncated,     ///< the body ends in its middle, and Content-Length agrees
  empty,         ///< HTTP 200 without a body
  endless,       ///< a chunked body that never ends
  deep,          ///< JSON nested 100,000 deep
  wrong_type,    ///< JSON announced as application/xml and the other way round
  bad_utf8,      ///< names with bytes that are not UTF-8
  // the page of a search
  single_object,      ///< InfoList is an object where the page has one row
  lying_more,         ///< responseStatusStrg MORE on every page, and no rows behind the last
  empty_ok,           ///< OK, numOfMatches 0, nothing else
  wrong_count,        ///< numOfMatches and totalMatches one too many
  duplicate_rows,     ///< each row twice
  out_of_order_rows,  ///< the rows of a page backwards
  // the log-in
  wrong_password,  ///< refused and counted, as if the password had been changed
};

/// The name used on the control port, such as "drop_midway".
std::string_view name_of(FaultKind kind);
std::optional<FaultKind> find_fault(std::string_view name);
/// Every name, in the order of the enum.
std::span<const std::string_view> fault_names();

/// Something that goes wrong on command.
///
/// refuse counts connections, wrong_password counts requests that log in, the kinds about pages count searches, and the
/// others count requests that have passed the log-in.
struct Fault {
  FaultKind kind = FaultKind::drop;
  int times = 1;                         ///< 0: until cleared
  std::string target{};                  ///< only requests whose target contains this; empty: all
  std::chrono::milliseconds pace{1000};  ///< of slow
};

/// The armed faults, oldest first. Not thread-safe.
class Faults {
 public:
  void arm(Fault fault);
  void clear() { armed_.clear(); }
  const std::vector<Fault>& armed() const { return armed_; }

  /// The first armed fault of one of \p kinds that fits \p target, counted down, or nothing.
  std::optional<Fault> take(std::span<const FaultKind> kinds, std::string_view target);
  bool take(FaultKind kind, std::string_view target = {});

 private:
  std::vector<Fault> armed_;
};

}  // namespace visitor::sim
