#pragma once

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "app/problems.hpp"
#include "daemon/http/message.hpp"

namespace visitor::api {

using app::Problem;

/// One thing of a request that is wrong.
struct Fault {
  std::string parameter;  ///< name of a parameter of the address or of a header; empty: it is in the body
  std::string pointer;    ///< into the body, as RFC 6901 has it: "/expected_from"
  std::string detail;     ///< "is not a time"
};

/// A request that is not done. Thrown anywhere below the dispatch, which makes an RFC 9457 problem of it.
class Refusal : public std::exception {
 public:
  /// \param detail  one lower-case line of fact, without a full stop
  Refusal(Problem problem, std::string detail, std::vector<Fault> faults = {})
      : problem_(problem), detail_(std::move(detail)), faults_(std::move(faults)) {}

  Problem problem() const { return problem_; }
  const std::string& detail() const { return detail_; }
  const std::vector<Fault>& faults() const { return faults_; }
  const std::string& hint() const { return hint_; }
  const http::Headers& headers() const { return headers_; }

  /// A sentence with the next step, where there is a better one than the problem's own.
  Refusal& hint(std::string sentence) {
    hint_ = std::move(sentence);
    return *this;
  }
  Refusal& header(std::string name, std::string value) {
    headers_.emplace_back(std::move(name), std::move(value));
    return *this;
  }

  const char* what() const noexcept override { return detail_.c_str(); }

 private:
  Problem problem_;
  std::string detail_;
  std::vector<Fault> faults_;
  std::string hint_;
  http::Headers headers_;
};

/// What a use case threw, for whoever asked. Of what went wrong inside nothing is told but the request id.
Refusal refusal_of(const Error& error);

/// application/problem+json.
http::Response to_response(const Refusal& refusal, const http::Request& request);

}  // namespace visitor::api
