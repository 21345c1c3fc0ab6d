#include "archive/s3_xml.hpp"

#include <date/date.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "core/text.hpp"

namespace visitor::archive {
namespace {

/// The root element of \p body, if it has that name.
class Document {
 public:
  Document(std::string_view body, const char* name) {
    if (document_.load_buffer(body.data(), body.size(), pugi::parse_default | pugi::parse_trim_pcdata)) {
      if (const auto root = document_.document_element(); name_of(root) == name) root_ = root;
    }
  }
  explicit operator bool() const { return !root_.empty(); }
  pugi::xml_node root() const { return root_; }

 private:
  /// Without the prefix of a name space.
  static std::string_view name_of(pugi::xml_node node) {
    const std::string_view name{node.name()};
    const auto colon = name.find(':');
    return colon == name.npos ? name : name.substr(colon + 1);
  }

  pugi::xml_document document_;
  pugi::xml_node root_;
};

std::string text(pugi::xml_node node, const char* name) {
  return node.child_value(name);
}

std::optional<std::uint64_t> number(pugi::xml_node node, const char* name) {
  const auto value = to_integer(text(node, name));
  return value && *value >= 0 ? std::optional{static_cast<std::uint64_t>(*value)} : std::nullopt;
}

std::optional<Instant> moment(pugi::xml_node node, const char* name) {
  return read_time(text(node, name));
}

/// Keys come with %XX, so that XML can hold them all.
std::string decoded(std::string_view key) {
  std::string out;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const auto byte = key[i] == '%' ? from_hex(key.substr(i + 1, 2)) : std::nullopt;
    if (byte && byte->size() == 1) {
      out += static_cast<char>(byte->front());
      i += 2;
    } else {
      out += key[i] == '+' ? ' ' : key[i];
    }
  }
  return out;
}

bool is_truncated(pugi::xml_node page) {
  return text(page, "IsTruncated") == "true";
}

}  // namespace

std::optional<Instant> read_time(const std::string& text) {
  const auto dot = std::min(text.find('.'), text.size());
  std::istringstream in{text.substr(0, dot)};
  std::chrono::sys_time<std::chrono::seconds> at;
  in >> date::parse(dot == text.size() ? "%FT%H:%M:%SZ" : "%FT%H:%M:%S", at);
  if (in.fail()) return std::nullopt;
  if (dot == text.size()) return at;
  // Whatever has digits enough for a microsecond; the rest of them says nothing here.
  auto digits = text.substr(dot + 1);
  if (digits.empty() || digits.back() != 'Z') return std::nullopt;
  digits.back() = '0';
  digits.resize(6, '0');
  const auto fraction = to_integer(digits);
  if (!fraction || *fraction < 0) return std::nullopt;
  return at + std::chrono::microseconds{*fraction};
}

std::optional<S3Message> read_error(std::string_view body) {
  const Document document{body, "Error"};
  if (!document) return std::nullopt;
  const auto root = document.root();
  return S3Message{text(root, "Code"), text(root, "Message"), text(root, "Region"), text(root, "ServerTime")};
}

std::optional<S3Page> read_object_page(std::string_view body) {
  const Document document{body, "ListBucketResult"};
  if (!document) return std::nullopt;
  S3Page page;
  for (const auto node : document.root().children("Contents")) {
    const auto size = number(node, "Size");
    const auto modified = moment(node, "LastModified");
    if (!size || !modified) return std::nullopt;
    page.objects.push_back({decoded(text(node, "Key")), *size, *modified});
  }
  page.next = text(document.root(), "NextContinuationToken");
  if (is_truncated(document.root()) == page.next.empty()) return std::nullopt;
  return page;
}

std::optional<std::string> read_upload_id(std::string_view body) {
  const Document document{body, "InitiateMultipartUploadResult"};
  if (!document) return std::nullopt;
  auto id = text(document.root(), "UploadId");
  return id.empty() ? std::nullopt : std::optional{std::move(id)};
}

std::optional<std::string> read_completed(std::string_view body) {
  const Document document{body, "CompleteMultipartUploadResult"};
  if (!document) return std::nullopt;
  return text(document.root(), "ETag");
}

std::optional<std::vector<S3Part>> read_parts(std::string_view body) {
  const Document document{body, "ListPartsResult"};
  if (!document) return std::nullopt;
  std::vector<S3Part> parts;
  for (const auto node : document.root().children("Part")) {
    const auto part = number(node, "PartNumber");
    const auto size = number(node, "Size");
    if (!part || !size) return std::nullopt;
    parts.push_back({static_cast<unsigned>(*part), text(node, "ETag"), *size});
  }
  return parts;
}

std::optional<S3UploadPage> read_upload_page(std::string_view body) {
  const Document document{body, "ListMultipartUploadsResult"};
  if (!document) return std::nullopt;
  S3UploadPage page;
  for (const auto node : document.root().children("Upload")) {
    const auto begun = moment(node, "Initiated");
    if (!begun) return std::nullopt;
    page.uploads.push_back({decoded(text(node, "Key")), text(node, "UploadId"), *begun});
  }
  if (is_truncated(document.root())) {
    page.next_key = decoded(text(document.root(), "NextKeyMarker"));
    page.next_id = text(document.root(), "NextUploadIdMarker");
    if (page.next_key.empty()) return std::nullopt;
  }
  return page;
}

std::string completion_body(const std::vector<std::string>& etags) {
  pugi::xml_document document;
  auto root = document.append_child("CompleteMultipartUpload");
  root.append_attribute("xmlns") = "http://s3.amazonaws.com/doc/2006-03-01/";
  for (std::size_t i = 0; i < etags.size(); ++i) {
    auto part = root.append_child("Part");
    part.append_child("PartNumber").text() = static_cast<unsigned>(i + 1);
    part.append_child("ETag").text() = etags[i].c_str();
  }
  struct Writer final : pugi::xml_writer {
    void write(const void* data, std::size_t size) override { out.append(static_cast<const char*>(data), size); }
    std::string out;
  } writer;
  document.save(writer, "", pugi::format_raw | pugi::format_no_declaration);
  return writer.out;
}

}  // namespace visitor::archive
