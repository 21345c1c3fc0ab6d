#include "archive/json_fields.hpp"

namespace visitor::archive {
namespace {

namespace json = boost::json;

constexpr std::string_view kBeforeSignature = ",\"signature\":\"";
constexpr std::string_view kAfterSignature = "\"}\n";
constexpr std::size_t kSignatureDigits = 128;

}  // namespace

std::string sign_json(json::object object, const SigningKey& key) {
  object["signer"] = key.public_text();
  auto text = json::serialize(object);
  const auto signature = key.sign(text);
  text.pop_back();
  return fmt::format("{}{}{}{}", text, kBeforeSignature, signature, kAfterSignature);
}

json::value read_signed_json(std::string_view text, std::string_view what) {
  const auto wrong = [&](std::string_view how) -> Error {
    return {Errc::integrity, fmt::format("{} {}", what, how), "Use another copy, or another backup."};
  };
  const auto tail = kBeforeSignature.size() + kSignatureDigits + kAfterSignature.size();
  if (text.size() < tail) throw wrong("is cut off");
  const auto end = text.substr(text.size() - tail);
  if (!end.starts_with(kBeforeSignature) || !end.ends_with(kAfterSignature)) throw wrong("has no signature at its end");
  const auto body = std::string{text.substr(0, text.size() - tail)} + "}";
  json::error_code error;
  auto value = json::parse(body, error);
  if (error) throw wrong("is no JSON");
  const auto signer = JsonFields{value, what}.text("signer");
  if (!signature_holds(signer, body, end.substr(kBeforeSignature.size(), kSignatureDigits)))
    throw wrong("was changed after it was signed");
  return value;
}

}  // namespace visitor::archive
