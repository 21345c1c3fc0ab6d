#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/metrics.hpp"
#include "app/poller.hpp"
#include "config/settings.hpp"
#include "core/clock.hpp"
#include "core/vault.hpp"
#include "domain/terminal.hpp"
#include "domain/visit.hpp"
#include "support/database.hpp"
#include "support/visitor_sim.hpp"

namespace visitor::test {

/// A simulated terminal, known to the database under a site of its own, and a poller for it.
struct Polled : Database {
  explicit Polled(sim::TerminalOptions options = options_of("K1T342MWX"));

  static sim::TerminalOptions options_of(const std::string& profile);

  /// A guest with this employee number, expected from now on.
  VisitId given_expected_guest(const std::string& employee_no);
  /// Door 1, reader 1 leads in, reader 2 out.
  void given_doors();
  /// The password that we log in with from now on.
  void given_password(std::string_view password);
  /// Nothing of what it knew: as after a restart of the daemon.
  void given_new_poller();

  app::PollReport poll() { return poller->poll(); }

  domain::Terminal stored_terminal();
  domain::Visit stored_visit(VisitId id);
  /// How many rows are stored for the terminal, and how many different events they are.
  std::pair<int, int> stored_events();
  /// What the device holds, apart from log-ins.
  int device_events() const;

  SystemClock clock;
  config::Settings settings;
  Vault vault;
  app::Registry registry;
  app::Metrics metrics{registry};
  sim::Terminal device;
  SiteId site;
  TerminalId terminal;
  std::string holder = "tests";
  std::unique_ptr<app::TerminalPoller> poller;
};

}  // namespace visitor::test
