#include <fmt/format.h>

#include "app/badges.hpp"
#include "archive/keys.hpp"
#include "cli/arguments.hpp"
#include "cli/badge_commands.hpp"
#include "cli/views.hpp"
#include "cli/views_badges.hpp"

namespace visitor::cli {
namespace {

using domain::BadgeVerdict;

struct Options {
  std::string token;
  std::optional<std::string> key;
};

/// Says by the exit status, too, what the badge is worth.
void require_valid(BadgeVerdict verdict) {
  switch (verdict) {
    case BadgeVerdict::valid:
      return;
    case BadgeVerdict::forged:
      throw Error(Errc::integrity, "this is no badge of this installation", "Do not let its bearer in on it.");
    case BadgeVerdict::unknown:
      throw Error(Errc::integrity, "the badge is signed, but not on record",
                  "Print a new one; the database may have been restored from before it was printed.");
    case BadgeVerdict::expired:
      throw Error(Errc::conflict, "the badge has expired", "Print a new one if the visit goes on.");
    case BadgeVerdict::revoked:
      throw Error(Errc::conflict, "the badge is revoked: its visit is over");
    case BadgeVerdict::superseded:
      throw Error(Errc::conflict, "the badge was replaced by one that was printed later");
  }
}

void run(const Options& options, Session& session) {
  if (options.key) {
    archive::require_signer(*options.key);
    const auto check = app::verify_badge_offline(options.token, *options.key, session.now());
    session.show(check, card_of(check, "UTC"));
    session.note("Checked without the database: whether the visit is still on is not known.");
    return require_valid(check.verdict);
  }
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  const auto check = app::verify_badge(work, session.vault(), options.token);
  session.show(check,
               card_of(check, check.listed ? check.listed->visit.time_zone : zone_for(work, std::nullopt).name()));
  require_valid(check.verdict);
}

}  // namespace

void add_badge_verify(Command& badge) {
  auto options = std::make_shared<Options>();
  badge.add("verify", "Say what a badge is worth, by the token in its QR code")
      .details(
          "Valid is what was signed here, has not expired, is the newest badge of its visit, and whose visit is "
          "awaited or going on. With --public-key neither database nor configuration are needed, as at a gate "
          "without a network: then only signature and time are checked.")
      .positional("TOKEN", options->token, "What the QR code says: vb1. and more")
      .required()
      .option("--public-key", "KEY", options->key, "Check with the key that 'badge key' has printed, and nothing else")
      .fails_with({Errc::conflict, Errc::integrity})
      .uses_database()
      .example("visitorctl badge verify vb1.HDGK9cI9PdVBb_ol...", "'zbarimg --raw badge.png' reads it from a picture")
      .example("visitorctl badge verify vb1.HDGK9cI9PdVBb_ol... --public-key vbs-1f0c...", "Without the database")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
