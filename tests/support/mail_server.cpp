#include "support/mail_server.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <sstream>
#include <stdexcept>

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

MailServer::MailServer(const std::string& arguments) {
  std::vector<std::string> words{"/usr/bin/python3", VISITOR_SOURCE_DIR "/tests/support/mail_server.py"};
  std::istringstream given{arguments};
  for (std::string word; given >> word;) words.push_back(word);
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::array<int, 2> in{}, out{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
  child_ = ::fork();
  if (child_ == 0) {
    ::dup2(in[0], 0);
    ::dup2(out[1], 1);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  in_ = in[1];
  out_ = out[0];
  const auto ready = line(std::chrono::seconds{20});
  if (!ready) throw std::runtime_error{"the mail server does not start; is python3-aiosmtpd installed?"};
  port_ = json::parse(*ready).at("port").to_number<int>();
}

MailServer::~MailServer() {
  ::close(in_);
  ::close(out_);
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
}

std::optional<std::string> MailServer::line(std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    if (const auto end = buffer_.find('\n'); end != std::string::npos) {
      auto found = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return found;
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
    pollfd watched{out_, POLLIN, 0};
    if (left <= 0 || ::poll(&watched, 1, static_cast<int>(left)) <= 0) return std::nullopt;
    std::array<char, 65536> chunk{};
    const auto got = ::read(out_, chunk.data(), chunk.size());
    if (got <= 0) return std::nullopt;
    buffer_.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

std::optional<TakenMail> MailServer::next() {
  const auto found = line(std::chrono::seconds{2});
  return found ? std::optional{to_mail(json::parse(*found).as_object())} : std::nullopt;
}

bool MailServer::has_more() {
  const auto found = line(std::chrono::milliseconds{50});
  if (found) buffer_.insert(0, *found + "\n");
  return found.has_value();
}

}  // namespace visitor::test
