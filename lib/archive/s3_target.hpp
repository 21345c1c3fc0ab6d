#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "archive/s3_credentials.hpp"
#include "archive/target.hpp"

namespace visitor::archive {

/// Objects below a prefix of a bucket of any S3-compatible server.
///
/// What fits into one part goes up in one PUT, all else in parts, each with its MD5 and signed SHA-256, and the entity
/// tags that come back are held against them. A broken part is sent again unless the server lists it. Commit asks for
/// the object once more: its size, and its lock where one was asked for. An upload that fails is aborted; what a killed
/// process left is never listed as an object, and sweep() aborts it.
///
/// Downloads ask for ranges of one part each, all of one entity tag, so that a broken one goes on where it was.
///
/// \param prefix  an object name, or empty
std::unique_ptr<Target> open_s3_target(std::string bucket, std::string prefix, const TargetOptions& options,
                                       S3Credentials credentials);

/// Bytes of a part such that 10,000 hold \p expected and half as much again; a whole number of MiB, 5 at least.
/// Source: "Amazon S3 multipart upload limits".
/// \throws Error config  \p wanted or what would be needed is larger than a part may be
std::size_t part_size(std::size_t wanted, std::uint64_t expected);

}  // namespace visitor::archive
