#include "support/mail_server.hpp"

#include <boost/json.hpp>

namespace visitor::test {
namespace {

namespace json = boost::json;

std::string text_of(const json::value& value) {
  return value.is_string() ? std::string{value.as_string()} : std::string{};
}

TakenMail to_mail(const json::object& object) {
  TakenMail mail;
  mail.from = text_of(object.at("from"));
  for (const auto& to : object.at("to").as_array()) mail.to.push_back(text_of(to));
  mail.tls = object.at("tls").as_bool();
  mail.login = text_of(object.at("login"));
  for (const auto& header : object.at("headers").as_array()) {
    mail.header_names.push_back(text_of(header.at(0)));
    mail.headers[mail.header_names.back()] = text_of(header.at(1));
  }
  for (const auto& header : object.at("raw_headers").as_array())
    mail.raw_headers[text_of(header.at(0))] = text_of(header.at(1));
  mail.type = text_of(object.at("type"));
  mail.text = text_of(object.at("text"));
  mail.html = text_of(object.at("html"));
  mail.photo = text_of(object.at("photo"));
  for (const auto& defect : object.at("defects").as_array()) mail.defects.push_back(text_of(defect));
  mail.longest_line = object.at("longest_line").to_number<std::size_t>();
  mail.lone_line_ends = object.at("lone_line_ends").to_number<std::size_t>();
  return mail;
}

}  // namespace

std::optional<TakenMail> MailServer::next() {
  const auto found = program_.line(std::chrono::seconds{2});
  return found ? std::optional{to_mail(json::parse(*found).as_object())} : std::nullopt;
}

bool MailServer::has_more() {
  const auto found = program_.line(std::chrono::milliseconds{50});
  if (found) program_.put_back(*found);
  return found.has_value();
}

}  // namespace visitor::test
