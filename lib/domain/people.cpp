#include "domain/people.hpp"

namespace visitor::domain {
namespace {

constexpr std::size_t kShortest = 7, kLongest = 15;  // digits of an E.164 number
constexpr std::size_t kNational = 10;                // digits after the country code or the long-distance 8

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_punctuation(char c) {
  return c == ' ' || c == '\t' || c == '-' || c == '.' || c == '(' || c == ')';
}

[[noreturn]] void refuse(const char* why) {
  throw Error(Errc::usage, std::string{"this is no telephone number: "} + why,
              "Write it with its country code, such as +7 701 123 45 67.");
}

}  // namespace

template <>
std::span<const Name<CredentialKind>> names() {
  static constexpr Name<CredentialKind> kNames[] = {
      {CredentialKind::employee_no, "employee_no", "Employee number", "Табельный номер"},
      {CredentialKind::card, "card", "Card", "Карта"},
  };
  return kNames;
}

std::string to_e164(std::string_view given, std::string_view country_code) {
  std::string digits;
  bool plus = false;
  for (const char c : given) {
    if (is_digit(c))
      digits += c;
    else if (c == '+' && digits.empty() && !plus)
      plus = true;
    else if (!is_punctuation(c))
      refuse("it has a character that does not belong");
  }
  if (!plus) {
    const bool long_distance = digits.size() == kNational + 1 && digits.front() == '8';
    const bool national = digits.size() == kNational;
    const bool complete = !country_code.empty() && digits.size() == country_code.size() + kNational &&
                          digits.compare(0, country_code.size(), country_code) == 0;
    if ((long_distance || national) && !complete) {
      if (country_code.empty()) refuse("it has no country code, and the site has none either");
      digits = std::string{country_code} + (long_distance ? digits.substr(1) : digits);
    } else if (!complete) {
      refuse("it has no country code");
    }
  }
  if (digits.size() < kShortest || digits.size() > kLongest) refuse("it needs 7 to 15 digits");
  if (digits.front() == '0') refuse("a country code never begins with 0");
  return "+" + digits;
}

std::string phone_digits(std::string_view text) {
  constexpr std::size_t kTelling = 5;
  std::string digits;
  bool plus = false;
  for (const char c : text) {
    if (is_digit(c))
      digits += c;
    else if (c == '+' && digits.empty() && !plus)
      plus = true;
    else if (!is_punctuation(c))
      return {};
  }
  if (!plus && digits.starts_with("00")) digits.erase(0, 2);
  if (!plus && digits.size() == kNational + 1 && digits.front() == '8') digits.erase(0, 1);
  return digits.size() < kTelling ? std::string{} : digits;
}

std::string mask_document(std::string_view tail) {
  return tail.empty() ? std::string{} : "********" + std::string{tail};
}

}  // namespace visitor::domain
