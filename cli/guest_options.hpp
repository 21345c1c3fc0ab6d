#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/registry.hpp"
#include "cli/command.hpp"

namespace visitor::cli {

/// How the number of a document is handed over without being seen.
struct DocumentOptions {
  std::optional<std::filesystem::path> file;
  bool ask = false;

  /// Something was said.
  bool any() const { return file || ask; }
};

void add_document_options(Command& command, DocumentOptions& options);

/// The number of the document from its file, standard input or a prompt; empty where none was asked for.
/// \throws Error usage
Secret read_document(const DocumentOptions& options);

/// What can be said of a new guest, the same in 'guest add' and 'visit create --new-guest'.
struct GuestOptions {
  std::string company;
  std::string email;
  std::string phone;
  std::vector<std::string> employee_numbers;
  std::vector<std::string> cards;
  DocumentOptions document;
  bool allow_same_contact = false;

  /// Something was said.
  bool any() const;
};

void add_guest_options(Command& command, GuestOptions& options);

app::NewGuest new_guest(const std::string& name, const GuestOptions& options, Secret document);

}  // namespace visitor::cli
