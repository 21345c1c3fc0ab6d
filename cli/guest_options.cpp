#include "cli/guest_options.hpp"

#include "cli/prompt.hpp"
#include "core/file.hpp"

namespace visitor::cli {

bool GuestOptions::any() const {
  return !company.empty() || !email.empty() || !phone.empty() || !employee_numbers.empty() || !cards.empty() ||
         document.any() || allow_same_contact;
}

void add_guest_options(Command& command, GuestOptions& options) {
  command.option("--company", "NAME", options.company, "Where the guest comes from")
      .option("--email", "ADDRESS", options.email, "E-mail address")
      .option("--phone", "NUMBER", options.phone, "Telephone number; the site's country code completes a local one")
      .option("--employee-no", "TEXT", options.employee_numbers, "Number that terminals know the guest by")
      .option("--card", "TEXT", options.cards, "Card number; leading zeros count");
  add_document_options(command, options.document);
  command.flag("--allow-same-contact", options.allow_same_contact,
               "Also where another guest has the same e-mail address or phone");
}

void add_document_options(Command& command, DocumentOptions& options) {
  command
      .option("--document-file", "FILE", options.file,
              "File with the number of a document in its first line; '-' is standard input")
      .takes_file()
      .flag("--ask-document", options.ask, "Ask for the number of a document, without showing it");
}

Secret read_document(const DocumentOptions& options) {
  if (options.file) return read_secret_file(*options.file);
  if (!options.ask) return {};
  if (!can_ask())
    throw Error(Errc::usage, "there is no terminal to ask for the document on",
                "Give a file with --document-file FILE, or '-' for standard input.");
  return ask_secret("Number of the document");
}

app::NewGuest new_guest(const std::string& name, const GuestOptions& options, Secret document) {
  app::NewGuest guest;
  guest.name = name;
  guest.company = options.company;
  guest.email = options.email;
  guest.phone = options.phone;
  guest.document = std::move(document);
  guest.allow_same_contact = options.allow_same_contact;
  for (const auto& value : options.employee_numbers)
    guest.credentials.push_back({domain::CredentialKind::employee_no, value});
  for (const auto& value : options.cards) guest.credentials.push_back({domain::CredentialKind::card, value});
  return guest;
}

}  // namespace visitor::cli
