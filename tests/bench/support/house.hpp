#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/instance.hpp"
#include "app/work.hpp"
#include "config/settings.hpp"
#include "core/clock.hpp"
#include "core/process.hpp"
#include "support/server.hpp"

namespace visitor::bench {

/// A folder of its own with a configuration, a master key and the embedded database of an installation: what visitorctl
/// and visitord run on. Durable settings are kept. Stopped in the end, and removed unless it was named.
class House {
 public:
  /// \param toml  more of the configuration file
  /// \param cluster  lines for the cluster's postgresql.conf
  /// \param kept     this folder instead, with what is in it from earlier; empty: a new one
  explicit House(const std::string& toml = "", const std::vector<std::pair<std::string, std::string>>& cluster = {},
                 const std::filesystem::path& kept = {});
  House(const House&) = delete;
  House& operator=(const House&) = delete;
  ~House();

  const std::filesystem::path& directory() const { return directory_; }
  std::filesystem::path config() const { return directory_ / "visitor.toml"; }
  std::filesystem::path server_log() const;
  app::Instance& instance() { return *instance_; }
  db::Pool& pool() { return instance_->pool(); }
  const app::Actor& actor() const { return actor_; }
  const config::Settings& settings() const { return instance_->settings(); }
  Instant now() const { return SystemClock{}.now(); }

  /// In a transaction that is committed.
  void work(const std::function<void(const app::Work&)>& use);
  /// Sessions that the settings of the server as they are now hold for.
  void reconnect();
  /// Statements outside of any transaction.
  void script(const std::string& sql);

  /// visitorctl to its end. \throws Error failed  its exit status is not 0
  std::string visitorctl(const std::vector<std::string>& arguments) const;

 private:
  std::filesystem::path directory_;
  bool kept_ = false;
  std::unique_ptr<app::Instance> instance_;
  app::Actor actor_;
};

/// visitord on a House, ended with it.
class Daemon {
 public:
  explicit Daemon(const House& house);
  pid_t pid() const { return server_.pid(); }
  /// Of all its threads since the start.
  std::chrono::duration<double> cpu_time() const;
  double resident_mebibytes() const;

 private:
  Server server_;
};

/// The program beside this one: "visitord".
std::filesystem::path sibling(const std::string& name);

}  // namespace visitor::bench
