#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/text.hpp"
#include "core/zone.hpp"
#include "daemon/api/refusal.hpp"
#include "daemon/api/values.hpp"

namespace visitor::fuzz {

/// One field of every kind that a request may have.
inline const std::vector<api::Field>& fields() {
  static const std::vector<api::Field> kFields{api::text("name", "", 20, 1),
                                               api::number("page", "", 1, 10'000),
                                               api::yes_or_no("all", ""),
                                               api::moment("created_after", ""),
                                               api::word("ordering", "", {"name", "-name"}),
                                               api::many(api::word("status", "", {"AWAITING", "CHECKED_IN"})),
                                               api::many(api::text("fields", "", 20, 1)),
                                               api::or_null(api::number("count", "", 0, 9))};
  return kFields;
}

inline const Instant kNow{std::chrono::seconds{1'756'713'600}};

inline std::string text_of(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& one : texts) all += one + ';';
  return all;
}

/// All of it, to be compared.
inline std::string text_of(const api::Values& values) {
  std::string all;
  for (const auto& field : fields()) {
    const auto& name = field.name;
    if (!values.has(name)) continue;
    all += name + '=';
    if (values.is_null(name)) all += "null";
    if (const auto text = values.text(name)) all += '"' + *text + '"';
    if (const auto number = values.number(name)) all += std::to_string(*number);
    if (const auto moment = values.moment(name)) all += to_iso(*moment);
    if (field.list) all += text_of(values.texts(name));
    if (field.type == api::Type::boolean) all += values.yes(name) ? "yes" : "no";
    all += '\n';
  }
  return all;
}

/// What is taken keeps to what its field says; a handler need not look again.
inline void require_checked(const api::Values& values) {
  const auto need = [](bool is_so) {
    if (!is_so) std::abort();
  };
  const auto is_good = [&](const std::string& text, std::size_t most) {
    need(clean_utf8(text) == text && !text.empty() && text.size() <= most * 4);
  };
  if (const auto name = values.text("name")) is_good(*name, 20);
  if (const auto page = values.number("page")) need(*page >= 1 && *page <= 10'000);
  if (const auto count = values.number("count")) need(*count >= 0 && *count <= 9);
  if (const auto word = values.text("ordering")) need(*word == "name" || *word == "-name");
  if (const auto at = values.moment("created_after")) {
    const auto text = to_iso(*at);
    // An offset may lead out of the years that have four digits.
    if (text.find('-') == 4) need(parse_moment(text, kNow, Zone::utc()) == *at);
  }
  for (const auto& word : values.texts("status")) need(word == "AWAITING" || word == "CHECKED_IN");
  for (const auto& word : values.texts("fields")) is_good(word, 20);
  for (const auto* list : {"status", "fields"}) need(values.texts(list).size() <= 200);
  for (const auto* name : {"name", "page", "all", "created_after", "ordering", "status", "fields"})
    need(!values.is_null(name));
}

/// What is refused is refused with a word for people, which is text, and not as long as what was sent.
inline void require_told(const api::Refusal& refusal) {
  if (refusal.detail().empty() || clean_utf8(refusal.detail()) != refusal.detail()) std::abort();
  if (refusal.faults().size() > 200) std::abort();
  for (const auto& fault : refusal.faults()) {
    if (fault.detail.empty() || fault.parameter.empty() == fault.pointer.empty()) std::abort();
    if (clean_utf8(fault.parameter) != fault.parameter || clean_utf8(fault.pointer) != fault.pointer) std::abort();
  }
}

/// What \p text is read into is refused in words, or every value keeps to its field and says the same when it is
/// written plainly and read again. \p read makes api::Values of a text or throws api::Refusal; \p plain makes a text of
/// values, or nothing where they cannot be written plainly.
template <class Read, class Plain>
void check_reading(std::string_view text, Read&& read, Plain&& plain) {
  api::Values values;
  try {
    values = read(text);
  } catch (const api::Refusal& refusal) {
    return require_told(refusal);
  }
  require_checked(values);
  const auto moment = values.moment("created_after");
  if (moment && to_iso(*moment).find('-') != 4) return;
  if (const auto again = plain(values); again && text_of(read(*again)) != text_of(values)) std::abort();
}

}  // namespace visitor::fuzz
