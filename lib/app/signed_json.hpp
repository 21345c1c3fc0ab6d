#pragma once

#include <string>
#include <string_view>

#include "archive/keys.hpp"

/// One line of JSON whose last member is an Ed25519 signature, in hexadecimal, over what comes before it and a "}".
namespace visitor::app {

/// \param body  a JSON object without blanks around; it should name the key
std::string sign_json(std::string body, const archive::SigningKey& key);

struct SignedJson {
  std::string body;  ///< what was signed
  std::string signature;
};
/// Takes the line apart; whether the signature holds is for the caller to see, who knows where the key is named.
/// \param what  "checkpoint", for messages
/// \throws Error integrity  it is no such line
SignedJson split_signed_json(std::string_view text, std::string_view what);

}  // namespace visitor::app
