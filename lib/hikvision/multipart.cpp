#include "hikvision/multipart.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace visitor::hikvision {
namespace {

constexpr std::string_view kDashes = "--";
constexpr std::size_t kDelimiterExtra = 16;  // dashes, blanks and the line end around the boundary

std::string_view without_line_end(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  return line;
}

/// The body without the line end that belongs to the delimiter behind it.
std::string_view before_delimiter(std::string_view body) {
  if (!body.empty() && body.back() == '\n') body.remove_suffix(1);
  if (!body.empty() && body.back() == '\r') body.remove_suffix(1);
  return body;
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// Whether \p line is \p boundary, with or without the dashes before it and those of the end behind it.
bool is_delimiter(std::string_view line, std::string_view boundary) {
  if (line.size() > boundary.size() + kDelimiterExtra) return false;
  line = trim(line);
  auto with_dashes = line;
  for (auto* rest : {&line, &with_dashes}) {
    if (rest == &with_dashes && !take_prefix(*rest, kDashes)) continue;
    if (!take_prefix(*rest, boundary)) continue;
    if (rest->empty() || *rest == kDashes) return true;
  }
  return false;
}

/// The value of the parameter \p name in a header such as `form-data; name="Picture"`; empty if there is none.
std::string parameter(std::string_view header, std::string_view name) {
  for (auto at = header.find(';'); at != std::string_view::npos; at = header.find(';')) {
    header = trim(header.substr(at + 1));
    const auto equals = header.find('=');
    if (equals == std::string_view::npos) return {};
    if (!equal_ignoring_case(trim(header.substr(0, equals)), name)) continue;
    auto value = trim(header.substr(equals + 1));
    if (take_prefix(value, "\"")) return std::string{value.substr(0, value.find('"'))};
    return std::string{trim(value.substr(0, value.find(';')))};
  }
  return {};
}

char first_character(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return start == std::string_view::npos ? '\0' : text[start];
}

bool opens_text(char c) {
  return c == '{' || c == '[' || c == '<';
}

void read_header(Part& part, std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const auto name = lower(trim(line.substr(0, colon)));
  const auto value = trim(line.substr(colon + 1));
  if (name == "content-type") {
    part.content_type = lower(trim(value.substr(0, value.find(';'))));
  } else if (name == "content-id") {
    part.content_id = std::string{value};
  } else if (name == "content-length") {
    if (const auto length = to_integer(value); length && *length >= 0)
      part.content_length = static_cast<std::size_t>(*length);
  } else if (name == "content-disposition") {
    part.name = parameter(value, "name");
    part.file_name = parameter(value, "filename");
  }
}

}  // namespace

bool Part::is_text() const {
  return opens_text(first_character(body));
}

std::optional<std::string> boundary_of(std::string_view content_type) {
  if (!equal_ignoring_case(trim(content_type).substr(0, 10), "multipart/")) return std::nullopt;
  auto boundary = parameter(content_type, "boundary");
  if (boundary.empty() || boundary.size() > 200) return std::nullopt;
  return boundary;
}

std::optional<std::string> guess_boundary(std::string_view body) {
  const auto start = body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (start == std::string_view::npos || body.substr(start, 2) != kDashes) return std::nullopt;
  const auto line = trim(body.substr(start, body.find('\n', start) - start));
  if (line.size() <= kDashes.size() || line.size() > 200) return std::nullopt;
  return std::string{line.substr(kDashes.size())};
}

MultipartSplitter::MultipartSplitter(std::string_view boundary, MultipartLimits limits)
    : boundary_(boundary), limits_(limits) {}

void MultipartSplitter::feed(std::string_view bytes, const OnPart& on_part) {
  buffer_.erase(0, read_);
  read_ = 0;
  buffer_ += bytes;
  while (step(on_part)) {
  }
}

void MultipartSplitter::finish(const OnPart& on_part) {
  feed("\n", on_part);  // so that a delimiter without a line end is seen
  if (state_ != State::body) return;
  const auto rest = without_line_end(unread());
  const bool is_text = opens_text(first_character(rest));
  if (rest.size() > (is_text ? limits_.text_part : limits_.other_part))
    ++skipped_;
  else if (!trim(rest).empty())
    emit(rest.size(), on_part);
  state_ = State::preamble;
}

bool MultipartSplitter::step(const OnPart& on_part) {
  switch (state_) {
    case State::preamble:
    case State::rest_of_part:
      return skip_to_delimiter();
    case State::headers:
      return read_line_of_headers();
    case State::body:
      return read_body(on_part);
  }
  return false;
}

bool MultipartSplitter::skip_to_delimiter() {
  const auto text = unread();
  const auto end = text.find('\n', scanned_);
  if (end == std::string_view::npos) {
    scanned_ = text.size();
    // A line that is too long for a delimiter need not be kept, only that it is too long.
    if (scanned_ > boundary_.size() + 64) {
      buffer_.assign(boundary_.size() + 64, '.');
      read_ = 0;
      scanned_ = buffer_.size();
    }
    return false;
  }
  const bool found = is_delimiter(text.substr(0, end), boundary_);
  read_ += end + 1;
  scanned_ = 0;
  if (found) begin_part();
  return true;
}

void MultipartSplitter::begin_part() {
  state_ = State::headers;
  part_ = {};
  header_bytes_ = 0;
}

void MultipartSplitter::begin_body() {
  state_ = State::body;
  scanned_ = line_ = looked_ = depth_ = 0;
  in_string_ = escaped_ = false;
  closing_tag_.clear();
}

void MultipartSplitter::give_up_part() {
  ++skipped_;
  state_ = State::rest_of_part;
  scanned_ = 0;
}

bool MultipartSplitter::read_line_of_headers() {
  const auto text = unread();
  if (text.empty()) return false;
  if (opens_text(text.front())) {  // the blank line is missing
    begin_body();
    return true;
  }
  const auto end = text.find('\n');
  if (header_bytes_ + std::min(end, text.size()) > limits_.headers) {
    give_up_part();
    return true;
  }
  if (end == std::string_view::npos) return false;
  const auto line = text.substr(0, end);
  header_bytes_ += end + 1;
  read_ += end + 1;
  if (is_delimiter(line, boundary_))
    begin_part();
  else if (trim(line).empty())
    begin_body();
  else
    read_header(part_, line);
  return true;
}

std::optional<std::size_t> MultipartSplitter::find_delimiter() {
  const auto text = unread();
  for (auto end = text.find('\n', scanned_); end != std::string_view::npos; end = text.find('\n', scanned_)) {
    if (is_delimiter(text.substr(line_, end - line_), boundary_)) return line_;
    line_ = scanned_ = end + 1;
  }
  scanned_ = text.size();
  return std::nullopt;
}

bool MultipartSplitter::is_complete_json(std::string_view text) {
  for (; looked_ < text.size(); ++looked_) {
    const char c = text[looked_];
    if (in_string_) {
      if (escaped_)
        escaped_ = false;
      else if (c == '\\')
        escaped_ = true;
      else if (c == '"')
        in_string_ = false;
    } else if (c == '"') {
      in_string_ = true;
    } else if (c == '{' || c == '[') {
      ++depth_;
    } else if ((c == '}' || c == ']') && depth_ > 0 && --depth_ == 0) {
      ++looked_;
      return true;
    }
  }
  return false;
}

bool MultipartSplitter::is_complete_xml(std::string_view text) {
  while (closing_tag_.empty()) {
    const auto open = text.find('<', looked_);
    const auto name_end = text.find_first_of(" \t\r\n/>", std::min(open, text.size()) + 1);
    if (open == std::string_view::npos || name_end == std::string_view::npos) return false;
    if (text[open + 1] == '?' || text[open + 1] == '!') {
      looked_ = name_end;
      continue;
    }
    closing_tag_ = "</" + std::string{text.substr(open + 1, name_end - open - 1)} + ">";
    looked_ = name_end;
  }
  const auto close = text.find(closing_tag_, looked_);
  if (close == std::string_view::npos) {
    // The tag itself may still be cut in two.
    looked_ = std::max(looked_, text.size() - std::min(text.size(), closing_tag_.size()));
    return false;
  }
  looked_ = close + closing_tag_.size();
  return true;
}

bool MultipartSplitter::read_body(const OnPart& on_part) {
  const auto delimiter = find_delimiter();
  const auto text = unread();
  const auto body = delimiter ? before_delimiter(text.substr(0, *delimiter)) : text;
  const char first = first_character(body);
  const auto limit = opens_text(first) ? limits_.text_part : limits_.other_part;

  const auto known = body.substr(0, limit);
  const bool complete = first == '<' ? is_complete_xml(known) : opens_text(first) && is_complete_json(known);
  if (complete) {
    emit(looked_, on_part);
    state_ = State::rest_of_part;
    scanned_ = 0;
    return true;
  }
  // Without a delimiter the last line may still become one, as long as it is short enough; its line end counts for
  // none.
  const bool undecided = !delimiter && text.size() - line_ <= boundary_.size() + kDelimiterExtra;
  const auto certain = delimiter ? body : before_delimiter(undecided ? text.substr(0, line_) : text);
  if (certain.size() > limit) {
    read_ += delimiter ? *delimiter : line_;
    give_up_part();
    return true;
  }
  if (!delimiter) return false;
  const auto part_end = *delimiter;
  if (!body.empty() || !part_.content_type.empty() || !part_.name.empty()) {
    emit(body.size(), on_part);
    read_ += part_end - body.size();
  } else {
    read_ += part_end;
  }
  state_ = State::preamble;
  scanned_ = 0;
  return true;
}

void MultipartSplitter::emit(std::size_t length, const OnPart& on_part) {
  part_.body = std::string{unread().substr(0, length)};
  read_ += length;
  on_part(std::move(part_));
  part_ = {};
}

}  // namespace visitor::hikvision
