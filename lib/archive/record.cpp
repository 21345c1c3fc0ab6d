#include "archive/record.hpp"

#include <algorithm>

#include "archive/record_json.hpp"

namespace visitor::archive {
namespace {

namespace json = boost::json;

constexpr std::string_view kFormat = "visitor-backup-record/1";
constexpr std::string_view kWhat = "the record of backups";
// A manifest stays small, and older ones say nothing that a newer one does not.
constexpr std::size_t kMostCopies = 200;

}  // namespace

json::object record_json(const Record& record) {
  json::object out;
  out["at_us"] = micros(record.at);
  json::array copies;
  for (std::size_t n = 0; n < std::min(record.copies.size(), kMostCopies); ++n) {
    const auto& copy = record.copies[n];
    json::object one{{"backup", copy.backup}, {"target", copy.target}};
    one["verified_us"] = json_or_null(copy.verified_at);
    one["verified_level"] = copy.verified_level;
    one["restored_us"] = json_or_null(copy.restored_at);
    one["restore_seconds"] = copy.restore_seconds ? json::value(*copy.restore_seconds) : json::value(nullptr);
    one["problem"] = copy.problem;
    copies.push_back(std::move(one));
  }
  out["copies"] = std::move(copies);
  json::array keys;
  for (const auto& key : record.keys) {
    json::object one{{"public_key", key.public_key}, {"name", key.name}};
    one["proven_us"] = json_or_null(key.proven_at);
    keys.push_back(std::move(one));
  }
  out["keys"] = std::move(keys);
  return out;
}

Record record_of(const JsonFields& fields) {
  Record record;
  record.at = from_micros(fields.number("at_us"));
  for (const auto& copy : fields.list("copies"))
    record.copies.push_back({copy.text("backup"), copy.text("target"), copy.maybe_instant("verified_us"),
                             copy.text("verified_level"), copy.maybe_instant("restored_us"),
                             copy.maybe_number("restore_seconds"), copy.text("problem")});
  for (const auto& key : fields.list("keys"))
    record.keys.push_back({key.text("public_key"), key.text("name"), key.maybe_instant("proven_us")});
  return record;
}

std::string write_record(const Record& record, const SigningKey& key) {
  auto out = record_json(record);
  out["format"] = kFormat;
  return sign_json(std::move(out), key);
}

Record read_record(std::string_view text) {
  const auto value = read_signed_json(text, kWhat);
  const JsonFields fields{value, kWhat};
  if (fields.text("format") != kFormat) fields.wrong("is of another format");
  auto record = record_of(fields);
  record.signer = fields.text("signer");
  return record;
}

}  // namespace visitor::archive
