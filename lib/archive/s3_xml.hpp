#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/instant.hpp"

/// The XML that S3 speaks. Readers return nothing where a body is not what they read; what they find has been sent by a
/// server and is not to be trusted any further.
namespace visitor::archive {

/// "2009-10-12T17:50:30.000Z".
std::optional<Instant> read_time(const std::string& text);

/// What an <Error> says; fields are empty where it does not.
struct S3Message {
  std::string code;  ///< "NoSuchKey"
  std::string message;
  std::string region;       ///< the bucket's, where another one was signed for
  std::string server_time;  ///< with RequestTimeTooSkewed
};
std::optional<S3Message> read_error(std::string_view body);

struct S3Object {
  std::string key;
  std::uint64_t size = 0;
  Instant modified;
};
struct S3Page {
  std::vector<S3Object> objects;
  std::string next;  ///< continuation token; empty: this is the last page
};
std::optional<S3Page> read_object_page(std::string_view body);

std::optional<std::string> read_upload_id(std::string_view body);

/// The entity tag of a completed upload, with its quotes.
std::optional<std::string> read_completed(std::string_view body);

struct S3Part {
  unsigned number = 0;
  std::string etag;
  std::uint64_t size = 0;
};
std::optional<std::vector<S3Part>> read_parts(std::string_view body);

struct S3UnfinishedUpload {
  std::string key;
  std::string id;
  Instant begun;
};
struct S3UploadPage {
  std::vector<S3UnfinishedUpload> uploads;
  std::string next_key;  ///< both empty: this is the last page
  std::string next_id;
};
std::optional<S3UploadPage> read_upload_page(std::string_view body);

/// The body that completes an upload of parts with these entity tags, numbered from 1.
std::string completion_body(const std::vector<std::string>& etags);

}  // namespace visitor::archive
