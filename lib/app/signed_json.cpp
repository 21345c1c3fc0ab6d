#include "app/signed_json.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace visitor::app {
namespace {

constexpr std::string_view kBeforeSignature = ",\"signature\":\"";
constexpr std::string_view kAfterSignature = "\"}\n";
constexpr std::size_t kSignatureDigits = 128;

}  // namespace

std::string sign_json(std::string body, const archive::SigningKey& key) {
  const auto signature = key.sign(body);
  body.pop_back();
  return fmt::format("{}{}{}{}", body, kBeforeSignature, signature, kAfterSignature);
}

SignedJson split_signed_json(std::string_view text, std::string_view what) {
  const auto refuse = [&](std::string_view how) {
    return Error(Errc::integrity, fmt::format("the {} {}", what, how), "Use another copy of it.");
  };
  const auto tail = kBeforeSignature.size() + kSignatureDigits + kAfterSignature.size();
  if (text.size() < tail) throw refuse("is cut off, or is something else");
  const auto end = text.substr(text.size() - tail);
  if (!end.starts_with(kBeforeSignature) || !end.ends_with(kAfterSignature))
    throw refuse("has no signature at its end");
  return {std::string{text.substr(0, text.size() - tail)} + "}",
          std::string{end.substr(kBeforeSignature.size(), kSignatureDigits)}};
}

}  // namespace visitor::app
