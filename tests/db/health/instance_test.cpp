#include "app/instance.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <string>

#include "app/work.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "db/migrations.hpp"
#include "db/transaction.hpp"
#include "support/database.hpp"
#include "support/temporary_folder.hpp"

using namespace visitor;

namespace {

/// An installation in a folder of its own, on an empty database of the test's server.
struct Place : test::TemporaryFolder {
  config::Settings settings;

  explicit Place(const std::string& database) {
    settings.state_directory = path / "state";
    settings.database.url = test::TestDatabase::instance().make_empty_database(database);
    settings.database.pool_size = 3;
  }

  std::filesystem::path key() const { return settings.state_directory / "master.key"; }
};

bool has_line(const std::vector<std::string>& lines, const std::string& start) {
  return std::ranges::any_of(lines, [&](const std::string& line) { return line.starts_with(start); });
}

auto fails_with(Errc code, std::string text) {
  return [code, text = std::move(text)](const Error& error) {
    BOOST_TEST_MESSAGE(error.message() << " / " << error.hint());
    return error.code() == code && (error.message() + " " + error.hint()).find(text) != std::string::npos;
  };
}

std::int64_t count(db::Pool& pool, const std::string& table) {
  db::Transaction tx{pool};
  return tx.row("SELECT count(*) AS n FROM " + table).get<std::int64_t>("n");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(instance)

BOOST_AUTO_TEST_CASE(first_start_makes_everything_and_the_second_nothing) {
  const Place place{"instance_first"};
  app::Instance instance{place.settings};
  BOOST_TEST(!instance.embedded());
  BOOST_TEST(!instance.initialised());

  const auto made = instance.initialise();

  BOOST_TEST(has_line(made, "state directory"));
  BOOST_TEST(has_line(made, "master key"));
  BOOST_TEST(has_line(made, fmt::format("schema version {}", db::embedded_migrations().back().version)));
  BOOST_TEST(instance.initialised());
  struct stat status {};
  BOOST_REQUIRE(stat(place.key().c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 07777) == 0600U);
  BOOST_REQUIRE(stat(place.settings.state_directory.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 066) == 0U);
  BOOST_TEST(count(instance.pool(), "installation") == 1);
  BOOST_TEST(count(instance.pool(), "account") == 1);

  BOOST_TEST(instance.initialise().empty());
  app::Instance another{place.settings};
  BOOST_TEST(another.initialise().empty());
  BOOST_CHECK_NO_THROW(another.vault());
}

BOOST_AUTO_TEST_CASE(database_without_a_schema_is_refused_and_not_changed) {
  const Place place{"instance_empty"};
  app::Instance instance{place.settings};
  BOOST_CHECK_EXCEPTION(instance.pool(), Error, fails_with(Errc::config, "visitorctl"));
  db::Transaction tx{instance.pool_of_any_schema()};
  BOOST_TEST(tx.row("SELECT to_regclass('installation') IS NULL AS none").get<bool>("none"));
}

BOOST_AUTO_TEST_CASE(newer_schema_is_refused) {
  const Place place{"instance_newer"};
  {
    app::Instance instance{place.settings};
    instance.initialise();
    db::Transaction tx{instance.pool()};
    tx.exec("INSERT INTO schema_migration (version, what, checksum, program) VALUES (9999, 'far', '', '9.9.9')");
    tx.commit();
  }
  app::Instance instance{place.settings};
  BOOST_CHECK_EXCEPTION(instance.pool(), Error, fails_with(Errc::config, "9999"));
  BOOST_CHECK_EXCEPTION(instance.initialise(), Error, fails_with(Errc::config, "9999"));
}

BOOST_AUTO_TEST_CASE(wrong_key_is_found_out_before_anything_is_written) {
  const Place place{"instance_wrong_key"};
  app::Instance{place.settings}.initialise();
  write_file(place.key(), std::string(64, 'a') + "\n", 0600);

  app::Instance instance{place.settings};
  BOOST_CHECK_EXCEPTION(instance.vault(), Error, fails_with(Errc::config, "does not belong to this database"));
  BOOST_CHECK_EXCEPTION(instance.initialise(), Error, fails_with(Errc::config, "does not belong to this database"));
}

BOOST_AUTO_TEST_CASE(missing_key_of_an_installation_is_an_error_and_no_new_one_is_made) {
  const Place place{"instance_lost_key"};
  app::Instance{place.settings}.initialise();
  std::filesystem::remove(place.key());

  app::Instance instance{place.settings};
  BOOST_CHECK_EXCEPTION(instance.vault(), Error, fails_with(Errc::config, "does not exist"));
  BOOST_CHECK_EXCEPTION(instance.initialise(), Error, fails_with(Errc::config, "does not exist"));
  BOOST_TEST(!std::filesystem::exists(place.key()));
}

BOOST_AUTO_TEST_CASE(key_that_others_may_read_is_refused) {
  const Place place{"instance_open_key"};
  app::Instance{place.settings}.initialise();
  chmod(place.key().c_str(), 0644);
  app::Instance instance{place.settings};
  BOOST_CHECK_EXCEPTION(instance.vault(), Error, fails_with(Errc::config, "chmod 600"));
}

BOOST_AUTO_TEST_CASE(configured_database_has_no_embedded_cluster) {
  const Place place{"instance_external"};
  app::Instance instance{place.settings};
  BOOST_CHECK_EXCEPTION(instance.cluster(), Error, fails_with(Errc::config, "no embedded database"));
}

BOOST_AUTO_TEST_CASE(database_that_is_away_is_a_database_error_and_may_be_tried_again) {
  Place place{"instance_away"};
  place.settings.database.url = Secret{std::string_view{"host=127.0.0.1 port=1 dbname=visitor connect_timeout=2"}};
  app::Instance instance{place.settings};
  BOOST_CHECK_EXCEPTION(instance.pool(), Error, fails_with(Errc::database, ""));
  BOOST_CHECK_EXCEPTION(instance.pool(), Error, fails_with(Errc::database, ""));
}

BOOST_AUTO_TEST_SUITE_END()
