#include "store/account_groups.hpp"

#include "domain/language.hpp"
#include "store/words.hpp"

namespace visitor::store {
namespace {

constexpr auto kAdd = R"sql(
    INSERT INTO account_group (name, description, created_at)
    VALUES ($1, $2, $3)
        ON CONFLICT (lower(name)) DO NOTHING
 RETURNING id)sql";

constexpr auto kList = R"sql(
    SELECT g.id, g.name, g.description, g.version,
           ARRAY(SELECT a.login
                   FROM account_group_member m
                   JOIN account a ON a.id = m.account_id
                  WHERE m.group_id = g.id
                  ORDER BY lower(a.login)) AS members
      FROM account_group g
     WHERE ($1::text IS NULL OR lower(g.name) = lower($1)) AND ($2::bigint IS NULL OR g.id = $2)
     ORDER BY lower(g.name))sql";

constexpr auto kUpdate = R"sql(
    UPDATE account_group SET name = $3, description = $4, version = version + 1 WHERE id = $1 AND version = $2)sql";

constexpr auto kRemove = R"sql(
    DELETE FROM account_group WHERE id = $1)sql";

constexpr auto kAddMember = R"sql(
    INSERT INTO account_group_member (group_id, account_id) VALUES ($1, $2) ON CONFLICT DO NOTHING)sql";

constexpr auto kRemoveMember = R"sql(
    DELETE FROM account_group_member WHERE group_id = $1 AND account_id = $2)sql";

constexpr auto kNamesOf = R"sql(
    SELECT g.name
      FROM account_group g
      JOIN account_group_member m ON m.group_id = g.id
     WHERE m.account_id = $1
     ORDER BY lower(g.name))sql";

constexpr auto kPeople = R"sql(
    SELECT asked AS group_name, a.login, a.language, a.time_zone, a.email, a.chat_id
      FROM (SELECT DISTINCT unnest($1::text[])) AS n(asked)
      JOIN account_group g ON lower(g.name) = lower(asked)
      JOIN account_group_member m ON m.group_id = g.id
      JOIN account a ON a.id = m.account_id
     WHERE a.disabled_at IS NULL
     ORDER BY asked, lower(a.login))sql";

GroupListed to_group(const db::Row& row) {
  return {{row.get<GroupId>("id"), row.get<std::string>("name"), row.get<std::string>("description"),
           row.get<int>("version")},
          row.get<std::vector<std::string>>("members")};
}

}  // namespace

std::optional<GroupId> AccountGroups::add(const domain::Group& group, Instant now) {
  if (const auto row = tx_.maybe_row(kAdd, group.name, group.description, now)) return row->get<GroupId>("id");
  return std::nullopt;
}

std::optional<GroupListed> AccountGroups::find_by_name(std::string_view name) {
  if (const auto row = tx_.maybe_row(kList, name, std::optional<GroupId>{})) return to_group(*row);
  return std::nullopt;
}

std::optional<GroupListed> AccountGroups::find(GroupId id) {
  if (const auto row = tx_.maybe_row(kList, std::optional<std::string_view>{}, id)) return to_group(*row);
  return std::nullopt;
}

std::vector<GroupListed> AccountGroups::list() {
  std::vector<GroupListed> groups;
  for (const auto& row : tx_.rows(kList, std::optional<std::string_view>{}, std::optional<GroupId>{}))
    groups.push_back(to_group(row));
  return groups;
}

bool AccountGroups::update(const domain::Group& group) {
  return tx_.exec(kUpdate, group.id, group.version, group.name, group.description) == 1;
}

void AccountGroups::remove(GroupId id) {
  tx_.exec(kRemove, id);
}

bool AccountGroups::add_member(GroupId id, AccountId account) {
  return tx_.exec(kAddMember, id, account) == 1;
}

bool AccountGroups::remove_member(GroupId id, AccountId account) {
  return tx_.exec(kRemoveMember, id, account) == 1;
}

std::vector<std::string> AccountGroups::names_of(AccountId account) {
  std::vector<std::string> names;
  for (const auto& row : tx_.rows(kNamesOf, account)) names.push_back(row.get<std::string>("name"));
  return names;
}

std::vector<GroupPerson> AccountGroups::people(const std::vector<std::string>& groups) {
  std::vector<GroupPerson> people;
  for (const auto& row : tx_.rows(kPeople, groups))
    people.push_back({row.get<std::string>("group_name"), row.get<std::string>("login"),
                      read_word<domain::Language>(row, "language"), row.get<std::string>("time_zone"),
                      row.get<std::string>("email"), row.get<std::string>("chat_id")});
  return people;
}

}  // namespace visitor::store
