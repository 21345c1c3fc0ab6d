#include <algorithm>
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/manual.hpp"
#include "cli/session.hpp"
#include "core/file.hpp"
#include "core/text.hpp"

namespace visitor::cli {

void write(JsonWriter& json, const ManualPage& page) {
  json.begin_object().member("name", page.name).member("section", page.section).member("file", page.file()).end();
}

namespace {

constexpr mode_t kPageMode = 0644;
constexpr mode_t kFolderMode = 0755;

struct Options {
  std::string page;
  std::optional<std::filesystem::path> into;
};

void run(const Options& options, Session& session) {
  const auto pages = manual_pages(session.root(), session.global().params());
  if (options.into) {
    make_directories(*options.into, kFolderMode);
    for (const auto& page : pages) write_file(*options.into / page.file(), page.text, kPageMode);
    return;
  }
  if (options.page.empty()) {
    Table table{{{"Page"}, {"Section"}}};
    for (const auto& page : pages) table.add({page.name, std::to_string(page.section)});
    return session.list("pages", pages, table);
  }
  std::vector<std::string> names;
  for (const auto& page : pages) {
    if (page.name == options.page || page.file() == options.page) return session.print(page.text);
    names.push_back(page.name);
  }
  const auto near = nearest(options.page, names);
  throw Error(Errc::not_found, "there is no manual page '" + options.page + "'",
              near ? "Did you mean '" + *near + "'?" : "Run 'visitorctl man' to see all.");
}

}  // namespace

void add_man(Command& root) {
  auto options = std::make_shared<Options>();
  root.add("man", "Print the manual pages, which are made from what the programs know")
      .details("Without PAGE lists them. man(1) shows what a package has put in place.")
      .positional("PAGE", options->page, "Its source: visitorctl-visit, visitor.toml, visitord.8")
      .option("--into", "FOLDER", options->into, "Write all of them into this folder")
      .fails_with({Errc::not_found})
      .example("visitorctl man visitor.toml | man -l -")
      .example("visitorctl man --into man")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
