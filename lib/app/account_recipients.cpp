#include "app/account_recipients.hpp"

#include <algorithm>
#include <map>

#include "app/roles.hpp"
#include "config/values.hpp"
#include "core/text.hpp"
#include "store/account_groups.hpp"
#include "store/users.hpp"

namespace visitor::app {
namespace {

using Names = std::vector<std::string>;

constexpr std::string_view kUser = "user:";

std::string group_of(std::string_view name) {
  return std::string{trim(name.substr(config::kUserGroup.size()))};
}

domain::Recipient recipient_of(const config::Settings& settings, const store::GroupPerson& person) {
  domain::Recipient recipient;
  recipient.name = std::string{kUser} + person.login;
  recipient.language = person.language;
  if (!person.time_zone.empty()) recipient.zone = Zone::named(person.time_zone);
  if (!settings.telegram.token.path.empty() && !person.chat_id.empty())
    recipient.places.push_back({domain::Channel::telegram, person.chat_id});
  if (!settings.email.server.empty() && !person.email.empty())
    recipient.places.push_back({domain::Channel::email, person.email});
  return recipient;
}

template <class Use>
void for_each_list(domain::Routing& routing, Use use) {
  for (auto& route : routing.routes) use(route.to);
  for (auto& step : routing.steps) use(step.to);
}

}  // namespace

bool is_user_group(std::string_view name) {
  return name.starts_with(config::kUserGroup);
}

bool is_account_recipient(const Work& work, std::string_view name) {
  if (!name.starts_with(kUser)) return false;
  const auto login = name.substr(kUser.size());
  const auto account = store::Users{work.tx}.find_by_login(login);
  return account && !account->system && account->login == login;
}

void require_user_group(const Work& work, std::string_view name) {
  resolve_group(work, name.substr(config::kUserGroup.size()));
}

void add_accounts(const Work& work, domain::Routing& routing) {
  Names groups;
  for_each_list(routing, [&](const Names& to) {
    for (const auto& name : to)
      if (is_user_group(name)) groups.push_back(group_of(name));
  });
  if (groups.empty()) return;

  std::map<std::string, Names> members;  // by name of the group, as it is asked for
  Names known;
  const auto add = [&](domain::Recipient recipient) {
    if (std::ranges::find(known, recipient.name) != known.end()) return;
    known.push_back(recipient.name);
    routing.recipients.push_back(std::move(recipient));
  };
  for (const auto& person : store::AccountGroups{work.tx}.people(groups)) {
    auto recipient = recipient_of(work.settings, person);
    if (recipient.places.empty()) continue;
    members[person.group].push_back(recipient.name);
    add(std::move(recipient));
  }
  for_each_list(routing, [&](Names& to) {
    Names people;
    for (const auto& name : to) {
      const auto found = is_user_group(name) ? members.find(group_of(name)) : members.end();
      for (const auto& one : found == members.end() ? Names{name} : found->second)
        if (std::ranges::find(people, one) == people.end()) people.push_back(one);
      if (found == members.end() && is_user_group(name)) {
        domain::Recipient nobody;
        nobody.name = name;
        add(std::move(nobody));
      }
    }
    to = std::move(people);
  });
}

}  // namespace visitor::app
