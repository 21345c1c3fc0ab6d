#include "app/ingest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <tuple>

#include "app/event_source.hpp"
#include "app/findings.hpp"
#include "app/journal.hpp"
#include "app/refold.hpp"
#include "app/rules.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "domain/rules.hpp"
#include "store/credentials.hpp"
#include "store/event_copy.hpp"
#include "store/events.hpp"
#include "store/ingest_batch.hpp"
#include "store/journal.hpp"
#include "store/terminals.hpp"

namespace visitor::app {
namespace {

using domain::Direction;
using domain::EventClass;
using domain::TimeSource;

// A moment outside of this is a broken clock or a lie; every month inside may get a partition.
constexpr Instant kEarliest{};
constexpr std::chrono::hours kFuture{24 * 731};
// A clock further ahead than this does not count as "newest".
constexpr std::chrono::hours kPlausible{24};

/// Printable as it is: what terminals know people by always is.
bool is_clean(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0; });
}

/// An event of the page, with what is found out about it.
struct Row {
  const IncomingEvent* event = nullptr;
  Instant at;
  TimeSource source = TimeSource::offset;
  std::string_view time_text;
  std::optional<std::string_view> employee_no;
  std::optional<std::string_view> card_no;
  std::optional<int> known_epoch;
  int epoch = 1;
  Direction direction = Direction::none;
  std::optional<GuestId> guest;

  bool noise() const { return event->event_class == EventClass::own_noise; }
  bool fresh() const { return !known_epoch && !noise(); }
  bool timed() const { return source != TimeSource::received; }
  /// Where the guest is known.
  bool moves() const { return timed() && direction != Direction::none && event->event_class == EventClass::granted; }
  domain::EventKey key(TerminalId terminal) const {
    return {terminal, epoch, event->serial, at, event->major, event->minor};
  }
  store::EventIdentity identity() const { return {event->serial, at, event->major, event->minor, time_text}; }
};

class PageIngest {
 public:
  PageIngest(const Work& work, store::PageTerminal terminal, store::Credentials::Owners owners)
      : work_(work),
        terminal_(std::move(terminal)),
        owners_(std::move(owners)),
        zone_(Zone::named(terminal_.time_zone)),
        journal_(journal(work)) {}

  IngestResult run(const std::vector<IncomingEvent>& events, const CursorAdvance& advance) {
    read(events);
    find_known();
    place();
    if (result_.fresh > 0) {
      resolve();
      fold();
      find_denials();
      insert();
      judge();
    }
    note_gaps();
    save(advance);
    return std::move(result_.page);
  }

 private:
  /// One row per identity, with its time bounded.
  void read(const std::vector<IncomingEvent>& events) {
    using Identity = std::tuple<std::int64_t, Instant, int, int, std::string_view>;
    std::set<Identity> seen;
    rows_.reserve(events.size());
    std::vector<Instant> moments;
    moments.reserve(events.size());
    for (const auto& event : events) {
      Row row;
      row.event = &event;
      row.at = event.occurred_at;
      row.source = event.time_source;
      if (row.timed() && (row.at < kEarliest || row.at > work_.now + kFuture)) row.source = TimeSource::received;
      if (!row.timed()) row.at = work_.now;
      row.time_text = clean(event.time_text);
      if (event.employee_no && !event.employee_no->empty()) row.employee_no = clean(*event.employee_no);
      if (event.card_no && !event.card_no->empty()) row.card_no = clean(*event.card_no);
      const auto text = row.timed() ? std::string_view{} : row.time_text;
      if (!seen.emplace(event.serial, row.at, event.major, event.minor, text).second) {
        if (!row.noise()) ++result_.page.duplicates;
        continue;
      }
      if (!row.noise()) moments.push_back(row.at);
      rows_.push_back(row);
    }
    // Before the table is touched: making a partition locks all of it.
    store::Events{work_.tx, domain::Scope::everything()}.ensure_partitions(moments);
  }

  std::string_view clean(const std::string& text) {
    return is_clean(text) ? std::string_view{text} : cleaned_.emplace_back(clean_utf8(text));
  }

  /// Numbers above the last one of the first epoch cannot be stored yet; all others are looked up.
  void find_known() {
    const auto& serials = terminal_.serials;
    std::vector<Row*> timed, untimed;
    for (auto& row : rows_) {
      const bool surely_new = serials.epoch == 1 && row.event->serial > std::max<std::int64_t>(serials.last, 0);
      if (row.noise() || surely_new) continue;
      (row.timed() ? timed : untimed).push_back(&row);
    }
    store::IngestBatch batch{work_.tx};
    const auto look_up = [&](const std::vector<Row*>& rows, auto find) {
      std::vector<store::EventIdentity> identities;
      for (const auto* row : rows) identities.push_back(row->identity());
      const auto epochs = (batch.*find)(terminal_.id, identities);
      for (std::size_t i = 0; i < epochs.size(); ++i) rows[i]->known_epoch = epochs[i];
    };
    look_up(timed, &store::IngestBatch::known_epochs);
    look_up(untimed, &store::IngestBatch::known_epochs_by_text);
  }

  /// Gives every row its epoch.
  void place() {
    const auto& serials = terminal_.serials;
    std::vector<std::size_t> low;
    std::vector<std::int64_t> numbers;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const auto serial = rows_[i].event->serial;
      if (!rows_[i].fresh() || serial < 1 || serial > serials.last) continue;
      low.push_back(i);
      numbers.push_back(serial);
    }
    store::IngestBatch batch{work_.tx};
    const auto taken = batch.taken(terminal_.id, serials.epoch, numbers);
    std::vector<domain::SerialGap> gaps;
    if (terminal_.has_gaps) gaps = batch.gaps_with(terminal_.id, serials.epoch, numbers);

    std::vector<domain::SerialFact> facts;
    facts.reserve(rows_.size());
    for (const auto& row : rows_) {
      auto& fact = facts.emplace_back();
      fact.serial = row.event->serial;
      if (row.timed() && row.at <= work_.now + kPlausible) fact.at = row.at;
      fact.known_epoch = row.known_epoch;
      fact.noise = row.noise();
    }
    for (std::size_t i = 0; i < low.size(); ++i) {
      auto& fact = facts[low[i]];
      fact.taken = taken[i];
      fact.missing = std::any_of(gaps.begin(), gaps.end(), [&](const domain::SerialGap& gap) {
        return gap.first <= fact.serial && fact.serial <= gap.last;
      });
    }
    plan_ = domain::plan_serials(serials, facts);

    auto noise_above = serials.last;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      auto& row = rows_[i];
      row.epoch = plan_.epochs[i];
      if (row.noise()) {
        // Own log-ins are not stored, so the number tells which ones have been counted.
        if (row.event->serial > noise_above) ++result_.noise;
        arrived_.push_back(row.event->serial);
      } else if (row.known_epoch) {
        ++result_.page.duplicates;
      } else {
        ++result_.fresh;
        if (row.epoch == serials.epoch) arrived_.push_back(row.event->serial);
      }
    }
    if (plan_.after.epoch != serials.epoch)
      log::warn("terminal {}: its serial numbers have begun again after {}; epoch {}", terminal_.id.value, serials.last,
                plan_.after.epoch);
    result_.page.epoch = plan_.after.epoch;
  }

  /// Who, and which way. Never by name, never by the event's code.
  void resolve() {
    for (auto& row : rows_) {
      if (!row.fresh()) continue;
      for (const auto& door : terminal_.doors)
        if (door.door_no == row.event->door_no && door.reader_no == row.event->reader_no)
          row.direction = door.direction;
    }
    const auto find = [](const auto& of, const std::optional<std::string_view>& number) -> std::optional<GuestId> {
      if (!number) return std::nullopt;
      const auto owner = of.find(std::string{*number});
      return owner == of.end() ? std::nullopt : std::optional{owner->second};
    };
    for (auto& row : rows_) {
      if (!row.fresh()) continue;
      row.guest = find(owners_.employee_no, row.employee_no);
      if (!row.guest) row.guest = find(owners_.card, row.card_no);
    }
  }

  void fold() {
    std::map<GuestId, Arrivals> arrivals;
    std::map<domain::EventKey, const Row*> moved;
    for (const auto& row : rows_) {
      if (!row.fresh() || !row.guest || !row.moves()) continue;
      auto& of_guest = arrivals[*row.guest];
      of_guest.guest = *row.guest;
      of_guest.passages.push_back({row.key(terminal_.id), row.direction, terminal_.site});
      moved.emplace(row.key(terminal_.id), &row);
    }
    if (arrivals.empty()) return;
    std::vector<Arrivals> list;
    list.reserve(arrivals.size());
    for (auto& [guest, one] : arrivals) list.push_back(std::move(one));

    auto refolded = fold_arrivals(work_, journal_, zone_, list);
    for (const auto& [before, after] : refolded.changes) {
      result_.page.check_ins += after.state.checked_in_at && !before.state.checked_in_at;
      result_.page.check_outs += after.state.checked_out_at && !before.state.checked_out_at;
    }
    for (const auto& [guest, step] : refolded.steps) {
      const auto row = moved.find(step.key);
      if (row == moved.end()) continue;
      domain::PassageFact fact;
      fact.guest = guest;
      fact.site = terminal_.site;
      fact.terminal = terminal_.id;
      fact.direction = row->second->direction;
      fact.step = step;
      passages_.push_back(fact);
      if (may_turn(step, refolded.walks.at(guest))) restless_.insert(guest);
    }
    explained_ = std::move(refolded.explained);
  }

  /// Whether this passage can be the one that makes repeated_exit_entry speak up: an ordinary coming or going of the
  /// day is not, and needs no look at the history. What the visits do not count counts as much.
  bool may_turn(const domain::Step& step, const Refolded::Walk& walk) {
    const auto since = step.key.occurred_at - rules().exit_entry_window;
    const bool alone = !step.visit || walk.opened_at > since || zone_.day_start(step.key.occurred_at) > since;
    return alone || walk.passages >= rules().exit_entry_count;
  }

  /// What the rules go by at the terminal's site.
  const domain::RuleSettings& rules() {
    if (!rules_) rules_ = site_rule_settings(work_.settings, terminal_.rules);
    return *rules_;
  }

  /// New refusals, and those around them that are stored already.
  void find_denials() {
    store::DenialQuery query;
    query.terminal = terminal_.id;
    query.since = Instant::max();
    query.until = Instant::min();
    for (const auto& row : rows_) {
      if (!row.fresh() || row.event->event_class != EventClass::denied || !row.timed()) continue;
      domain::DenialFact fact;
      fact.key = row.key(terminal_.id);
      fact.site = terminal_.site;
      fact.guest = row.guest;
      fact.subject = subject_of(row);
      fact.is_new = true;
      denials_.push_back(std::move(fact));
      if (row.employee_no) query.employee_nos.emplace_back(*row.employee_no);
      if (row.card_no) query.card_nos.emplace_back(*row.card_no);
      if (!row.employee_no && !row.card_no) query.door_nos.push_back(row.event->door_no);
      query.since = std::min(query.since, row.at - rules().failed_access_window);
      query.until = std::max(query.until, row.at + rules().failed_access_window);
    }
    if (denials_.empty()) return;
    for (auto& denial : store::Events{work_.tx, domain::Scope::everything()}.recent_denials(query)) {
      domain::DenialFact fact;
      fact.key = denial.key;
      fact.site = denial.site;
      fact.guest = denial.guest;
      fact.subject =
          domain::denial_subject(denial.guest, denial.employee_no, denial.card_no, denial.key.terminal, denial.door_no);
      denials_.push_back(std::move(fact));
    }
  }

  std::string subject_of(const Row& row) const {
    const auto text = [](std::optional<std::string_view> number) {
      return number ? std::optional<std::string>{*number} : std::nullopt;
    };
    return domain::denial_subject(row.guest, text(row.employee_no), text(row.card_no), terminal_.id,
                                  row.event->door_no);
  }

  /// What terminals raise by themselves, whatever their clocks say.
  void find_alarms() {
    for (const auto& row : rows_) {
      if (!row.fresh() || row.event->event_class != EventClass::alarm) continue;
      const auto kind = alarm_of(row.event->major, row.event->minor);
      if (kind == domain::AlarmKind::none) continue;
      alarms_.push_back({row.key(terminal_.id), terminal_.site, kind, row.event->door_no, subject_of(row),
                         terminal_.name, row.guest});
    }
  }

  void find_blocked() {
    if (owners_.blocked.empty()) return;
    for (const auto& row : rows_) {
      if (!row.fresh() || !row.guest || !owners_.blocked.contains(*row.guest)) continue;
      const bool passed = row.event->event_class == EventClass::granted;
      if (!passed && row.event->event_class != EventClass::denied) continue;
      domain::BlockedFact fact;
      fact.guest = *row.guest;
      fact.site = terminal_.site;
      fact.at = row.at;
      fact.how = passed ? domain::BlockedFact::How::passed : domain::BlockedFact::How::refused;
      fact.event = row.key(terminal_.id);
      blocked_.push_back(fact);
    }
  }

  /// How the guests walked who may have turned round too often.
  void find_moves() {
    if (restless_.empty()) return;
    std::map<domain::EventKey, std::optional<VisitId>> fresh;
    auto first = Instant::max();
    for (const auto& passage : passages_) {
      fresh.emplace(passage.step.key, passage.step.visit);
      if (restless_.contains(passage.guest)) first = std::min(first, passage.step.key.occurred_at);
    }
    const std::vector<GuestId> guests{restless_.begin(), restless_.end()};
    for (const auto& [guest, passage] :
         store::Events{work_.tx, domain::Scope::everything()}.passages(guests, first - domain::move_reach(rules()))) {
      const auto is_new = fresh.find(passage.key);
      const auto visit = is_new == fresh.end() ? std::nullopt : is_new->second;
      moves_.push_back({passage.key, passage.site, guest, passage.direction, visit, is_new != fresh.end()});
    }
  }

  void insert() {
    std::vector<store::NewEvent> events;
    std::vector<const Row*> of;
    events.reserve(rows_.size());
    of.reserve(rows_.size());
    for (const auto& row : rows_) {
      if (!row.fresh()) continue;
      const auto& from = *row.event;
      store::NewEvent event;
      event.epoch = row.epoch;
      event.serial = from.serial;
      event.occurred_at = row.at;
      event.major = from.major;
      event.minor = from.minor;
      event.time_source = row.source;
      event.time_text = row.time_text;
      event.event_class = from.event_class;
      event.direction = row.direction;
      event.door_no = from.door_no;
      event.reader_no = from.reader_no;
      event.employee_no = row.employee_no;
      event.card_no = row.card_no;
      event.guest = row.guest;
      event.raw = from.raw;
      events.push_back(event);
      of.push_back(&row);
    }
    if (const auto newest = copy(events)) {
      copied_ = true;
      newest_ = *newest;
      result_.page.stored = static_cast<int>(events.size());
    } else {
      const auto ids =
          store::Events{work_.tx, domain::Scope::everything()}.insert_batch(terminal_.id, work_.now, events);
      for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto id = ids[i];
        if (!id) {
          ++result_.page.duplicates;
          continue;
        }
        ++result_.page.stored;
        newest_ = std::max(newest_, *id);
        const auto event_class = of[i]->event->event_class;
        if (event_class == EventClass::granted || event_class == EventClass::denied || event_class == EventClass::alarm)
          ids_.emplace(of[i]->key(terminal_.id), *id);
      }
    }
    if (newest_) journal_.change(store::topic::kEvent, terminal_.id, newest_.value);
  }

  /// A large page whose rows are all known to be new.
  std::optional<EventId> copy(const std::vector<store::NewEvent>& events) {
    if (events.size() < store::EventCopy::kWorthwhile || !store::EventCopy::fits(events)) return std::nullopt;
    return store::EventCopy{work_.tx}.copy(terminal_.id, work_.now, events);
  }

  /// The stored rows that findings speak of.
  void find_ids(const std::vector<domain::Finding>& findings) {
    if (!copied_) return;
    std::vector<domain::EventKey> keys;
    for (const auto& finding : findings)
      if (finding.event) keys.push_back(*finding.event);
    const auto ids = store::EventCopy{work_.tx}.ids(keys);
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (const auto id = ids[i]) ids_.emplace(keys[i], *id);
  }

  void judge() {
    explain_exits(work_, journal_, explained_);
    find_alarms();
    find_blocked();
    if (passages_.empty() && denials_.empty() && alarms_.empty() && blocked_.empty()) return;
    find_moves();
    const std::vector<domain::SiteRules> sites{{terminal_.site, zone_, terminal_.days_off, rules()}};
    domain::RuleInput input{work_.now, sites};
    input.passages = passages_;
    input.moves = moves_;
    input.denials = denials_;
    input.alarms = alarms_;
    input.blocked = blocked_;
    const auto findings = domain::look(input, domain::Trigger::events);
    find_ids(findings);
    std::set<EventId> raised;
    for (const auto& incident : apply_findings(work_, journal_, findings, ids_)) {
      result_.page.opened.push_back(incident.type);
      if (incident.event) raised.insert(*incident.event);
    }
    for (const auto& row : rows_) {
      if (!row.fresh() || row.event->picture.empty()) continue;
      const auto id = ids_.find(row.key(terminal_.id));
      if (id != ids_.end() && raised.contains(id->second))
        result_.page.pictures.push_back({id->first, row.event->picture});
    }
  }

  void note_gaps() {
    store::IngestBatch batch{work_.tx};
    if (terminal_.has_gaps) batch.fill_gaps(terminal_.id, terminal_.serials.epoch, arrived_, work_.now);
    batch.add_gaps(terminal_.id, plan_.gaps, work_.now);
    for (const auto& gap : plan_.gaps) result_.page.gaps.push_back({gap.first, gap.last});
  }

  void save(const CursorAdvance& advance) {
    const auto& before = terminal_.serials;
    const auto& after = plan_.after;
    const bool cursor_moved = advance.cursor_at && advance.cursor_at != terminal_.cursor_at;
    if (result_.page.stored == 0 && result_.noise == 0 && !cursor_moved && advance.backlog == terminal_.backlog &&
        after.epoch == before.epoch && after.last == before.last)
      return;
    store::TerminalProgress progress;
    progress.cursor_at = advance.cursor_at ? advance.cursor_at : terminal_.cursor_at;
    progress.epoch = after.epoch;
    progress.last_serial = after.last;
    progress.last_event_at = after.last_at;
    progress.events_added = result_.page.stored;
    progress.noise_added = result_.noise;
    progress.backlog = advance.backlog;
    store::Terminals{work_.tx, domain::Scope::everything()}.save_progress(terminal_.id, progress);
  }

  const Work& work_;
  store::PageTerminal terminal_;
  store::Credentials::Owners owners_;  // of the numbers in the page
  Zone zone_;
  store::Journal journal_;
  std::vector<Row> rows_;
  std::deque<std::string> cleaned_;  // what rows view into
  domain::SerialPlan plan_;
  std::vector<std::int64_t> arrived_;  // numbers of the epoch before the page that have now come
  std::vector<domain::PassageFact> passages_;
  std::vector<domain::DenialFact> denials_;
  std::vector<domain::AlarmFact> alarms_;
  std::vector<domain::BlockedFact> blocked_;
  std::vector<domain::MoveFact> moves_;
  std::set<GuestId> restless_;
  std::optional<domain::RuleSettings> rules_;
  std::vector<VisitId> explained_;
  std::map<domain::EventKey, EventId> ids_;  // of what rules may speak of
  EventId newest_;
  bool copied_ = false;
  struct {
    IngestResult page;
    int fresh = 0;
    int noise = 0;
  } result_;
};

/// Whose the numbers in the page are.
store::Credentials::Owners owners_of(const Work& work, const std::vector<IncomingEvent>& events) {
  std::vector<std::string_view> employee_nos, cards;
  for (const auto& event : events) {
    if (event.event_class == EventClass::own_noise) continue;
    if (event.employee_no && is_clean(*event.employee_no)) employee_nos.push_back(*event.employee_no);
    if (event.card_no && is_clean(*event.card_no)) cards.push_back(*event.card_no);
  }
  for (auto* numbers : {&employee_nos, &cards}) {
    std::sort(numbers->begin(), numbers->end());
    numbers->erase(std::unique(numbers->begin(), numbers->end()), numbers->end());
  }
  return store::Credentials{work.tx}.resolve(employee_nos, cards);
}

}  // namespace

IngestResult ingest_page(const Work& work, TerminalId terminal, const std::string& lease_holder,
                         const std::vector<IncomingEvent>& events, const CursorAdvance& advance) {
  const auto lock = store::IngestBatch{work.tx}.lock_terminal(terminal);
  auto owners = owners_of(work, events);
  auto locked = lock();
  if (!locked)
    throw Error(Errc::not_found, fmt::format("terminal {} does not exist", terminal),
                "Run 'visitorctl terminal list' to see them.");
  if (locked->lease_holder != lease_holder)
    throw Error(Errc::conflict, fmt::format("terminal {} is polled by another daemon now", terminal),
                "Nothing is lost: whoever holds the lease reads the same events.");
  return PageIngest{work, *std::move(locked), std::move(owners)}.run(events, advance);
}

}  // namespace visitor::app
