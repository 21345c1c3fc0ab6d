#include "store/event_copy.hpp"

#include <algorithm>

#include "db/error.hpp"
#include "store/event_keys.hpp"

namespace visitor::store {
namespace {

constexpr auto kCopy = R"sql(
    COPY access_event (terminal_id, epoch, serial, occurred_at, major, minor, received_at, time_text, time_source, class,
                       direction, door_no, reader_no, employee_no, card_no, guest_id, raw)
    FROM STDIN (FORMAT binary))sql";
constexpr int kColumns = 17;

// The sequence's newest number of this session; nobody else draws from it meanwhile.
constexpr auto kNewest = R"sql(
    SELECT currval(pg_get_serial_sequence('access_event', 'id')) AS id)sql";

constexpr auto kIds = R"sql(
    SELECT n.position, e.id
      FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::timestamptz[], $5::integer[], $6::integer[])
           WITH ORDINALITY AS n(terminal_id, epoch, serial, occurred_at, major, minor, position)
     CROSS JOIN LATERAL (
           SELECT id
             FROM access_event a
            WHERE a.terminal_id = n.terminal_id AND a.serial = n.serial AND a.occurred_at = n.occurred_at
              AND a.major = n.major AND a.minor = n.minor AND a.epoch = n.epoch
            LIMIT 1) e)sql";

constexpr std::size_t kLongestNumber = 64;
constexpr std::size_t kPiece = std::size_t{1} << 16;

// PostgreSQL manual, COPY, "Binary Format".
constexpr std::string_view kSignature{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};

/// One row after the other, each field with its length before it.
class Fields {
 public:
  Fields() { bytes_ = kSignature; }

  void begin_row() { db::put_be<2>(bytes_, kColumns); }
  template <class T>
  void add(const T& value) {
    const auto at = bytes_.size();
    bytes_.append(4, '\0');
    db::Codec<T>::encode(bytes_, value);
    db::detail::put_length(bytes_, at);
  }
  template <class T>
  void add(const std::optional<T>& value) {
    if (value)
      add(*value);
    else
      db::put_be<4>(bytes_, 0xffffffffU);
  }
  void add_json(std::string_view text) {
    db::put_be<4>(bytes_, text.size() + 1);
    bytes_ += '\1';  // the version of jsonb's binary format
    bytes_ += text;
  }
  void end() { db::put_be<2>(bytes_, 0xffffU); }

  std::string& bytes() { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace

bool EventCopy::fits(std::span<const NewEvent> events) {
  const auto longer = [](const std::optional<std::string_view>& number) {
    return number && number->size() > kLongestNumber;
  };
  return std::none_of(events.begin(), events.end(), [&](const NewEvent& event) {
    return event.time_source == domain::TimeSource::received || longer(event.employee_no) || longer(event.card_no) ||
           event.raw.find("\\u0000") != std::string_view::npos;
  });
}

std::optional<EventId> EventCopy::copy(TerminalId terminal, Instant received_at, std::span<const NewEvent> events) {
  try {
    return tx_.savepoint([&]() -> std::optional<EventId> {
      auto writer = tx_.copy_in(kCopy);
      Fields fields;
      for (const auto& event : events) {
        fields.begin_row();
        fields.add(terminal);
        fields.add(event.epoch);
        fields.add(event.serial);
        fields.add(event.occurred_at);
        fields.add(event.major);
        fields.add(event.minor);
        fields.add(received_at);
        fields.add(event.time_text);
        fields.add(domain::name(event.time_source));
        fields.add(domain::name(event.event_class));
        fields.add(domain::name(event.direction));
        fields.add(event.door_no);
        fields.add(event.reader_no);
        fields.add(event.employee_no);
        fields.add(event.card_no);
        fields.add(event.guest);
        fields.add_json(event.raw);
        if (fields.bytes().size() < kPiece) continue;
        writer.raw(fields.bytes());
        fields.bytes().clear();
      }
      fields.end();
      writer.raw(fields.bytes());
      writer.finish();
      return tx_.row(kNewest).get<EventId>("id");
    });
  } catch (const db::DatabaseError& error) {
    if (error.sqlstate() != "23505") throw;
    return std::nullopt;
  }
}

std::vector<std::optional<EventId>> EventCopy::ids(std::span<const domain::EventKey> keys) {
  std::vector<std::optional<EventId>> ids(keys.size());
  if (keys.empty()) return ids;
  const EventKeyColumns of{keys};
  for (const auto& row : tx_.rows(kIds, of.terminals, of.epochs, of.serials, of.moments, of.majors, of.minors))
    ids[static_cast<std::size_t>(row.get<std::int64_t>("position")) - 1] = row.get<EventId>("id");
  return ids;
}

}  // namespace visitor::store
