#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archive/keys.hpp"
#include "core/vault.hpp"
#include "store/audit_chain.hpp"

/// What is signed about the audit, so that somebody who holds neither database nor master key can check it.
namespace visitor::app {

enum class AuditPaper {
  checkpoint,  ///< the chain reached to here
  cut          ///< what came before, and this, was deleted because its time was over
};

/// One line of JSON whose last member is an Ed25519 signature, in hexadecimal, over what comes before it and a "}".
struct AuditDocument {
  AuditPaper paper = AuditPaper::checkpoint;
  std::string installation;  ///< fingerprint of the master key under which the chain began, hexadecimal
  store::AuditHead head;
  Instant at;
  std::string key;  ///< public, "vbs-…"
};

std::string write_audit_document(AuditDocument document, const archive::SigningKey& key);
/// \throws Error integrity  the signature does not hold, or it is no such document
AuditDocument read_audit_document(std::string_view text);

/// The name of a checkpoint at a place; names sort by position: "checkpoint-000000000042-20261123T121500Z.json".
std::string checkpoint_name(std::int64_t position, Instant at);

/// The key that signs here, made at the first use and sealed with the master key. Needs the turn of the chain.
archive::SigningKey audit_signing_key(db::Transaction& tx, const Vault& vault, Instant now);
/// The public halves of the keys that were sealed with this master key: those that are believed. The newest first.
std::vector<std::string> audit_public_keys(db::Transaction& tx, const Vault& vault);
/// Seals the keys anew, for another master key.
/// \returns how many
int reseal_audit_keys(db::Transaction& tx, const Vault& from, const Vault& to);

}  // namespace visitor::app
