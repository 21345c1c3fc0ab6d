#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace visitor::hikvision {

/// One part of a multipart body.
struct Part {
  std::string content_type;  ///< lower case, without parameters; empty if the part has no such header
  std::string name;          ///< of Content-Disposition: "Picture", "AccessControllerEvent"
  std::string file_name;
  std::string content_id;
  std::optional<std::size_t> content_length;  ///< as announced; often absent or wrong
  std::string body;

  /// JSON or XML by its first character, whatever content_type says.
  bool is_text() const;
};

struct MultipartLimits {
  std::size_t headers = 8U << 10;
  std::size_t text_part = 64U << 10;
  std::size_t other_part = 4U << 20;  ///< pictures
};

/// The boundary parameter of a Content-Type header, without quotes; nothing if it is not multipart.
std::optional<std::string> boundary_of(std::string_view content_type);
/// The boundary of a body whose header is lost: its first line, if that begins with two dashes.
std::optional<std::string> guess_boundary(std::string_view body);

/// Cuts a stream into its parts while it arrives in pieces of any size.
///
/// A delimiter is a line that holds the boundary, with or without the two dashes before it, whatever the line ends are.
/// The delimiter always ends a part; Content-Length does not, since terminals send wrong ones. A part that holds a JSON
/// object or an XML element is handed out as soon as that is complete, so that an event does not wait for the next one.
/// A part over its limit is skipped and counted, and the stream goes on. What stands before the first delimiter is
/// dropped. Source: HIKVISION.md section 4.
class MultipartSplitter {
 public:
  using OnPart = std::function<void(Part&&)>;

  /// \param boundary  as in the Content-Type header; terminals are known to put the dashes into it
  explicit MultipartSplitter(std::string_view boundary, MultipartLimits limits = {});

  /// Takes the next bytes and calls \p on_part for each part that is complete.
  void feed(std::string_view bytes, const OnPart& on_part);
  /// The stream has ended: hands out a last part that no delimiter closed, unless it is empty.
  void finish(const OnPart& on_part);

  std::size_t skipped() const { return skipped_; }  ///< parts over a limit

 private:
  enum class State : std::uint8_t { preamble, headers, body, rest_of_part };

  std::string_view unread() const { return std::string_view{buffer_}.substr(read_); }
  bool step(const OnPart& on_part);
  bool read_line_of_headers();
  bool read_body(const OnPart& on_part);
  bool skip_to_delimiter();
  std::optional<std::size_t> find_delimiter();
  bool is_complete_json(std::string_view text);
  bool is_complete_xml(std::string_view text);
  void begin_part();
  void begin_body();
  void give_up_part();
  void emit(std::size_t length, const OnPart& on_part);

  std::string boundary_;
  MultipartLimits limits_;
  std::string buffer_;
  std::size_t read_ = 0;     // of buffer_: everything before is done with
  std::size_t scanned_ = 0;  // from read_: where the search for the next line end goes on
  std::size_t line_ = 0;     // from read_: where the line that is being searched begins
  std::size_t header_bytes_ = 0;
  State state_ = State::preamble;
  Part part_;
  std::size_t skipped_ = 0;

  // How far the JSON or XML of the part has been looked at.
  std::size_t looked_ = 0;
  std::size_t depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
  std::string closing_tag_;
};

}  // namespace visitor::hikvision
