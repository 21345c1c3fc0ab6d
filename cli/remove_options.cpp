#include "cli/remove_options.hpp"

namespace visitor::cli::detail {

void add_remove(Command& parent, const RemoveWords& words, std::function<void(const RemoveOptions&, Session&)> run) {
  auto options = std::make_shared<RemoveOptions>();
  auto& command = parent.add("remove", words.help)
                      .details(words.details)
                      .positional(words.argument, options->thing, words.thing_help)
                      .required()
                      .flag("-y,--yes", options->yes, kYesHelp);
  if (words.takes_site) add_site_filter(command, options->site);
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example(words.example)
      .runs([options, run = std::move(run)](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli::detail
