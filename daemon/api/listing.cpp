#include "daemon/api/listing.hpp"

#include <fmt/format.h>

namespace visitor::api {
namespace {

std::string encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

/// The address of this request with another value of \p name.
std::string address_with(const Call& call, std::string_view name, std::string_view value) {
  std::string query;
  std::string_view rest = call.request.query;
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const auto part = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    if (part.empty() || part.substr(0, part.find('=')) == name) continue;
    query += fmt::format("{}{}", query.empty() ? "" : "&", part);
  }
  return fmt::format("{}?{}{}{}={}", call.request.path, query, query.empty() ? "" : "&", name, encoded(value));
}

}  // namespace

Wanted wanted(const Call& call) {
  Wanted wanted;
  wanted.size = static_cast<int>(call.query.number("page_size").value_or(kPageSize));
  wanted.page = static_cast<int>(call.query.number("page").value_or(1));
  const auto cursor = call.query.text("cursor");
  wanted.by_cursor = cursor.has_value() || call.route.paging == Paging::cursor;
  if (!cursor || cursor->empty()) return wanted;
  if (call.query.has("page"))
    throw Refusal(Problem::invalid_value, "there is a page and a cursor", {{"page", "", "is not for use with cursor"}});
  wanted.after = parse_cursor(*cursor);
  if (!wanted.after)
    throw Refusal(Problem::invalid_value, "cursor is not one that was handed out",
                  {{"cursor", "", "is not one that was handed out"}});
  return wanted;
}

Field reference() {
  return text("ref", "The one of this number or exact name; 404 where there is none, 400 where there are several", 200,
              1);
}

Field ordering(const std::vector<std::string>& keys, std::string fallback) {
  std::vector<std::string> words;
  for (const auto& key : keys) {
    words.push_back(key);
    words.push_back("-" + key);
  }
  return with_default(
      many(word("ordering", "By what, the first key first; with a minus the other way round", std::move(words))),
      std::move(fallback));
}

Field ordering_by(const std::string& key, std::string fallback) {
  return with_default(word("ordering",
                           fmt::format("By {} alone, and with a minus the other way round; what is equal in it goes by "
                                       "number, the same way",
                                       key),
                           {key, "-" + key, key + ",id", fmt::format("-{},-id", key)}),
                      std::move(fallback));
}

bool ascending(const Call& call, std::string_view fallback) {
  const auto wish = call.query.text_or("ordering", std::string{fallback});
  return !wish.starts_with('-');
}

std::string chosen(const Call& call, std::string object) {
  const auto members = call.query.texts("fields");
  return members.empty() ? object : only_members(object, members);
}

Answer answer_list(const Call& call, const Wanted& wanted, std::vector<std::string> elements,
                   std::optional<std::int64_t> count, const std::optional<Position>& last) {
  const bool more = elements.size() > static_cast<std::size_t>(wanted.size);
  if (more) elements.resize(static_cast<std::size_t>(wanted.size));
  if (elements.empty() && !wanted.by_cursor && wanted.page > 1)
    throw Refusal(Problem::not_found, fmt::format("there is no page {}", wanted.page));
  app::JsonWriter json{app::JsonWriter::Layout::line};
  json.begin_object().member("count", count).key("next");
  if (!more)
    json.null();
  else if (wanted.by_cursor)
    json.value(address_with(call, "cursor", last ? to_cursor(*last) : ""));
  else
    json.value(address_with(call, "page", fmt::to_string(wanted.page + 1)));
  json.key("previous");
  if (wanted.by_cursor || wanted.page == 1)
    json.null();
  else
    json.value(address_with(call, "page", fmt::to_string(wanted.page - 1)));
  json.key("results").begin_array();
  for (auto& element : elements) json.raw(chosen(call, std::move(element)));
  json.end().end();
  Answer answer;
  answer.body = json.take();
  return answer;
}

}  // namespace visitor::api
