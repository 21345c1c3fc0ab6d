#include "config/badge_template.hpp"
#include "cli/badge_commands.hpp"
#include "cli/session.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "domain/language.hpp"

namespace visitor::cli {
namespace {

constexpr std::size_t kMost = std::size_t{64} << 10;

struct Options {
  std::optional<std::filesystem::path> file;
  domain::Language language = domain::Language::english;
};

void run(const Options& options, Session& session) {
  auto text = config::badge_template_toml(domain::name(options.language));
  std::filesystem::path file;
  if (options.file) {
    const auto content = read_file(*options.file, kMost);
    if (!content) throw Error(Errc::config, "there is no template " + options.file->string());
    text = *content;
    file = *options.file;
  }
  const auto design = config::parse_badge_template(text, file);
  if (!session.json()) return session.print(text);
  JsonWriter json;
  json.begin_object().member("font", std::string_view{design.font});
  json.text_member("logo", design.logo.string()).member("elements", design.elements.size()).end();
  session.print(json.take());
}

}  // namespace

void add_badge_template(Command& badge) {
  auto options = std::make_shared<Options>();
  badge.add("template", "Print the built-in template of badges, or check one")
      .details(
          "A template says in TOML what stands where on the card, in millimetres: boxes, texts, the logo, the photo, "
          "the "
          "QR code, and what is known of the visit. Exactly one element shows the name and one the QR code. "
          "badge.toml beside visitor.toml is the one that is used; it also names the printer, and says how long badges "
          "are "
          "valid. A wrong one is refused with the line and the key.")
      .positional("FILE", options->file, "Check this one, and print it")
      .takes_file()
      .option("--language", "LANGUAGE", options->language, "Of the built-in one")
      .default_is("en")
      .fails_with({Errc::config})
      .example("visitorctl badge template --language ru >badge.toml")
      .example("visitorctl badge template badge.toml")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
