#pragma once

#include "archive/json_fields.hpp"
#include "archive/record.hpp"

// A record as a member of something that is signed. Included by nothing outside of this module.
namespace visitor::archive {

boost::json::object record_json(const Record& record);
Record record_of(const JsonFields& fields);

}  // namespace visitor::archive
