#include "app/terminal_edit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/details.hpp"
#include "app/editing.hpp"
#include "app/journal.hpp"
#include "app/terminal_checks.hpp"
#include "core/text.hpp"
#include "store/references.hpp"
#include "store/sites.hpp"
#include "store/terminal_edits.hpp"

namespace visitor::app {
namespace {

using store::topic::kTerminal;

void change_site(const Work& work, domain::Terminal& terminal, SiteId site, Edit& edit) {
  if (site == terminal.site) return;
  store::Sites{work.tx, work.scope}.get(site);
  require_scope(work, site);
  if (terminal.event_count > 0)
    throw Error(Errc::conflict,
                fmt::format("terminal {} has reported {} events at its site, and they stay there", terminal.id,
                            terminal.event_count),
                "Disable it, and add it to the other site under another name.");
  edit.set("site_id", terminal.site, std::optional{site});
}

}  // namespace

TerminalListed edit_terminal(const Work& work, const Vault& vault, TerminalId id, const TerminalEdit& wanted,
                             std::optional<int> seen) {
  store::Terminals terminals{work.tx, work.scope};
  auto terminal = terminals.get(id);
  require_version(work, kTerminal, id.value, terminal.version, seen);
  const auto before = terminal;
  Edit edit;
  if (wanted.name) edit.set("name", terminal.name, std::optional{checked_terminal_name(*wanted.name)});
  if (wanted.base_url) edit.set("base_url", terminal.base_url, std::optional{checked_terminal_url(*wanted.base_url)});
  if (wanted.username) edit.set("username", terminal.username, std::optional{checked_username(*wanted.username)});
  if (wanted.poll_interval && *wanted.poll_interval != terminal.poll_interval) {
    const auto interval = checked_interval(*wanted.poll_interval);
    edit.note("poll_interval_ms", fmt::to_string(terminal.poll_interval.count()), fmt::to_string(interval.count()));
    terminal.poll_interval = interval;
  }
  if (wanted.password) {
    terminal.password_sealed = seal_terminal_password(vault, *wanted.password);
    edit.note("password");
  }
  if (wanted.site) change_site(work, terminal, *wanted.site, edit);
  if (terminal.certificate_sha256 && (wanted.forget_certificate || terminal.base_url != before.base_url)) {
    edit.note("certificate_sha256", to_hex(*terminal.certificate_sha256), "");
    terminal.certificate_sha256.reset();
  }
  if (edit.empty()) return get_terminal(work, id);
  if (const auto other = terminals.find_by_name(terminal.name); other && other->id != id)
    throw Error(Errc::conflict, fmt::format("there is a terminal '{}' already: {}", other->name, other->id),
                "Give another name.");
  const bool other_access = terminal.base_url != before.base_url || terminal.username != before.username ||
                            wanted.password.has_value() || terminal.certificate_sha256 != before.certificate_sha256;
  if (!store::TerminalEdits{work.tx}.update(terminal, other_access, work.now))
    lost_race(work, kTerminal, id.value, before.version);
  record_edit(work, kTerminal, id.value, before.version + 1, edit);
  return get_terminal(work, id);
}

void remove_terminal(const Work& work, TerminalId id) {
  store::Terminals terminals{work.tx, work.scope};
  const auto terminal = terminals.lock(id);
  if (const auto references = store::References{work.tx}.to(id); !references.empty()) {
    std::vector<std::string> counts;
    for (const auto& [what, count] : references)
      counts.push_back(fmt::format("{} {}{}", count, what, count == 1 ? "" : "s"));
    throw Error(Errc::conflict,
                fmt::format("terminal {} cannot be removed: {} refer to it, and what was reported is never deleted", id,
                            fmt::join(counts, ", ")),
                fmt::format("Run 'visitorctl terminal disable {0}' so that it is not polled any more, or "
                            "'visitorctl terminal edit {0}' where only its address is wrong.",
                            id));
  }
  store::TerminalEdits{work.tx}.remove(id);
  auto entries = journal(work);
  entries.audit(
      domain::AuditAction::remove, kTerminal, id,
      Details{}.add("name", std::string_view{terminal.name}).add("version", std::int64_t{terminal.version + 1}).json());
  entries.change(kTerminal, id, terminal.version + 1);
}

}  // namespace visitor::app
