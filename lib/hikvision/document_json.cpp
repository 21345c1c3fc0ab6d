#include <fmt/format.h>

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <string>
#include <vector>

#include "core/text.hpp"
#include "hikvision/arena.hpp"

namespace visitor::hikvision {
namespace {

namespace json = boost::json;

/// Builds the tree while Boost.JSON reads: no second copy of the document, and numbers keep their digits.
class TreeBuilder {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  TreeBuilder(std::string_view body, Arena& arena, std::size_t nodes)
      : body_(body), arena_(arena), nodes_left_(nodes) {}

  const Node* root() const { return root_; }
  bool ran_out_of_nodes() const { return nodes_left_ == 0; }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code& error) { return open(Node::Kind::object, error); }
  bool on_object_end(std::size_t, json::error_code&) { return close(); }
  bool on_array_begin(json::error_code& error) { return open(Node::Kind::list, error); }
  bool on_array_end(std::size_t, json::error_code&) { return close(); }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return collect(part); }
  bool on_key(json::string_view part, std::size_t, json::error_code&) {
    name_ = finish(part);
    plain_name_ = in_place_;
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) { return collect(part); }
  bool on_string(json::string_view part, std::size_t, json::error_code& error) {
    return scalar(Node::Kind::text, finish(part), error);
  }
  bool on_number_part(json::string_view part, json::error_code&) { return collect(part); }
  bool on_int64(std::int64_t, json::string_view part, json::error_code& error) { return number(part, error); }
  bool on_uint64(std::uint64_t, json::string_view part, json::error_code& error) { return number(part, error); }
  bool on_double(double, json::string_view part, json::error_code& error) { return number(part, error); }
  bool on_bool(bool value, json::error_code& error) {
    return scalar(Node::Kind::boolean, value ? "true" : "false", error);
  }
  bool on_null(json::error_code& error) { return scalar(Node::Kind::null, {}, error); }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  struct Level {
    Node* parent;
    const Node** end;  // where the next child is hung
  };

  Node* add(Node::Kind kind, json::error_code& error) {
    if (nodes_left_ == 0 || --nodes_left_ == 0) {
      error = json::error::array_too_large;
      return nullptr;
    }
    Node* const node = arena_.node();
    node->kind = kind;
    if (levels_.empty()) {
      root_ = node;
      return node;
    }
    auto& level = levels_.back();
    if (level.parent->kind == Node::Kind::object) {
      node->name = name_;
      node->plain_name = plain_name_;
    }
    *level.end = node;
    level.end = &node->next;
    return node;
  }

  bool open(Node::Kind kind, json::error_code& error) {
    Node* const node = add(kind, error);
    if (!node) return false;
    levels_.push_back({node, &node->first_child});
    return true;
  }

  bool close() {
    levels_.pop_back();
    return true;
  }

  bool scalar(Node::Kind kind, std::string_view text, json::error_code& error) {
    Node* const node = add(kind, error);
    if (!node) return false;
    node->text = text;
    node->plain_text = kind == Node::Kind::text && in_place_;
    return true;
  }

  bool number(json::string_view part, json::error_code& error) {
    return scalar(Node::Kind::number, finish(part), error);
  }

  bool collect(json::string_view part) {
    pieces_.append(part.data(), part.size());
    return true;
  }

  /// The whole text, whose last piece is \p part: in place where it stands in the body as it is, else copied without
  /// NUL, which only an escape can have brought.
  std::string_view finish(json::string_view part) {
    in_place_ =
        pieces_.empty() && part.data() >= body_.data() && part.data() + part.size() <= body_.data() + body_.size();
    if (in_place_) return {part.data(), part.size()};
    collect(part);
    pieces_.erase(std::remove(pieces_.begin(), pieces_.end(), '\0'), pieces_.end());
    const auto text = arena_.copy(pieces_);
    pieces_.clear();
    return text;
  }

  std::string_view body_;
  Arena& arena_;
  std::size_t nodes_left_;
  std::vector<Level> levels_;
  std::string pieces_;
  std::string_view name_;
  bool plain_name_ = false;
  bool in_place_ = false;  // the text finished last had no escapes
  const Node* root_ = nullptr;
};

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// The code unit of the escape "\uXXXX" at the front of \p text, or nothing if there is none.
std::optional<unsigned> unicode_escape(std::string_view text) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u' || !std::all_of(text.begin() + 2, text.begin() + 6, is_hex))
    return std::nullopt;
  return static_cast<unsigned>(std::stoul(std::string{text.substr(2, 4)}, nullptr, 16));
}

/// Copies the escape at the front of \p text to \p out, put right. \returns how many bytes of \p text it took
std::size_t repair_escape(std::string& out, std::string_view text) {
  if (const auto unit = unicode_escape(text)) {
    const bool high = *unit >= 0xD800 && *unit <= 0xDBFF;
    const bool low = *unit >= 0xDC00 && *unit <= 0xDFFF;
    const auto second = high ? unicode_escape(text.substr(6)) : std::nullopt;
    if (second && *second >= 0xDC00 && *second <= 0xDFFF) {
      out += text.substr(0, 12);
      return 12;
    }
    out += high || low ? std::string_view{"\\ufffd"} : text.substr(0, 6);
    return 6;
  }
  constexpr std::string_view kEscapable = "\"\\/bfnrt";
  if (text.size() >= 2 && kEscapable.find(text[1]) != std::string_view::npos) {
    out += text.substr(0, 2);
    return 2;
  }
  out += "\\\\";  // not an escape: the backslash stands for itself
  return 1;
}

}  // namespace

const Node* parse_json(std::string_view body, const DocumentLimits& limits, Arena& arena, ParseFailure& failure) {
  json::parse_options options;
  options.max_depth = limits.depth;
  json::basic_parser<TreeBuilder> parser{options, body, arena, limits.nodes};
  json::error_code error;
  const auto read = parser.write_some(false, body.data(), body.size(), error);
  if (!error && read < body.size()) error = json::error::extra_data;
  if (!error) return parser.handler().root();
  failure.reason = parser.handler().ran_out_of_nodes() ? "more members than are accepted" : error.message();
  failure.offset = read;
  return nullptr;
}

std::string repair_json(std::string_view body, Backslash backslash) {
  constexpr char kHole = '\x1A';  // SUBSTITUTE: where a character was lost
  std::string joined{body};
  if (backslash == Backslash::belongs_to_the_byte_before) {
    for (std::size_t i = 0; i + 1 < joined.size(); ++i) {
      const auto lead = static_cast<unsigned char>(joined[i]);
      if (lead < 0x81) continue;
      if (joined[i + 1] == '\\')
        joined[++i] = kHole;
      else if (static_cast<unsigned char>(joined[i + 1]) >= 0x40)
        ++i;  // a whole pair: its second half leads nothing
    }
  }
  const auto text = clean_utf8(std::move(joined));

  std::string out;
  out.reserve(text.size() + 64);
  bool in_string = false;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"') in_string = !in_string;
    if (in_string && c == '\\') {
      i += repair_escape(out, std::string_view{text}.substr(i));
      continue;
    }
    if (c == kHole)
      out += in_string ? "" : " ";
    else if (in_string && static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    else
      out += c;
    ++i;
  }
  return out;
}

}  // namespace visitor::hikvision
