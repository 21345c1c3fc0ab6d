#include "core/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <cstdlib>
#include <memory>

#include "core/error.hpp"
#include "core/instant.hpp"
#include "core/journal.hpp"
#include "core/text.hpp"

namespace visitor::log {
namespace {

/// One JSON object a line: time, level, message.
class JsonFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const auto when = std::chrono::floor<std::chrono::microseconds>(message.time);
    const auto level = spdlog::level::to_string_view(message.level);
    const auto line = fmt::format(R"({{"time":"{}","level":"{}","message":{}}})"
                                  "\n",
                                  to_iso(when), std::string_view{level.data(), level.size()},
                                  json_quote({message.payload.data(), message.payload.size()}));
    out.append(line.data(), line.data() + line.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonFormatter>(); }
};

spdlog::level::level_enum parse(std::string_view level) {
  const auto parsed = spdlog::level::from_str(std::string{level});
  if (parsed == spdlog::level::off && level != "off")
    throw Error(Errc::usage, fmt::format("'{}' is not a log level", level),
                "Use trace, debug, info, warning, error or off.");
  return parsed;
}

spdlog::level::level_enum theirs(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

}  // namespace

void start(Format format, std::string_view level) {
  const auto parsed = parse(level);
  std::shared_ptr<spdlog::logger> logger;
  if (format == Format::journal) {
    logger = std::make_shared<spdlog::logger>("visitord", std::make_shared<JournalSink>("visitord"));
  } else {
    logger = std::make_shared<spdlog::logger>("visitord", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    if (format == Format::json)
      logger->set_formatter(std::make_unique<JsonFormatter>());
    else
      logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  }
  logger->set_level(parsed);
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
}

void set_level(std::string_view level) {
  spdlog::set_level(parse(level));
}

bool enabled(Level level) {
  return spdlog::should_log(theirs(level));
}

void write(Level level, std::string_view message) {
  spdlog::log(theirs(level), spdlog::string_view_t{message.data(), message.size()});
}

Format preferred_format() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  if (stream == nullptr || fstat(2, &status) != 0) return Format::plain;
  return fmt::format("{}:{}", status.st_dev, status.st_ino) == stream ? Format::journal : Format::plain;
}

}  // namespace visitor::log
