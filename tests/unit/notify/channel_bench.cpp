#include "channel_bench.hpp"

#include <httplib.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <sstream>
#include <thread>

#include "core/file.hpp"
#include "core/text.hpp"
#include "notify/email_channel.hpp"
#include "notify/exec_channel.hpp"
#include "notify/log_channel.hpp"
#include "notify/telegram_channel.hpp"
#include "notify/webhook_channel.hpp"
#include "support/captured_log.hpp"
#include "support/mail_server.hpp"
#include "support/manual_clock.hpp"
#include "support/raw_server.hpp"
#include "support/telegram_fake/server.hpp"
#include "support/temporary_folder.hpp"

namespace visitor::test {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr auto kPatience = 5s;
constexpr auto kPatienceWithHanging = 500ms;
constexpr std::string_view kSecret = "geheim-4711";

std::chrono::milliseconds patience(Peer peer) {
  return peer == Peer::hanging ? std::chrono::milliseconds{kPatienceWithHanging} : kPatience;
}

Received read_json(const std::string& body) {
  const auto object = json::parse(body).as_object();
  const auto text = [](const json::value& value) {
    return value.is_string() ? std::string{value.as_string()} : std::string{};
  };
  Received out{text(object.at("event_id")), {}};
  for (const auto* key : {"subject", "text", "link", "summary"}) out.text += text(object.at(key)) + "\n";
  for (const auto& fact : object.at("facts").as_array())
    out.text += text(fact.at("label")) + ": " + text(fact.at("value")) + "\n";
  return out;
}

class LogBench final : public ChannelBench {
 public:
  notify::Channel& channel() override { return channel_; }
  std::string recipient() const override { return ""; }
  std::vector<Received> received() override {
    std::vector<Received> out;
    std::istringstream lines{log_.take()};
    for (std::string line; std::getline(lines, line);) out.push_back({line.substr(0, line.find(':')), line});
    return out;
  }
  // The log names no person, and holds nothing that could move a cursor.
  std::vector<std::string> told(const notify::Message& message) const override { return {printable(message.summary)}; }

 private:
  CapturedLog log_;
  notify::LogChannel channel_;
};

class TelegramBench final : public ChannelBench {
 public:
  explicit TelegramBench(Peer peer) {
    fake_.with([](telegram_fake::State& state) { state.add_chat(kChat); });
    auto url = fake_.url();
    if (peer == Peer::dead) url = "http://127.0.0.1:" + std::to_string(dead_port());
    if (peer == Peer::hanging) url = mute_.emplace([](RawPeer& raw) { raw.hang(); }).url("");
    channel_.emplace(notify::TelegramApiOptions{url, Secret{fake_.token()}, patience(peer)}, clock_, 0ms);
  }

  notify::Channel& channel() override { return *channel_; }
  std::string recipient() const override { return std::to_string(kChat); }
  std::string secret() const override { return fake_.token(); }
  void wait_for_turn(const std::string& recipient, std::chrono::milliseconds wait) override {
    clock_.advance(wait);
    clock_.set(std::max(clock_.now(), channel_->ready_at(recipient, clock_.now())));
  }
  std::vector<Received> received() override {
    std::vector<Received> out;
    const auto shown = fake_.shown(kChat);
    for (; seen_ < shown.size(); ++seen_) {
      // What does not begin with the subject is a further part.
      if (out.empty() || shown[seen_].text.starts_with("Security Alert")) out.emplace_back();
      out.back().text += shown[seen_].text;
    }
    return out;
  }

 private:
  static constexpr std::int64_t kChat = 42;
  ManualClock clock_{Instant{1'788'264'000s}};
  telegram_fake::Server fake_{{.now = [this] { return clock_.now(); }}};
  std::optional<RawServer> mute_;
  std::optional<notify::TelegramChannel> channel_;
  std::size_t seen_ = 0;
};

class EmailBench final : public ChannelBench {
 public:
  explicit EmailBench(Peer peer) {
    int port = dead_port();
    if (peer == Peer::good) port = server_.emplace().port();
    if (peer == Peer::hanging) port = mute_.emplace([](RawPeer& raw) { raw.hang(); }).port();
    net::SmtpOptions options;
    options.server = "127.0.0.1";
    options.port = static_cast<std::uint16_t>(port);
    options.security = net::SmtpSecurity::none;
    options.user = peer == Peer::good ? "" : "visitor";
    options.password = Secret{kSecret};
    options.timeout = patience(peer);
    channel_.emplace(options, notify::EmailSender{"visitor@example.org", "Visitor", "alerts.example.org"});
  }

  notify::Channel& channel() override { return *channel_; }
  std::string recipient() const override { return "anna@example.org"; }
  std::string secret() const override { return std::string{kSecret}; }
  std::vector<Received> received() override {
    std::vector<Received> out;
    while (server_ && server_->has_more())
      if (const auto mail = server_->next()) out.push_back({mail->headers.at("Message-ID"), mail->text});
    return out;
  }

 private:
  std::optional<MailServer> server_;
  std::optional<RawServer> mute_;
  std::optional<notify::EmailChannel> channel_;
};

/// A web server that keeps what is posted to it.
class Inbox {
 public:
  Inbox() {
    server_.set_keep_alive_max_count(1);
    server_.Post("/hook", [this](const httplib::Request& request, httplib::Response&) {
      const std::lock_guard lock{mutex_};
      bodies_.push_back(request.body);
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread{[this] { server_.listen_after_bind(); }};
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~Inbox() {
    server_.stop();
    thread_.join();
  }
  int port() const { return port_; }
  std::vector<std::string> take() {
    const std::lock_guard lock{mutex_};
    return std::exchange(bodies_, {});
  }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
  std::mutex mutex_;
  std::vector<std::string> bodies_;
};

class WebhookBench final : public ChannelBench {
 public:
  explicit WebhookBench(Peer peer) {
    int port = dead_port();
    if (peer == Peer::good) port = inbox_.emplace().port();
    if (peer == Peer::hanging) port = mute_.emplace([](RawPeer& raw) { raw.hang(); }).port();
    notify::Webhook webhook;
    webhook.name = "ops";
    webhook.url = "http://127.0.0.1:" + std::to_string(port) + "/hook";
    webhook.secret = Secret{kSecret};
    webhook.allowed = {*net::Network::parse("127.0.0.1")};
    webhook.timeout = patience(peer);
    channel_.emplace(std::vector{webhook}, clock_);
  }

  notify::Channel& channel() override { return *channel_; }
  std::string recipient() const override { return "ops"; }
  std::string secret() const override { return std::string{kSecret}; }
  std::vector<Received> received() override {
    std::vector<Received> out;
    if (inbox_)
      for (const auto& body : inbox_->take()) out.push_back(read_json(body));
    return out;
  }

 private:
  std::optional<Inbox> inbox_;
  std::optional<RawServer> mute_;
  SystemClock clock_;
  std::optional<notify::WebhookChannel> channel_;
};

class ExecBench final : public ChannelBench {
 public:
  explicit ExecBench(Peer peer) {
    const auto program = folder_.path / "program";
    const auto body = peer == Peer::hanging ? "sleep 3600" : "cat >>'" + inbox().string() + "'";
    if (peer != Peer::dead) write_file(program, "#!/bin/sh\n" + body + "\n", 0755);
    channel_.emplace(std::vector{notify::Program{"siren", program.string(), {}, patience(peer)}});
  }

  notify::Channel& channel() override { return *channel_; }
  std::string recipient() const override { return "siren"; }
  std::vector<Received> received() override {
    std::vector<Received> out;
    {
      std::ifstream lines{inbox()};
      for (std::string line; std::getline(lines, line);) out.push_back(read_json(line));
    }
    std::filesystem::remove(inbox());
    return out;
  }

 private:
  std::filesystem::path inbox() const { return folder_.path / "inbox"; }

  TemporaryFolder folder_;
  std::optional<notify::ExecChannel> channel_;
};

}  // namespace

void ChannelBench::wait_for_turn(const std::string&, std::chrono::milliseconds wait) {
  std::this_thread::sleep_for(wait);
}

std::vector<std::string> ChannelBench::told(const notify::Message& message) const {
  std::vector<std::string> texts{message.subject, message.text, message.link};
  for (const auto& fact : message.facts) {
    texts.push_back(fact.label);
    texts.push_back(fact.value);
  }
  return texts;
}

std::unique_ptr<ChannelBench> make_log_bench(Peer peer) {
  return peer == Peer::good ? std::make_unique<LogBench>() : nullptr;
}
std::unique_ptr<ChannelBench> make_telegram_bench(Peer peer) {
  return std::make_unique<TelegramBench>(peer);
}
std::unique_ptr<ChannelBench> make_email_bench(Peer peer) {
  return std::make_unique<EmailBench>(peer);
}
std::unique_ptr<ChannelBench> make_webhook_bench(Peer peer) {
  return std::make_unique<WebhookBench>(peer);
}
std::unique_ptr<ChannelBench> make_exec_bench(Peer peer) {
  return std::make_unique<ExecBench>(peer);
}

notify::Message full_message(const std::string& recipient) {
  notify::Message message;
  message.alert = AlertId{17};
  message.delivery = DeliveryId{23};
  message.recipient = recipient;
  message.severity = domain::Severity::high;
  message.incident_type = domain::IncidentType::long_stay;
  message.incident = IncidentId{42};
  message.visit = VisitId{7};
  message.created_at = Instant{1'788'264'000s};
  message.subject = "Security Alert: Long stay";
  message.facts = {{"Guest", "Anna Petrova"}, {"Host", "Dana"}};
  message.text = "In the building for more than 8 h.\nStill there.";
  message.link = "https://visitor.example.org/incidents/42";
  message.summary = "a guest has been inside for more than 8 h";
  message.thread = "incident-42";
  return message;
}

int dead_port() {
  const RawServer gone{[](RawPeer&) {}};
  return gone.port();
}

}  // namespace visitor::test
