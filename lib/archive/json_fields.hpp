#pragma once

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archive/keys.hpp"
#include "core/error.hpp"
#include "core/instant.hpp"
#include "core/text.hpp"

// What manifest.cpp and record.cpp share. Included by nothing outside of this module.
namespace visitor::archive {

inline std::int64_t micros(Instant instant) {
  return instant.time_since_epoch().count();
}
inline Instant from_micros(std::int64_t count) {
  return Instant{std::chrono::microseconds{count}};
}

/// Members of a JSON object of ours. A signature says that we wrote it; what is not as we write it is a defect or a
/// later format, and is named.
class JsonFields {
 public:
  /// \param what  for messages: "the manifest"
  JsonFields(const boost::json::value& value, std::string_view what) : what_(what) {
    object_ = value.if_object();
    if (object_ == nullptr) wrong("holds something that is no object");
  }

  std::string text(std::string_view name) const {
    const auto* text = member(name).if_string();
    if (text == nullptr) wrong(fmt::format("has no text in '{}'", name));
    return std::string{text->data(), text->size()};
  }
  std::int64_t number(std::string_view name) const {
    const auto* number = member(name).if_int64();
    if (number == nullptr) wrong(fmt::format("has no number in '{}'", name));
    return *number;
  }
  std::uint64_t size(std::string_view name) const {
    const auto number = this->number(name);
    if (number < 0) wrong(fmt::format("has no size in '{}'", name));
    return static_cast<std::uint64_t>(number);
  }
  std::vector<std::byte> bytes(std::string_view name) const {
    auto bytes = from_hex(text(name));
    if (!bytes) wrong(fmt::format("has no hexadecimal digits in '{}'", name));
    return *bytes;
  }
  /// Nothing where it is null.
  std::optional<std::int64_t> maybe_number(std::string_view name) const {
    if (member(name).is_null()) return std::nullopt;
    return number(name);
  }
  std::optional<Instant> maybe_instant(std::string_view name) const {
    const auto count = maybe_number(name);
    return count ? std::optional{from_micros(*count)} : std::nullopt;
  }
  bool has(std::string_view name) const { return object_->contains(name); }
  const boost::json::value& member(std::string_view name) const {
    const auto* found = object_->if_contains(name);
    if (found == nullptr) wrong(fmt::format("lacks '{}'", name));
    return *found;
  }
  std::vector<JsonFields> list(std::string_view name) const {
    const auto* array = member(name).if_array();
    if (array == nullptr) wrong(fmt::format("has no list in '{}'", name));
    std::vector<JsonFields> fields;
    for (const auto& value : *array) fields.emplace_back(value, what_);
    return fields;
  }

  [[noreturn]] void wrong(const std::string& how) const {
    throw Error(Errc::integrity, fmt::format("{} {}", what_, how), "Use another copy, or another backup.");
  }

 private:
  const boost::json::object* object_ = nullptr;
  std::string_view what_;
};

inline boost::json::value json_or_null(const std::optional<Instant>& instant) {
  return instant ? boost::json::value(micros(*instant)) : boost::json::value(nullptr);
}

/// One line of JSON whose last member is the signature over everything before it; the member "signer" is added.
std::string sign_json(boost::json::object object, const SigningKey& key);

/// The object without its signature.
/// \throws Error integrity  it is no such line, or was changed after it was signed
boost::json::value read_signed_json(std::string_view text, std::string_view what);

}  // namespace visitor::archive
