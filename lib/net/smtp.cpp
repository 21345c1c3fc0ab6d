#include "net/smtp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "core/error.hpp"
#include "core/mail_address.hpp"
#include "core/text.hpp"
#include "net/smtp_curl.hpp"

namespace visitor::net {
namespace {

constexpr long kGoodbyeSeconds = 1;
constexpr std::size_t kLongestLine = 998;  // RFC 5321 section 4.5.3.1.6, without CRLF
constexpr int kLongestSaid = 200;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// "5.2.2" at the start of \p text, or empty. Source: RFC 3463 section 2.
std::string enhanced_code(std::string_view text) {
  const auto end = text.find(' ');
  const auto code = text.substr(0, end);
  const auto parts = 1 + std::ranges::count(code, '.');
  const bool good = std::ranges::all_of(code, [](char c) { return is_digit(c) || c == '.'; });
  constexpr std::size_t kLongest = 9;
  return good && parts == 3 && code.size() >= 5 && code.size() <= kLongest ? std::string{code} : "";
}

/// What a server says, as it comes: its last reply, and the last command before it.
struct Conversation {
  SmtpStage stage = SmtpStage::connection;
  std::string reply;  ///< code and text; lines of one reply with blanks between
  bool continues = false;
  bool over = false;  ///< QUIT has gone out: what comes now is no answer to the mail
  CURL* transfer = nullptr;
  const std::stop_token* stop = nullptr;
  std::string_view unsent;

  int code() const { return static_cast<int>(to_integer(std::string_view{reply}.substr(0, 3)).value_or(0)); }
  std::string_view text() const { return reply.size() > 4 ? std::string_view{reply}.substr(4) : ""; }
};

std::size_t on_reply(char* from, std::size_t, std::size_t size, void* given) {
  constexpr std::size_t kMostOfReply = 1'000;
  auto& conversation = *static_cast<Conversation*>(given);
  if (conversation.over) return size;
  const auto line = trim({from, size});
  if (!conversation.continues)
    conversation.reply = line.substr(0, kMostOfReply);
  else if (line.size() > 4 && conversation.reply.size() + line.size() < kMostOfReply)
    conversation.reply.append(" ").append(line.substr(4));
  conversation.continues = line.size() > 3 && line[3] == '-';
  if (conversation.reply.size() > 3) conversation.reply[3] = ' ';
  return size;
}

std::size_t on_read(char* to, std::size_t, std::size_t size, void* conversation) {
  auto& unsent = static_cast<Conversation*>(conversation)->unsent;
  const auto count = std::min(size, unsent.size());
  std::memcpy(to, unsent.data(), count);
  unsent.remove_prefix(count);
  return count;
}

/// Looks at the first word of what goes out, and keeps nothing of it: a login is among it.
int on_debug(CURL*, curl_infotype type, char* data, std::size_t size, void* given) {
  if (type != CURLINFO_HEADER_OUT) return 0;
  constexpr std::array<std::pair<std::string_view, SmtpStage>, 6> kCommands{{{"EHLO", SmtpStage::connection},
                                                                             {"STARTTLS", SmtpStage::tls},
                                                                             {"AUTH", SmtpStage::login},
                                                                             {"MAIL", SmtpStage::sender},
                                                                             {"RCPT", SmtpStage::recipient},
                                                                             {"DATA", SmtpStage::content}}};
  auto& conversation = *static_cast<Conversation*>(given);
  const std::string_view said{data, size};
  for (const auto& [command, stage] : kCommands)
    if (said.starts_with(command)) conversation.stage = stage;
  if (said.starts_with("QUIT")) {
    conversation.over = true;
    // The answer does not matter any more, and libcurl would wait for it whatever the deadline says.
    curl_easy_setopt(conversation.transfer, CURLOPT_SERVER_RESPONSE_TIMEOUT, kGoodbyeSeconds);
  }
  return 0;
}

/// Called every second while libcurl waits for a reply by itself.
int on_progress(void* conversation, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Conversation*>(conversation)->stop->stop_requested() ? 1 : 0;
}

struct EasyCleanup {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct MultiCleanup {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
struct ListCleanup {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// The transfer is part of the multi handle for as long as this lives.
class Added {
 public:
  Added(CURLM* multi, CURL* easy) : multi_(multi), easy_(easy) { curl_multi_add_handle(multi, easy); }
  ~Added() { curl_multi_remove_handle(multi_, easy_); }
  Added(const Added&) = delete;
  Added& operator=(const Added&) = delete;

 private:
  CURLM* multi_;
  CURL* easy_;
};

struct Wake {
  CURLM* multi;
  void operator()() const noexcept { curl_multi_wakeup(multi); }
};

bool is_plain(std::string_view line) {
  return line.size() <= kLongestLine &&
         std::ranges::all_of(line, [](char c) { return (c >= ' ' && c < 0x7f) || c == '\t'; });
}

void check(const SmtpMail& mail) {
  if (!is_mail_address(mail.from) || !is_mail_address(mail.to))
    throw Error(Errc::usage, fmt::format("{} is not an address that mail can go to",
                                         json_quote(is_mail_address(mail.from) ? mail.to : mail.from)));
  std::string_view rest = mail.content;
  while (!rest.empty()) {
    const auto end = rest.find("\r\n");
    const auto line = rest.substr(0, end);
    if (end == rest.npos || !is_plain(line)) throw Error(Errc::usage, "a mail has a line that SMTP does not allow");
    rest.remove_prefix(end + 2);
  }
}

}  // namespace

std::string_view name(SmtpStage stage) {
  switch (stage) {
    case SmtpStage::connection:
      return "connection";
    case SmtpStage::tls:
      return "tls";
    case SmtpStage::login:
      return "login";
    case SmtpStage::sender:
      return "sender";
    case SmtpStage::recipient:
      return "recipient";
    case SmtpStage::content:
      return "content";
  }
  return "connection";
}

struct SmtpClient::Impl {
  explicit Impl(SmtpOptions given) : options(std::move(given)) {}

  void start();
  CURLcode run(Conversation& conversation, const SmtpMail& mail, const std::stop_token& stop);
  SmtpFailure failure(CURLcode result, const Conversation& conversation) const;
  std::string described(CURLcode result, const Conversation& conversation) const;

  SmtpOptions options;
  std::array<char, CURL_ERROR_SIZE> said{};  // by libcurl
  std::unique_ptr<CURLM, MultiCleanup> multi;
  std::unique_ptr<CURL, EasyCleanup> easy;  // goes before multi
};

void SmtpClient::Impl::start() {
  if (easy) return;
  multi.reset(curl_multi_init());
  easy.reset(curl_easy_init());
  if (!multi || !easy) throw Error(Errc::failed, "libcurl has no memory");
  auto* const handle = easy.get();
  const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(handle, option, value); };
  const bool numeric_v6 = options.server.find(':') != std::string::npos;
  const auto url = fmt::format("{}://{}{}{}:{}", options.security == SmtpSecurity::tls ? "smtps" : "smtp",
                               numeric_v6 ? "[" : "", options.server, numeric_v6 ? "]" : "", options.port);
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // do not wait for a resolver that does not come back
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.timeout.count()));
  set(CURLOPT_FORBID_REUSE, 1L);  // a kept connection is closed with a QUIT that no deadline ends
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &on_progress);
  set(CURLOPT_ERRORBUFFER, said.data());
  set(CURLOPT_USE_SSL, static_cast<long>(options.security == SmtpSecurity::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.ca_file.empty()) {
    set(CURLOPT_CAINFO, options.ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<char*>(nullptr));
  }
  if (!options.user.empty()) {
    set(CURLOPT_USERNAME, options.user.c_str());
    const std::string password{options.password.reveal()};
    set(CURLOPT_PASSWORD, password.c_str());
  }
  set(CURLOPT_VERBOSE, 1L);
  set(CURLOPT_DEBUGFUNCTION, &on_debug);
  set(CURLOPT_HEADERFUNCTION, &on_reply);
  set(CURLOPT_READFUNCTION, &on_read);
}

CURLcode SmtpClient::Impl::run(Conversation& conversation, const SmtpMail& mail, const std::stop_token& stop) {
  auto* const handle = easy.get();
  const std::unique_ptr<curl_slist, ListCleanup> to{curl_slist_append(nullptr, mail.to.c_str())};
  conversation.unsent = mail.content;
  conversation.transfer = handle;
  conversation.stop = &stop;
  said.fill('\0');
  curl_easy_setopt(handle, CURLOPT_MAIL_FROM, mail.from.c_str());
  curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, to.get());
  curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail.content.size()));
  curl_easy_setopt(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(options.timeout.count() / 1000 + 1));
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, static_cast<void*>(&conversation));
  curl_easy_setopt(handle, CURLOPT_DEBUGDATA, static_cast<void*>(&conversation));
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, static_cast<void*>(&conversation));
  curl_easy_setopt(handle, CURLOPT_READDATA, static_cast<void*>(&conversation));

  const Added added{multi.get(), handle};
  const std::stop_callback wake{stop, Wake{multi.get()}};
  for (;;) {
    int running = 0;
    if (curl_multi_perform(multi.get(), &running) != CURLM_OK) return CURLE_FAILED_INIT;
    if (running == 0) break;
    if (stop.stop_requested()) return CURLE_ABORTED_BY_CALLBACK;
    constexpr int kPollMilliseconds = 1'000;
    curl_multi_poll(multi.get(), nullptr, 0, kPollMilliseconds, nullptr);
  }
  int left = 0;
  const auto* message = curl_multi_info_read(multi.get(), &left);
  return message == nullptr ? CURLE_FAILED_INIT : message->data.result;
}

std::string SmtpClient::Impl::described(CURLcode result, const Conversation& conversation) const {
  const auto peer = fmt::format("mail server {} port {}", options.server, options.port);
  const auto code = conversation.code();
  if (code >= 400 && conversation.stage == SmtpStage::login)  // a server may repeat what it was given
    return fmt::format("{} refuses the login of {}: {} {}", peer, json_quote(options.user), code,
                       enhanced_code(conversation.text()));
  if (code >= 400) return fmt::format("{} answers: {}", peer, shortened(printable(conversation.reply), kLongestSaid));
  switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return fmt::format("no address was found for mail server '{}'", options.server);
    case CURLE_COULDNT_CONNECT:
      return fmt::format("{} cannot be reached", peer);
    case CURLE_OPERATION_TIMEDOUT:
      return fmt::format("{} did not answer in time ({})", peer, name(conversation.stage));
    case CURLE_ABORTED_BY_CALLBACK:
      return fmt::format("the conversation with {} was interrupted", peer);
    case CURLE_USE_SSL_FAILED:
      return fmt::format("{} offers no STARTTLS, and email.tls does not allow to do without", peer);
    case CURLE_LOGIN_DENIED:
      return fmt::format("{} offers no way to log in that is known here", peer);
    case CURLE_SSL_CACERT_BADFILE:
      return fmt::format("email.ca_file {} cannot be read as PEM certificates", options.ca_file);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
      return fmt::format("{}: no TLS session: {}", peer, shortened(printable(said.data()), kLongestSaid));
    default:
      return fmt::format("{} hung up ({})", peer, name(conversation.stage));
  }
}

SmtpFailure SmtpClient::Impl::failure(CURLcode result, const Conversation& conversation) const {
  SmtpFailure out;
  out.stage = conversation.stage;
  if (result == CURLE_USE_SSL_FAILED || result == CURLE_SSL_CONNECT_ERROR || result == CURLE_PEER_FAILED_VERIFICATION ||
      result == CURLE_SSL_CACERT_BADFILE)
    out.stage = SmtpStage::tls;
  if (const auto code = conversation.code(); code >= 400 && code <= 599) {
    out.code = code;
    out.enhanced = enhanced_code(conversation.text());
  }
  out.message = described(result, conversation);
  out.interrupted = result == CURLE_ABORTED_BY_CALLBACK;
  out.in_doubt = out.code == 0 && out.stage == SmtpStage::content && conversation.unsent.empty();
  return out;
}

SmtpClient::SmtpClient(SmtpOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
SmtpClient::SmtpClient(SmtpClient&&) noexcept = default;
SmtpClient& SmtpClient::operator=(SmtpClient&&) noexcept = default;
SmtpClient::~SmtpClient() = default;

SmtpResult SmtpClient::send(const SmtpMail& mail, std::stop_token stop) {
  check(mail);
  impl_->start();
  Conversation conversation;
  const auto result = impl_->run(conversation, mail, stop);
  if (result == CURLE_OK) return SmtpAccepted{shortened(printable(conversation.reply), kLongestSaid)};
  return impl_->failure(result, conversation);
}

}  // namespace visitor::net
