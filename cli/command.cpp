#include "cli/command.hpp"

#include <algorithm>
#include <stdexcept>

namespace visitor::cli {

Command& Command::add(std::string name, std::string help) {
  auto& child = children_.emplace_back(std::make_unique<Command>(std::move(name), std::move(help)));
  child->parent_ = this;
  return *child;
}

Command& Command::details(std::string text) {
  details_ = std::move(text);
  return *this;
}

Param& Command::new_param(Param::Kind kind, const std::string& names, std::string placeholder, std::string help) {
  auto& param = params_.emplace_back();
  param.kind = kind;
  param.placeholder = std::move(placeholder);
  param.help = std::move(help);
  for (std::size_t from = 0; from <= names.size();) {
    const auto comma = std::min(names.find(',', from), names.size());
    param.names.push_back(names.substr(from, comma - from));
    from = comma + 1;
  }
  return param;
}

Command& Command::flag(std::string names, bool& into, std::string help) {
  auto& param = new_param(Param::Kind::flag, names, {}, std::move(help));
  param.set = [&into](std::string_view) { into = true; };
  return *this;
}

Command& Command::required() {
  params_.back().required = true;
  return *this;
}

Command& Command::between(std::int64_t least, std::int64_t most) {
  params_.back().bounds = {least, most};
  return *this;
}

Command& Command::default_is(std::string text) {
  params_.back().default_text = std::move(text);
  return *this;
}

Command& Command::takes_file() {
  params_.back().completes = Param::Completes::file;
  return *this;
}

Command& Command::for_server() {
  params_.back().of_server = true;
  return *this;
}

Command& Command::fails_with(std::initializer_list<Errc> codes) {
  codes_.insert(codes_.end(), codes);
  return *this;
}

Command& Command::uses_database() {
  return fails_with({Errc::denied, Errc::config, Errc::database, Errc::integrity});
}

Command& Command::uses_house() {
  takes_server_ = true;
  return uses_database();
}

Command& Command::uses_server() {
  takes_server_ = true;
  return fails_with({Errc::denied, Errc::database});
}

Command& Command::as_check() {
  check_ = true;
  return *this;
}

Command& Command::example(std::string line, std::string note) {
  examples_.push_back({std::move(line), std::move(note)});
  return *this;
}

Command& Command::hidden() {
  hidden_ = true;
  return *this;
}

Command& Command::runs(std::function<void(Session&)> work) {
  work_ = std::move(work);
  return *this;
}

std::string Command::path() const {
  return parent_ ? parent_->path() + " " + name_ : name_;
}

const Command* Command::find(std::string_view name) const {
  for (const auto& child : children_)
    if (child->name() == name) return child.get();
  return nullptr;
}

}  // namespace visitor::cli
