#include <algorithm>
#include <pugixml.hpp>
#include <string>

#include "core/text.hpp"
#include "hikvision/arena.hpp"

namespace visitor::hikvision {
namespace {

std::string_view local_name(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

class TreeBuilder {
 public:
  TreeBuilder(Arena& arena, const DocumentLimits& limits, ParseFailure& failure)
      : arena_(arena), nodes_left_(limits.nodes), depth_limit_(limits.depth), failure_(failure) {}

  const Node* build(const pugi::xml_document& document) {
    Node* const root = arena_.node();
    root->kind = Node::Kind::object;
    const Node** end = &root->first_child;
    if (!hang(document.document_element(), end, 1)) return nullptr;
    return root;
  }

 private:
  bool refuse(const char* reason, const pugi::xml_node& element) {
    failure_ = {reason, static_cast<std::size_t>(std::max<std::ptrdiff_t>(element.offset_debug(), 0))};
    return false;
  }

  void hang_attribute(const pugi::xml_attribute& attribute, const Node**& end) {
    Node* const node = arena_.node();
    node->kind = Node::Kind::text;
    node->name = arena_.copy('@' + std::string{local_name(attribute.name())});
    node->text = arena_.copy(clean_utf8(attribute.value()));
    *end = node;
    end = &node->next;
  }

  bool hang(const pugi::xml_node& element, const Node**& end, std::size_t depth) {
    if (depth > depth_limit_) return refuse("elements are nested too deeply", element);
    if (nodes_left_ == 0) return refuse("more elements than are accepted", element);
    --nodes_left_;
    Node* const node = arena_.node();
    node->name = arena_.copy(local_name(element.name()));
    // A character reference can name what UTF-8 does not have.
    node->text = arena_.copy(clean_utf8(element.text().get()));
    *end = node;
    end = &node->next;

    const Node** children = &node->first_child;
    for (const auto& attribute : element.attributes()) {
      if (nodes_left_ == 0) return refuse("more attributes than are accepted", element);
      --nodes_left_;
      hang_attribute(attribute, children);
    }
    for (const auto& child : element.children())
      if (child.type() == pugi::node_element && !hang(child, children, depth + 1)) return false;
    node->kind = node->first_child ? Node::Kind::object : Node::Kind::text;
    return true;
  }

  Arena& arena_;
  std::size_t nodes_left_;
  std::size_t depth_limit_;
  ParseFailure& failure_;
};

}  // namespace

const Node* parse_xml(std::string_view body, const DocumentLimits& limits, Arena& arena, ParseFailure& failure) {
  pugi::xml_document document;
  const auto result = document.load_buffer(body.data(), body.size(), pugi::parse_default | pugi::parse_trim_pcdata,
                                           pugi::encoding_utf8);
  if (!result || !document.document_element()) {
    failure = {result ? "there is no root element" : result.description(), static_cast<std::size_t>(result.offset)};
    return nullptr;
  }
  return TreeBuilder{arena, limits, failure}.build(document);
}

}  // namespace visitor::hikvision
