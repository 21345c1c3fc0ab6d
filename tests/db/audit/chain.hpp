#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "app/audit.hpp"
#include "app/journal.hpp"
#include "core/text.hpp"
#include "db/migrator.hpp"
#include "support/database.hpp"
#include "support/house.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

namespace visitor::test {

/// Fixture: a database of its own with an audit of a few rows that may be tampered with, and a folder that checkpoints
/// go to.
struct AuditBench {
  /// \param extra  more for the connection string
  explicit AuditBench(const std::string& extra = "")
      : options([&] {
          auto made = TestDatabase::instance().pool().options();
          made.connection.conninfo = TestDatabase::instance().make_empty_database("audit_bench");
          if (!extra.empty()) made.connection.conninfo = Secret{std::string{made.connection.conninfo.reveal()} + extra};
          return made;
        }()) {
    settings.audit.checkpoint_to = {place()};
  }

  void migrate() {
    db::Connection connection{options.connection};
    db::Migrator{connection, db::embedded_migrations()}.migrate();
    pool.emplace(options);
    db::Transaction tx{*pool};
    actor = app::ensure_actor(tx, "reception", domain::ActionHow::person, clock.now(), {"test@here", "r1"});
    tx.commit();
  }

  std::string place() const { return "file://" + folder.path.string(); }

  /// Rows about guests 1 to \p count, each in a transaction of its own.
  void act(int count) {
    for (int n = 1; n <= count; ++n) {
      db::Transaction tx{*pool};
      store::Journal journal{tx, actor.account, clock.now(), actor.origin};
      journal.audit(domain::AuditAction::update, store::topic::kGuest, GuestId{n}, R"({"b":1,"a":"é\"x"})");
      tx.commit();
    }
  }

  app::AuditDesk desk() { return {*pool, settings, vault, actor, clock}; }
  app::AuditReport verify(bool full = true) { return app::verify_audit(desk(), full); }
  void checkpoint() {
    clock.advance(std::chrono::minutes{15});
    app::make_checkpoint(desk());
  }

  /// As somebody does who owns the server: no trigger fires.
  void tamper(const std::string& sql) {
    db::Connection connection{options.connection};
    connection.script("SET session_replication_role = replica; " + sql);
  }

  /// Makes the chain anew from \p position on, as somebody could who knows how it is made.
  void rewrite(std::int64_t position) {
    std::vector<store::AuditLinked> links;
    store::AuditHead head;
    {
      db::Transaction tx{*pool, {.read_only = true}};
      store::AuditChain chain{tx};
      if (position > 1) head = *chain.at(position - 1);
      chain.for_each(position - 1, [&](const store::AuditLinked& linked) { links.push_back(linked); });
    }
    std::string sql;
    for (const auto& link : links) {
      const auto previous = head;
      head = {previous.position + 1, store::audit_hash(previous, link.record)};
      sql += fmt::format("UPDATE audit_link SET previous = '\\x{}', hash = '\\x{}' WHERE position = {};",
                         to_hex(previous.hash), to_hex(head.hash), link.position);
    }
    tamper(sql);
  }

  TemporaryFolder folder;
  config::Settings settings;
  Vault vault = test_vault();
  ManualClock clock{today_at("08:00")};
  app::Actor actor;
  db::PoolOptions options;
  std::optional<db::Pool> pool;
};

}  // namespace visitor::test
