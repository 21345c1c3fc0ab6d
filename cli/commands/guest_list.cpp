#include "app/remote/registry.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string text;
  int limit = 100;
};

void run(const Options& options, Session& session) {
  app::GuestFilter filter;
  filter.text = options.text;
  filter.limit = options.limit + 1;
  auto guests = read_house(session, [&](auto& house) { return app::list_guests(house, filter); });
  cut(guests, options.limit, session);
  session.list("guests", guests, guest_table(guests));
}

}  // namespace

void add_guest_list(Command& guest) {
  auto options = std::make_shared<Options>();
  auto& command = guest.add("list", "List guests by name")
                      .positional("TEXT", options->text, "Only where it is part of name, company, e-mail or phone");
  add_limit(command, options->limit);
  command.uses_house().example("visitorctl guest list petrov").runs([options](Session& session) {
    run(*options, session);
  });
}

}  // namespace visitor::cli
