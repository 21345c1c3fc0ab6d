#include "hikvision/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "core/error.hpp"
#include "core/text.hpp"
#include "hikvision/arena.hpp"

namespace visitor::hikvision {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kDecodeHint =
    "Save the answer and run 'visitorctl event decode FILE' to see what of it can be read.";

bool is_padding(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

std::string_view without_padding(std::string_view body) {
  if (body.substr(0, kByteOrderMark.size()) == kByteOrderMark) body.remove_prefix(kByteOrderMark.size());
  while (!body.empty() && is_padding(body.front())) body.remove_prefix(1);
  while (!body.empty() && is_padding(body.back())) body.remove_suffix(1);
  return body;
}

/// Whether PostgreSQL's numeric, and with it jsonb, can take the number.
bool is_ordinary_number(std::string_view digits) {
  if (digits.size() > 40) return false;
  const auto sign = digits.find_first_of("eE");
  if (sign == std::string_view::npos) return true;
  auto exponent = digits.substr(sign + 1);
  if (!exponent.empty() && (exponent.front() == '+' || exponent.front() == '-')) exponent.remove_prefix(1);
  return exponent.size() <= 3;
}

bool is_boolean_word(std::string_view text) {
  return text == "true" || text == "false";
}

void append_text(std::string& out, std::string_view text, bool plain = false) {
  const auto is_plain = [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; };
  out += '"';
  if (plain) {
    out += text;
    text = {};
  }
  while (!text.empty()) {
    const auto special = std::find_if_not(text.begin(), text.end(), is_plain);
    const auto plain = static_cast<std::size_t>(special - text.begin());
    out.append(text.data(), plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const char c = text.front();
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    text.remove_prefix(1);
  }
  out += '"';
}

}  // namespace

std::string_view Arena::copy(std::string_view text) {
  if (text.empty()) return {};
  char* const bytes = this->bytes(text.size());
  std::memcpy(bytes, text.data(), text.size());
  return {bytes, text.size()};
}

const Node* Node::find(std::string_view child_name) const {
  const Node* found = nullptr;
  for (const Node* child = first_child; child; child = child->next)
    if (child->name == child_name) found = child;
  return found;
}

const Node* Node::find_any_case(std::string_view child_name) const {
  const Node* found = nullptr;
  for (const Node* child = first_child; child; child = child->next)
    if (child->name.size() == child_name.size() && equal_ignoring_case(child->name, child_name)) found = child;
  return found;
}

std::optional<std::string_view> Node::as_text() const {
  if (kind == Kind::null || kind == Kind::list || text.empty()) return std::nullopt;
  return text;
}

std::optional<std::int64_t> Node::as_integer() const {
  const auto digits = kind == Kind::number ? text : trim(text);
  if (kind == Kind::list || digits.empty()) return std::nullopt;
  if (const auto whole = to_integer(digits)) return *whole;
  const auto decimal = as_decimal();
  constexpr double kExact = 9007199254740992.0;  // 2^53: beyond it a double cannot tell neighbours apart
  if (!decimal || *decimal != std::trunc(*decimal) || std::abs(*decimal) > kExact) return std::nullopt;
  return static_cast<std::int64_t>(*decimal);
}

std::optional<double> Node::as_decimal() const {
  const auto digits = trim(text);
  if (kind == Kind::list || digits.empty()) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<bool> Node::as_boolean() const {
  if (kind == Kind::null || kind == Kind::list) return std::nullopt;
  const auto word = trim(text);
  if (word == "1" || equal_ignoring_case(word, "true")) return true;
  if (word == "0" || equal_ignoring_case(word, "false")) return false;
  return std::nullopt;
}

std::optional<std::string> child_text(const Node& parent, std::string_view name) {
  const Node* child = parent.find(name);
  const auto text = child ? child->as_text() : std::nullopt;
  return text ? std::optional{std::string{*text}} : std::nullopt;
}

std::optional<std::int64_t> child_integer(const Node& parent, std::string_view name) {
  const Node* child = parent.find(name);
  return child ? child->as_integer() : std::nullopt;
}

std::optional<bool> child_boolean(const Node& parent, std::string_view name) {
  const Node* child = parent.find(name);
  return child ? child->as_boolean() : std::nullopt;
}

struct Document::Memory {
  explicit Memory(std::string_view bytes) : body(bytes), arena(std::max<std::size_t>(bytes.size() * 2, 1024)) {}

  std::string body;  // texts point into it
  Arena arena;
  const Node* root = nullptr;
  Format format = Format::json;
};

Document::Document(std::unique_ptr<Memory> memory) : memory_(std::move(memory)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

const Node& Document::root() const {
  return *memory_->root;
}

Document::Format Document::format() const {
  return memory_->format;
}

Document Document::parse(std::string_view body, std::string_view what, const DocumentLimits& limits) {
  const auto refuse = [&](const std::string& why) {
    return Error(Errc::terminal, fmt::format("the {} cannot be read: {}", what, why), std::string{kDecodeHint});
  };
  if (body.size() > limits.bytes)
    throw refuse(fmt::format("it has {} bytes, more than the {} that are accepted", body.size(), limits.bytes));
  const auto content = without_padding(body);
  if (content.empty()) throw refuse("it is empty");

  const auto xml = content.front() == '<';
  if (!xml && content.front() != '{' && content.front() != '[')
    throw refuse(fmt::format("it is neither JSON nor XML but begins with {}", json_quote(content.substr(0, 16))));

  ParseFailure failure;
  auto memory = std::make_unique<Memory>(content);
  if (xml) {
    memory->format = Format::xml;
    memory->body = clean_utf8(std::move(memory->body));
    memory->root = parse_xml(memory->body, limits, memory->arena, failure);
  } else {
    memory->root = parse_json(memory->body, limits, memory->arena, failure);
    for (const auto backslash : {Backslash::starts_an_escape, Backslash::belongs_to_the_byte_before}) {
      if (memory->root) break;
      auto repaired = repair_json(content, backslash);
      if (repaired == content) break;
      memory = std::make_unique<Memory>(repaired);
      memory->root = parse_json(memory->body, limits, memory->arena, failure);
    }
  }
  if (!memory->root) throw refuse(fmt::format("{} at byte {}", failure.reason, failure.offset));
  return Document{std::move(memory)};
}

const Node& unwrap(const Node& root, std::string_view wrapper) {
  const Node* inner = root.find_any_case(wrapper);
  return inner && inner->kind == Node::Kind::object ? *inner : root;
}

void append_json(std::string& out, const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      out += "null";
      return;
    case Node::Kind::boolean:
      out += is_boolean_word(node.text) ? node.text : "null";
      return;
    case Node::Kind::number:
      if (is_ordinary_number(node.text))
        out += node.text;
      else
        append_text(out, node.text);
      return;
    case Node::Kind::text:
      append_text(out, node.text, node.plain_text);
      return;
    case Node::Kind::list:
    case Node::Kind::object:
      break;
  }
  const bool object = node.kind == Node::Kind::object;
  out += object ? '{' : '[';
  for (const Node* child = node.first_child; child; child = child->next) {
    if (child != node.first_child) out += ',';
    if (object) {
      append_text(out, child->name, child->plain_name);
      out += ':';
    }
    append_json(out, *child);
  }
  if (!node.text.empty()) {  // an XML element with attributes and a text
    if (node.first_child) out += ',';
    out += "\"#text\":";
    append_text(out, node.text);
  }
  out += object ? '}' : ']';
}

}  // namespace visitor::hikvision
