#pragma once

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <string>

#include "cli/arguments.hpp"

/// 'guest remove', 'site remove' and their like are one command on different things.
namespace visitor::cli {

struct RemoveOptions {
  std::string thing;
  std::optional<std::string> site;
  bool yes = false;
  bool dry_run = false;
};

/// How one of them reads.
struct RemoveWords {
  std::string what;      ///< "department"
  std::string argument;  ///< "DEPARTMENT"
  std::string help;
  std::string details =
      "What is in use stays: the message says by how many of what, and how to list them. What was recorded about it in "
      "the audit stays, too.";
  std::string thing_help = "Name or number";
  bool takes_site = false;         ///< names are unique at a site only
  std::string together_with = {};  ///< what else goes, for the question: ", with its doors"
  std::string example = {};
};

namespace detail {
void add_remove(Command& parent, const RemoveWords& words, std::function<void(const RemoveOptions&, Session&)> run);
}  // namespace detail

/// Adds "remove", which looks for the thing, asks, removes it and shows what it was.
///
/// \param find    (const app::Work&, const RemoveOptions&): what is shown; \throws Error not_found
/// \param part    of that: what has the id and the name
/// \param remove  (const app::Work&, id)
template <class Find, class Part, class Remove>
void add_remove(Command& parent, RemoveWords words, Find find, Part part, Remove remove) {
  detail::add_remove(parent, words, [=](const RemoveOptions& options, Session& session) {
    const auto found = [&] {
      db::Transaction tx{session.db(), kReading};
      return find(session.reader(tx), options);
    }();
    const auto& thing = std::invoke(part, found);
    if (!options.dry_run)
      session.confirm(fmt::format("Remove {} {}, {}{}?", words.what, thing.id, thing.name, words.together_with),
                      options.yes);
    db::Transaction tx{session.db()};
    const auto work = session.work(tx);
    remove(work, thing.id);
    finish(tx, options.dry_run);
    session.done(found, fmt::format("Removed {} {}: {}.", words.what, thing.id, thing.name), options.dry_run);
  });
}

}  // namespace visitor::cli
