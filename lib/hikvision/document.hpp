#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace visitor::hikvision {

/// One member of a terminal's answer, the same for JSON and XML.
///
/// An XML attribute is a child named "@attribute", so that `<maxResults max="30"/>` and `{"maxResults":{"@max":30}}`
/// read alike. Prefixes and namespaces of XML are gone; only local names are left. A JSON array is a list of nameless
/// children; XML repeats an element instead, and each_child() hides the difference.
struct Node {
  enum class Kind : std::uint8_t { null, boolean, number, text, list, object };

  Kind kind = Kind::null;
  bool plain_name = false;  ///< known to need no escapes in JSON
  bool plain_text = false;
  std::string_view name;  ///< empty for the root and for members of a list
  std::string_view text;  ///< scalars: as it was sent ("0.493", "true", or unescaped text); valid UTF-8 without NUL
  const Node* first_child = nullptr;
  const Node* next = nullptr;

  /// The child of that name, or nothing. Of several the last, as JSON readers do.
  const Node* find(std::string_view child_name) const;
  /// The same, with names compared without ASCII case.
  const Node* find_any_case(std::string_view child_name) const;

  bool is_scalar() const { return kind == Kind::boolean || kind == Kind::number || kind == Kind::text; }

  /// The scalar's text, whatever its type; nothing if it is empty, null, a list or an object.
  std::optional<std::string_view> as_text() const;
  /// A number or a text that holds one ("7", " 7 ", "7.0"); nothing if it does not fit.
  std::optional<std::int64_t> as_integer() const;
  std::optional<double> as_decimal() const;
  /// true, false, "true", "false", "1", "0", 1, 0; any case.
  std::optional<bool> as_boolean() const;
};

/// as_…() of the child \p name of \p parent; nothing where there is no such child.
std::optional<std::string> child_text(const Node& parent, std::string_view name);
std::optional<std::int64_t> child_integer(const Node& parent, std::string_view name);
std::optional<bool> child_boolean(const Node& parent, std::string_view name);

/// Calls \p use with each entry of the collection \p name: the members of a JSON array, a lone object or scalar in its
/// place, or every XML element of that name. null and absence are an empty collection.
template <class Use>
void each_child(const Node& parent, std::string_view name, Use&& use) {
  for (const Node* child = parent.first_child; child; child = child->next) {
    if (child->name != name) continue;
    if (child->kind == Node::Kind::list) {
      for (const Node* entry = child->first_child; entry; entry = entry->next) use(*entry);
    } else if (child->kind != Node::Kind::null) {
      use(*child);
    }
  }
}

/// How much of a body is read before it is refused.
struct DocumentLimits {
  std::size_t bytes = 8U << 20;
  std::size_t depth = 32;
  std::size_t nodes = 500'000;
};

/// A parsed answer of a terminal, JSON or XML, told apart by its first byte and never by its Content-Type.
///
/// Lenient where terminals are known to be sloppy: a byte order mark, blanks and NUL bytes around the body, bytes that
/// are not UTF-8 (GBK and Latin-1 announced as UTF-8; each becomes U+FFFD), raw control characters and impossible
/// escapes inside strings. One bad byte never costs the page. Truncated and otherwise broken syntax is refused.
/// Source: HIKVISION.md sections 1 and 10.
class Document {
 public:
  enum class Format : std::uint8_t { json, xml };

  /// \param what  names the body in the error, such as "AcsEvent page"
  /// \throws Error terminal  the body is empty, over a limit, or neither JSON nor XML; the message says where
  static Document parse(std::string_view body, std::string_view what, const DocumentLimits& limits = {});

  /// A JSON body's outermost value, or for XML a nameless object around the root element. Lives as long as this.
  const Node& root() const;
  Format format() const;

  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

 private:
  struct Memory;
  explicit Document(std::unique_ptr<Memory> memory);
  std::unique_ptr<Memory> memory_;
};

/// The child of \p root named like one of \p wrapper (any case) if that is an object, else \p root itself. Terminals
/// send the same answer with and without its root member.
const Node& unwrap(const Node& root, std::string_view wrapper);

/// \p node as minified JSON, appended to \p out. Numbers keep their digits; one that PostgreSQL's jsonb cannot hold
/// (more than 40 characters, or an exponent over three digits) is written as text. XML scalars are texts;
/// the text of an element that has attributes too is the member "#text".
void append_json(std::string& out, const Node& node);

}  // namespace visitor::hikvision
