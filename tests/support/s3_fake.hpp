#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "archive/s3_credentials.hpp"
#include "archive/target.hpp"
#include "support/helper_program.hpp"

namespace visitor::test {

/// tests/support/s3_fake.py on a port of its own: a strict S3 server with the bucket "backups".
class S3Fake {
 public:
  /// \param arguments  of the program: "--object-lock --skew 1200"
  explicit S3Fake(const std::string& arguments = "") : program_("s3_fake.py", arguments) {}

  std::string endpoint() const;
  /// What to do with the next requests; replaces what is left of earlier words.
  /// \param method  "PUT"
  /// \param has     part of the target: "partNumber=2"
  /// \param what    one of FAULTS in the program
  void fault(std::string_view method, std::string_view has, std::string_view what, int times = 1);
  void corrupt(std::string_view key);
  boost::json::object state() const;

  /// How many requests of that method had \p has in their target.
  int count(std::string_view method, std::string_view has) const;

  /// Credentials that it takes.
  static archive::S3Credentials credentials();

 private:
  std::string call(std::string_view method, std::string_view path, std::string body) const;

  HelperProgram program_;
};

}  // namespace visitor::test
