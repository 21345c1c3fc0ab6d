#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/work.hpp"
#include "domain/access_event.hpp"
#include "domain/incident.hpp"
#include "domain/terminal.hpp"

namespace visitor::app {

/// A decoded event on its way into the database: what the terminal said, with the time resolved, before anything is
/// derived. Made from hikvision::AcsEvent by app/event_source; HikCentral's rows will come the same way.
struct IncomingEvent {
  std::int64_t serial = 0;
  int major = 0;
  int minor = 0;
  Instant occurred_at;
  domain::TimeSource time_source = domain::TimeSource::offset;
  std::string time_text;
  domain::EventClass event_class = domain::EventClass::unknown;
  int door_no = 0;
  int reader_no = 0;
  std::optional<std::string> employee_no;
  std::optional<std::string> card_no;
  std::string picture;  ///< where the terminal says that its picture is; may be empty
  std::string raw;
};

/// Where the poller stands after a page. Stored in the transaction of the page.
struct CursorAdvance {
  std::optional<Instant> cursor_at;     ///< nothing: the page's order does not allow it to move
  std::optional<std::int64_t> backlog;  ///< what the terminal says is left
};

struct IngestResult {
  int stored = 0;      ///< new rows
  int duplicates = 0;  ///< known already
  int epoch = 1;       ///< after the page; larger than before when the serial numbers had restarted
  int check_ins = 0;
  int check_outs = 0;
  std::vector<domain::IncidentType> opened;  ///< one for each incident that this page opened
  struct Picture {
    domain::EventKey event;
    std::string url;  ///< as IncomingEvent::picture
  };
  std::vector<Picture> pictures;  ///< of the events that raised these, where there are any
  struct Gap {
    std::int64_t first;
    std::int64_t last;
  };
  std::vector<Gap> gaps;  ///< serial numbers skipped by this page, each to be asked for again once
};

/// Stores a page of events, folds the guests that it speaks of, applies the transitions, opens incidents, writes audit,
/// change and alert rows, and moves the cursor: all in \p work's transaction, all or nothing.
///
/// Events of class own_noise are not stored: they are counted, and their serial numbers are no gaps.
///
/// A time before 1970 or more than two years ahead is no time: the event is stored at the moment of its receipt and
/// moves nobody. A person is found by employee number, then by card number, never by name; a direction by door and
/// reader.
///
/// Delivering the same events again changes nothing. Events may come in any order, and late ones correct history: a
/// passage received more than [rules] live_window after it happened may open an incident marked late, but raises no
/// alert that pretends to be live.
///
/// \throws Error not_found  the terminal was removed meanwhile
/// \throws Error conflict   another daemon holds the terminal's lease (\p lease_holder no longer has it)
IngestResult ingest_page(const Work& work, TerminalId terminal, const std::string& lease_holder,
                         const std::vector<IncomingEvent>& events, const CursorAdvance& advance);

}  // namespace visitor::app
