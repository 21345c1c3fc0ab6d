#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/http/message.hpp"

namespace visitor::http {

/// Reads one request out of the bytes of a connection, wherever they are cut. Two programs that read the same bytes
/// must see the same requests in them, so what others might understand differently is refused: RFC 9112 as it is
/// written, and nothing that it only tolerates.
///
/// | refused with 400                                                                              | section |
/// |-----------------------------------------------------------------------------------------------|---------|
/// | a CR or LF that is not part of a CRLF, and any other control character but a tab, in the head | 2.2     |
/// | a line that is folded into the next                                                           | 5.2     |
/// | blanks between the name of a header and its colon; a name that is no token                    | 5.1     |
/// | Content-Length and Transfer-Encoding; either of them twice; a length that is not just digits  | 6.3     |
/// | another Transfer-Encoding than "chunked"; any in HTTP/1.0                                     | 6.1     |
/// | a chunk that is not as long as it says; its size with extensions, or all trailers, longer     | 7.1     |
/// | than Limits::head; a trailer that is about the length of the body                             |         |
/// | no Host or several of them in HTTP/1.1; an absolute target with another host than Host        | 3.2     |
///
/// A head above Limits::head is 431, a body above Limits::body 413. Trailers are read and forgotten: nobody may add a
/// header behind the back of a proxy.
class RequestReader {
 public:
  struct Limits {
    std::size_t head;
    std::size_t body;
  };
  explicit RequestReader(const Limits& limits) : limits_(limits) {}

  enum class State : std::uint8_t {
    head,     ///< more is needed
    body,     ///< the head is whole, and more is needed
    whole,    ///< there is a request
    refused,  ///< and nothing that follows can be trusted
  };

  /// Takes what it can of \p bytes, which begin with those that it has not taken yet.
  /// \returns how many it took; what follows a whole request is the next one's
  std::size_t feed(std::string_view bytes);

  State state() const { return state_; }
  /// Whether the client waits for a word before it sends the body ("Expect: 100-continue").
  bool expects_word() const { return expects_word_; }

  // Of a whole request.

  /// Without remote and id.
  Request& request() { return request_; }
  bool is_head() const { return is_head_; }
  /// Whether the client wants the connection to stay.
  bool keep_alive() const { return keep_alive_; }

  /// The answer to a refused one.
  const Response& refusal() const { return refusal_; }

 private:
  /// What comes next of a body.
  enum class Next : std::uint8_t { bytes, size, chunk, end_of_chunk, trailer };

  bool look_at_head(std::string_view bytes);
  void take_head(std::string_view head);
  void announce_body();
  std::size_t take_body(std::string_view bytes);
  std::size_t take_line(std::string_view bytes);
  void take_size(std::string_view line);
  void take_trailer(std::string_view line);
  void refuse(int status, std::string_view message);

  Limits limits_;
  State state_ = State::head;
  std::size_t looked_ = 0;  // bytes of the head
  Next next_ = Next::bytes;
  std::size_t left_ = 0;      // of the body or of a chunk
  std::size_t trailers_ = 0;  // bytes
  bool expects_word_ = false;
  bool is_head_ = false;
  bool keep_alive_ = false;
  Request request_;
  Response refusal_;
};

}  // namespace visitor::http
