#include "hikvision/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/error.hpp"
#include "core/text.hpp"
#include "hikvision/multipart.hpp"

namespace visitor::hikvision {
namespace {

constexpr std::string_view kWhat = "answer to an event search";

PageStatus to_status(std::string_view text) {
  auto word = lower(text);
  word.erase(std::remove_if(word.begin(), word.end(), [](char c) { return c == ' ' || c == '_'; }), word.end());
  if (word == "ok") return PageStatus::ok;
  if (word == "more") return PageStatus::more;
  if (word == "nomatch" || word == "nomatches" || word == "nomorematches") return PageStatus::no_match;
  return PageStatus::other;
}

bool has_any(const Node& node, std::initializer_list<std::string_view> names) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return node.find(name) != nullptr; });
}

std::variant<Page, ResponseStatus> decode_document(std::string_view body) {
  const auto document = Document::parse(body, kWhat, {.bytes = kMaxPageBytes});
  if (auto page = find_page(document.root())) return std::move(*page);
  if (auto status = find_response_status(document.root())) return std::move(*status);
  throw Error(Errc::terminal, fmt::format("the {} holds no AcsEvent", kWhat),
              "Check that the address is a terminal and not another kind of device.");
}

/// A search that asked for no pictures, or could not say so, may still be answered with some.
std::variant<Page, ResponseStatus> decode_multipart(std::string_view body, std::string_view boundary) {
  std::optional<std::string> text;
  std::size_t pictures = 0;
  const auto take = [&](Part&& part) {
    if (!part.is_text())
      ++pictures;
    else if (!text)
      text = std::move(part.body);
  };
  MultipartSplitter splitter{boundary, {.text_part = kMaxPageBytes, .other_part = kMaxPageBytes}};
  splitter.feed(body, take);
  splitter.finish(take);
  if (!text) throw Error(Errc::terminal, fmt::format("the {} has parts, but none of them is JSON or XML", kWhat));
  auto answer = decode_document(*text);
  if (auto* page = std::get_if<Page>(&answer)) page->picture_parts = pictures;
  return answer;
}

}  // namespace

std::string_view to_string(PageStatus value) {
  constexpr std::array<std::string_view, 4> kNames = {"ok", "more", "no_match", "other"};
  return kNames.at(static_cast<std::size_t>(value));
}

std::optional<Page> find_page(const Node& root) {
  const Node& answer = unwrap(root, "AcsEvent");
  const bool wrapped = &answer != &root && !answer.find("AcsEventCond");
  if (!wrapped && !has_any(answer, {"responseStatusStrg", "InfoList"})) return std::nullopt;

  Page page;
  page.search_id = child_text(answer, "searchID");
  page.status_text = child_text(answer, "responseStatusStrg").value_or("");
  page.status = to_status(page.status_text);
  page.num_of_matches = child_integer(answer, "numOfMatches");
  page.total_matches = child_integer(answer, "totalMatches");
  std::size_t entries = 0;
  each_child(answer, "InfoList", [&](const Node&) { ++entries; });
  page.events.reserve(std::min(entries, kMaxPageEvents));
  each_child(answer, "InfoList", [&](const Node& entry) {
    if (page.arrived() >= kMaxPageEvents)
      ++page.over_limit;
    else if (auto event = decode_event(entry))
      page.events.push_back(std::move(*event));
    else
      ++page.unreadable;
  });
  return page;
}

std::variant<Page, ResponseStatus> decode_page_or_status(std::string_view body) {
  if (body.size() > kMaxPageBytes)
    throw Error(Errc::terminal, fmt::format("the {} has {} bytes, more than the {} that are accepted", kWhat,
                                            body.size(), kMaxPageBytes));
  if (const auto boundary = guess_boundary(body)) return decode_multipart(body, *boundary);
  return decode_document(body);
}

Page decode_page(std::string_view body) {
  auto answer = decode_page_or_status(body);
  if (auto* page = std::get_if<Page>(&answer)) return std::move(*page);
  throw Error(Errc::terminal,
              fmt::format("the terminal refused the event search: {}", std::get<ResponseStatus>(answer).summary()),
              "Run 'visitorctl terminal test' to see which request it refuses.");
}

std::optional<EventTotal> find_event_total(const Node& root) {
  const Node& answer = unwrap(root, "AcsEventTotalNum");
  const auto total = child_integer(answer, "totalNum");
  if (!total || *total < 0) return std::nullopt;
  return EventTotal{*total, child_integer(answer, "existedEventNum")};
}

EventTotal decode_event_total(std::string_view body) {
  const auto document = Document::parse(body, "number of events");
  if (const auto total = find_event_total(document.root())) return *total;
  throw Error(Errc::terminal, "the answer to AcsEventTotalNum holds no totalNum");
}

}  // namespace visitor::hikvision
