#pragma once

#include <string>
#include <string_view>

/// What audit rows show of what tells who somebody is, or lets somebody in: enough to recognise it, too little to use.
namespace visitor::app {

/// "a***@example.org"; empty for an empty one.
std::string masked_email(std::string_view address);
/// Of a telephone, card or chat number the end: "********4567". How long it is is not told, and of a short one less of
/// it, or nothing. Empty for an empty one.
std::string masked_number(std::string_view number);

}  // namespace visitor::app
