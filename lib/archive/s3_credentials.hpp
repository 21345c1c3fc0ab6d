#pragma once

#include <functional>
#include <optional>
#include <string>

#include "archive/target.hpp"
#include "core/secret.hpp"

namespace visitor::archive {

struct S3Credentials {
  std::string access_key;
  Secret secret;
  Secret token;        ///< of temporary credentials; empty: none
  std::string region;  ///< never empty
  std::string source;  ///< where they were found, for people: "/etc/visitor/backup.s3", "the environment"
};

/// The value of an environment variable; nothing where it is not set or empty.
using Environment = std::function<std::optional<std::string>(const char*)>;
Environment process_environment();

/// The first that is there: S3Options::credentials_file; "backup-s3" in systemd's $CREDENTIALS_DIRECTORY;
/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; $AWS_SHARED_CREDENTIALS_FILE or ~/.aws/credentials.
///
/// Files are written as AWS's are: "[default]", "aws_access_key_id = …", "aws_secret_access_key = …", perhaps
/// "aws_session_token = …" and "region = …". The region is that of the options, AWS_REGION, AWS_DEFAULT_REGION, the
/// profile there, the profile in $AWS_CONFIG_FILE or ~/.aws/config, or us-east-1.
///
/// \throws Error denied  there are none, or a file of them may be read by others or belongs to somebody else
/// \throws Error config  a file lacks the profile or a key
S3Credentials find_s3_credentials(const S3Options& options, const Environment& environment);

}  // namespace visitor::archive
