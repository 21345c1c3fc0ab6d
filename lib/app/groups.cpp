#include "app/groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "app/checks.hpp"
#include "app/registry.hpp"
#include "core/csv.hpp"
#include "core/text.hpp"
#include "core/zone.hpp"
#include "store/guests.hpp"
#include "store/sites.hpp"

namespace visitor::app {
namespace {

constexpr GroupColumn kColumns[] = {
    {"guest", "number of a known guest"},
    {"document", "number of a document, which finds a guest or goes with a new one"},
    {"name", "of the guest; needed for a new one"},
    {"company", "of a new guest"},
    {"email", "with name: finds a guest or goes with a new one"},
    {"phone", "with name: finds a guest or goes with a new one"},
    {"employee_no", "what terminals know a new guest by"},
    {"card", "what terminals know a new guest by"},
    {"host", "name or number"},
    {"department", "name or number"},
    {"site", "name or number"},
    {"from", "TIME at which the guest is expected"},
    {"until", "TIME at which the guest is expected to have left"},
    {"purpose", "a word such as BUSINESS_MEETING"},
    {"purpose_text", "in words"},
    {"type", "guest, student, contractor or delivery"},
    {"contact_phone", "whom to ring about the visit"},
    {"consent", "yes or no: the guest agrees to the processing of personal data"},
};

[[noreturn]] void refuse_table(int line, const std::string& why, std::string hint = {}) {
  throw Error(Errc::usage, fmt::format("line {}: {}", line, why), std::move(hint));
}

/// Which field each column is in.
std::map<std::string_view, std::size_t> read_header(const CsvRow& header) {
  std::map<std::string_view, std::size_t> places;
  std::vector<std::string> known;
  for (const auto& column : kColumns) known.emplace_back(column.name);
  for (std::size_t i = 0; i < header.fields.size(); ++i) {
    const auto word = trim(header.fields[i]);
    if (word.empty()) continue;
    const auto* column = std::find_if(std::begin(kColumns), std::end(kColumns),
                                      [&](const GroupColumn& one) { return equal_ignoring_case(one.name, word); });
    if (column == std::end(kColumns))
      refuse_table(header.line, fmt::format("there is no column '{}'", word),
                   near_hint(word, known, "The help of this command names the columns."));
    if (!places.emplace(column->name, i).second)
      refuse_table(header.line, fmt::format("column '{}' is there twice", column->name));
  }
  if (!places.contains("guest") && !places.contains("document") && !places.contains("name"))
    refuse_table(header.line, "no column says who comes", "There must be a column guest, document or name.");
  return places;
}

/// One line on its way to a visit.
class Line {
 public:
  Line(const Work& work, const Vault& vault, const GroupDefaults& defaults,
       const std::map<std::string_view, std::size_t>& places, const CsvRow& row, Group& group)
      : work_(work), vault_(vault), defaults_(defaults), places_(places), row_(row), group_(group) {}

  /// \param taken  guests of lines before, with the line
  void run(std::map<GuestId, int>& taken) {
    if (row_.fields.size() > places_width()) problem("", "there are more fields than columns");
    NewVisit visit;
    read_place(visit);
    read_times(visit);
    read_purpose(visit);
    read_contact(visit);
    const auto guest = find_or_add_guest(visit);
    if (!guest) return;
    if (const auto [before, fresh] = taken.emplace(*guest, row_.line); !fresh)
      return problem(who_, fmt::format("this is guest {} of line {} again", *guest, before->second));
    visit.guest = *guest;
    if (bad_) return;
    attempt(who_, [&] { group_.visits.push_back(create_visit(work_, visit)); });
  }

 private:
  std::string_view at(std::string_view column) const {
    const auto place = places_.find(column);
    if (place == places_.end() || place->second >= row_.fields.size()) return {};
    return trim(row_.fields[place->second]);
  }
  std::string text(std::string_view column, const std::string& otherwise = {}) const {
    const auto given = at(column);
    return given.empty() ? otherwise : std::string{given};
  }
  std::size_t places_width() const {
    std::size_t width = 0;
    for (const auto& [column, place] : places_) width = std::max(width, place + 1);
    for (std::size_t i = row_.fields.size(); i > width; --i)
      if (!row_.fields[i - 1].empty()) return width;
    return row_.fields.size();
  }

  void problem(std::string_view column, std::string message) {
    group_.problems.push_back({row_.line, std::string{column}, std::move(message)});
    bad_ = true;
  }

  /// What is wrong with a line must not end the others; what is wrong with the database does.
  template <class Work>
  bool attempt(std::string_view column, const Work& work) {
    try {
      work_.tx.savepoint(work);
      return true;
    } catch (const Error& error) {
      if (error.code() != Errc::usage && error.code() != Errc::not_found && error.code() != Errc::conflict) throw;
      problem(column, error.message());
      return false;
    }
  }

  void read_place(NewVisit& visit) {
    const auto site = text("site", defaults_.site), host = text("host", defaults_.host);
    if (!site.empty()) attempt("site", [&] { visit.site = resolve_site(work_, site).id; });
    if (!host.empty())
      attempt("host", [&] {
        const auto found = resolve_host(work_, host, visit.site);
        visit.host = found.host.id;
        visit.site = found.site;
      });
    // A host of this line has a department of its own; the one for all lines is for those without.
    const auto department =
        at("host").empty() || !at("department").empty() ? text("department", defaults_.department) : std::string{};
    if (!department.empty())
      attempt("department", [&] {
        const auto found = resolve_department(work_, department, visit.site);
        visit.department = found.department.id;
        visit.site = found.department.site;
      });
    // Where any of them was named and is not known, that has been told.
    if (site.empty() && host.empty() && department.empty())
      attempt("site", [&] { visit.site = resolve_site_or_only(work_, std::nullopt).id; });
  }

  void read_times(NewVisit& visit) {
    // Of a line without a site the texts are looked at, but what moments they are is not known.
    const auto zone =
        visit.site ? Zone::named(store::Sites{work_.tx, work_.scope}.get(*visit.site).time_zone) : Zone::utc();
    const auto read = [&](std::string_view column, const std::string& otherwise, std::optional<Instant>& into) {
      if (const auto moment = text(column, otherwise); !moment.empty())
        attempt(column, [&] { into = parse_moment(moment, work_.now, zone); });
    };
    read("from", defaults_.from, visit.expected_from);
    read("until", defaults_.until, visit.expected_until);
    if (!visit.site) return;
    const auto from = visit.expected_from.value_or(work_.now);
    if (visit.expected_until && *visit.expected_until <= from)
      problem("until", fmt::format("{} is not after {}", zone.stamp(*visit.expected_until), zone.stamp(from)));
  }

  void read_purpose(NewVisit& visit) {
    visit.purpose = defaults_.purpose.value_or(visit.purpose);
    read_word("purpose", "purpose", visit.purpose);
    visit.purpose_text = text("purpose_text", defaults_.purpose_text);
    attempt("purpose_text", [&] { checked_note("the purpose", visit.purpose_text, kPurposeText); });
    visit.kind = defaults_.kind.value_or(visit.kind);
    read_word("type", "type of visits", visit.kind);
  }

  template <class E>
  void read_word(std::string_view column, std::string_view what, E& into) {
    const auto word = at(column);
    if (word.empty()) return;
    const auto names = domain::names<E>();
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const auto& row) { return equal_ignoring_case(row.name, word); });
    if (found == names.end())
      problem(column, fmt::format("'{}' is no {}", word, what));
    else
      into = found->value;
  }

  void read_contact(NewVisit& visit) {
    if (const auto phone = text("contact_phone", defaults_.contact_phone); !phone.empty())
      attempt("contact_phone", [&] { visit.contact_phone = read_phone(phone, visit.site); });
    const auto consent = at("consent");
    visit.consent = consent.empty() ? defaults_.consent : equal_ignoring_case(consent, "yes");
    if (!consent.empty() && !visit.consent && !equal_ignoring_case(consent, "no"))
      problem("consent", fmt::format("'{}' is neither yes nor no", consent));
  }

  bool is_called(const domain::Guest& guest, std::string_view name) {
    if (guest.name == name) return true;
    store::GuestFilter filter;
    filter.name = name;
    filter.limit = kSameName;
    const auto same = store::Guests{work_.tx, work_.scope}.list(filter);
    return std::any_of(same.begin(), same.end(), [&](const domain::Guest& one) { return one.id == guest.id; });
  }

  /// A line without a site is told what is wrong with it, too, but an incident needs a place.
  void refuse_blocked(std::string_view column, const domain::Guest& guest, std::optional<SiteId> site) {
    const BlockedGuestError refusal{guest.id, site.value_or(SiteId{}), *guest.blocked_reason};
    problem(column, refusal.message());
    auto& all = group_.refusals;
    const bool told = std::any_of(all.begin(), all.end(), [&](const BlockedGuestError& one) {
      return one.guest() == refusal.guest() && one.site() == refusal.site();
    });
    if (site && !told) all.push_back(refusal);
  }

  /// \param site  of the visit
  std::optional<GuestId> known(std::string_view column, const domain::Guest& guest, std::optional<SiteId> site) {
    const auto name = at("name");
    if (!name.empty() && !is_called(guest, name)) {
      problem(column, fmt::format("guest {} is called {}, not {}", guest.id, guest.name, name));
      return std::nullopt;
    }
    if (guest.merged_into) {
      problem(column, fmt::format("guest {} was merged into guest {}", guest.id, *guest.merged_into));
      return std::nullopt;
    }
    if (guest.blocked_reason) {
      refuse_blocked(column, guest, site);
      return std::nullopt;
    }
    return guest.id;
  }

  std::optional<GuestId> find_or_add_guest(const NewVisit& visit) {
    if (const auto number = at("guest"); !number.empty()) {
      who_ = "guest";
      const auto id = to_integer(number);
      const auto guest = id && *id > 0 ? store::Guests{work_.tx, work_.scope}.find(GuestId{*id}) : std::nullopt;
      if (guest) return known("guest", *guest, visit.site);
      problem("guest", fmt::format("there is no guest number '{}'", number));
      return std::nullopt;
    }
    NewGuest guest;
    guest.site = visit.site;
    if (!read_guest(guest)) return std::nullopt;
    if (!guest.document.empty()) {
      who_ = "document";
      if (const auto found = find_guest_by_document(work_, vault_, guest.document))
        return known("document", *found, visit.site);
    } else if (!guest.email.empty() || !guest.phone.empty()) {
      who_ = guest.email.empty() ? "phone" : "email";
      const auto [id, settled] = find_by_contact(guest);
      if (settled) return id;
    }
    return add(guest);
  }

  bool read_guest(NewGuest& guest) {
    const bool was_bad = std::exchange(bad_, false);
    guest.company = at("company");
    guest.allow_same_contact = defaults_.allow_same_contact;
    attempt("company", [&] { checked_text("the company", guest.company, 0, kName); });
    attempt("email", [&] { guest.email = checked_email(at("email")); });
    if (const auto phone = at("phone"); !phone.empty())
      attempt("phone", [&] { guest.phone = read_phone(phone, guest.site); });
    guest.document = Secret{at("document")};
    if (!guest.document.empty()) attempt("document", [&] { find_guest_by_document(work_, vault_, guest.document); });
    guest.name = at("name");
    // A document may be all there is, of a guest who is known.
    if (!guest.name.empty() || guest.document.empty())
      attempt("name", [&] { checked_text("the name of a guest", guest.name, 1, kName); });
    const bool good = !bad_;
    bad_ = bad_ || was_bad;
    return good;
  }

  /// A national number of a line without a site is looked at, but which one it is is not known: then it is empty.
  std::string read_phone(std::string_view phone, std::optional<SiteId> site) {
    if (site) return domain::to_e164(phone, store::Sites{work_.tx, work_.scope}.get(*site).country_code);
    auto number = domain::to_e164(phone, kSomeCountry);
    return phone.starts_with('+') ? number : std::string{};
  }

  /// \returns the guest, and whether the search is over
  std::pair<std::optional<GuestId>, bool> find_by_contact(const NewGuest& guest) {
    const auto others = store::Guests{work_.tx, work_.scope}.with_contact(guest.email, guest.phone);
    std::vector<domain::Guest> same;
    std::copy_if(others.begin(), others.end(), std::back_inserter(same),
                 [&](const domain::Guest& one) { return is_called(one, guest.name); });
    if (same.size() == 1) return {known(who_, same.front(), guest.site), true};
    if (same.size() > 1) {
      problem("name", fmt::format("guests {} and {} are both called so and have this contact; give the number",
                                  same[0].id, same[1].id));
      return {std::nullopt, true};
    }
    if (others.empty() || guest.allow_same_contact) return {std::nullopt, false};
    const auto& other = others.front();
    const bool by_email = !guest.email.empty() && equal_ignoring_case(other.email, guest.email);
    problem(by_email ? "email" : "phone", fmt::format("this is that of guest {} ({})", other.id, other.name));
    return {std::nullopt, true};
  }

  std::optional<GuestId> add(NewGuest guest) {
    if (guest.name.empty()) {
      problem("name", "nobody has this document, and a new guest needs a name");
      return std::nullopt;
    }
    if (who_.empty()) who_ = "name";
    // The contact was looked at; a document that differs from that of others makes another person of the same contact.
    guest.allow_same_contact = guest.allow_same_contact || guest.document.empty();
    std::string_view column = who_;
    for (const auto kind : {domain::CredentialKind::employee_no, domain::CredentialKind::card})
      if (const auto value = at(domain::name(kind)); !value.empty()) {
        guest.credentials.push_back({kind, std::string{value}});
        column = domain::name(kind);
      }
    std::optional<GuestId> id;
    attempt(column, [&] { id = add_guest(work_, vault_, guest).guest.id; });
    if (id) group_.new_guests.push_back(*id);
    return id;
  }

  static constexpr std::size_t kPurposeText = 500, kName = 200;
  static constexpr int kSameName = 1000;
  static constexpr std::string_view kSomeCountry = "7";

  const Work& work_;
  const Vault& vault_;
  const GroupDefaults& defaults_;
  const std::map<std::string_view, std::size_t>& places_;
  const CsvRow& row_;
  Group& group_;
  std::string_view who_;  // the column that says who comes
  bool bad_ = false;
};

}  // namespace

std::span<const GroupColumn> group_columns() {
  return kColumns;
}

Group create_group(const Work& work, const Vault& vault, std::string_view table, const GroupDefaults& defaults) {
  if (table.size() > kGroupMostBytes) refuse_table(1, "the table is larger than 1 MiB");
  CsvLimits limits;
  limits.rows = kGroupMostVisits + 1;
  const auto rows = parse_csv(table, limits);
  if (rows.empty()) refuse_table(1, "the table is empty", "Its first line names the columns.");
  const auto places = read_header(rows.front());
  if (rows.size() == 1) refuse_table(rows.front().line, "there is no line below the one that names the columns");

  Group group;
  std::map<GuestId, int> taken;
  for (auto row = rows.begin() + 1; row != rows.end(); ++row)
    Line{work, vault, defaults, places, *row, group}.run(taken);
  return group;
}

}  // namespace visitor::app
