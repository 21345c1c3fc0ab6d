#include "support/visitor_sim_people.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <mutex>
#include <random>
#include <thread>

#include "core/error.hpp"

namespace visitor::sim {
namespace {

namespace json = boost::json;

/// The number in [0, bound); std::uniform_int_distribution differs between libraries.
std::size_t pick(std::mt19937& random, std::size_t bound) {
  return random() % bound;
}

}  // namespace

std::vector<Person> read_people(const std::filesystem::path& file) {
  const auto wrong = [&](std::string_view what) {
    return Error(Errc::usage, fmt::format("{}: {}", file.string(), what),
                 R"(Write a JSON array such as [{"employee_no": "1001", "name": "Ann Lee", "card_no": "3001"}].)");
  };
  std::ifstream in(file);
  if (!in) throw wrong("cannot be read");
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  json::error_code error;
  const auto value = json::parse(text, error);
  if (error || !value.is_array()) throw wrong("is not a JSON array");
  std::vector<Person> people;
  for (const auto& item : value.as_array()) {
    if (!item.is_object()) throw wrong("holds something that is not an object");
    Person person;
    for (const auto& member : item.as_object()) {
      if (!member.value().is_string()) throw wrong("holds a member that is not a text");
      auto* into = member.key() == "employee_no" ? &person.employee_no
                   : member.key() == "name"      ? &person.name
                   : member.key() == "card_no"   ? &person.card_no
                                                 : nullptr;
      if (into == nullptr) throw wrong(fmt::format("holds the unknown member {}", std::string{member.key()}));
      *into = json::value_to<std::string>(member.value());
    }
    if (person.employee_no.empty()) throw wrong("holds somebody without an employee_no");
    people.push_back(std::move(person));
  }
  if (people.empty()) throw wrong("names nobody");
  return people;
}

std::vector<Person> invent_people(std::size_t count) {
  constexpr std::array<const char*, 12> kNames{"Айгуль Сериккызы", "Олег Петров",   "Dana Novak",   "Марат Ибраев",
                                               "Lena Fischer",     "Иван Соколов",  "Aruzhan Bek",  "Tomas Green",
                                               "Сауле Омарова",    "Nikolai Orlov", "Maria Santos", "Ержан Касымов"};
  std::vector<Person> people;
  for (std::size_t i = 0; i < count; ++i) {
    people.push_back({std::to_string(1001 + i), kNames[i % kNames.size()], std::to_string(300'001 + i)});
  }
  return people;
}

std::vector<Step> plan_visits(const std::vector<Person>& people, std::uint32_t seed) {
  using Kind = Step::Kind;
  if (people.size() == 1) return {{Kind::enter, people.front()}, {Kind::leave, people.front()}};
  std::mt19937 random{seed};
  const auto& ghost = people.back();
  std::vector<Person> outside{people.begin(), people.end() - 1};
  std::vector<Person> inside;
  std::vector<Step> steps;
  std::size_t still_to_wander = outside.size() / 3;
  const auto move = [&](std::vector<Person>& from, std::vector<Person>& to, std::size_t at, Kind kind) {
    steps.push_back({kind, from[at]});
    to.push_back(from[at]);
    from.erase(from.begin() + static_cast<std::ptrdiff_t>(at));
  };
  std::vector<Person> gone;
  while (!outside.empty() || !inside.empty()) {
    // The third move is an exit, so that a short look sees one.
    const bool someone_leaves = !inside.empty() && (outside.empty() || steps.size() == 2 || pick(random, 3) == 0);
    if (!someone_leaves) {
      move(outside, inside, 0, Kind::enter);
    } else if (still_to_wander > 0 && pick(random, 2) == 0) {
      // Out for a moment, and back before the next one moves.
      --still_to_wander;
      const auto& person = inside[pick(random, inside.size())];
      steps.push_back({Kind::leave, person});
      steps.push_back({Kind::enter, person});
    } else {
      move(inside, gone, pick(random, inside.size()), Kind::leave);
    }
  }
  const auto insert = [&](std::size_t at, Step step) {
    steps.insert(steps.begin() + static_cast<std::ptrdiff_t>(std::min(at, steps.size())), std::move(step));
  };
  insert(2, {Kind::leave, ghost});
  for (const double after : {0.5, 0.5, 1.0}) insert(4, {Kind::deny, Person{}, after});
  return steps;
}

class Scenario::Impl {
 public:
  explicit Impl(Setup setup) : setup_(std::move(setup)), thread_([this] { run(); }) {}
  ~Impl() {
    {
      const std::lock_guard lock{mutex_};
      ending_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

 private:
  void run() {
    for (auto seed = setup_.seed;; ++seed) {
      for (const auto& step : plan_visits(setup_.people, seed)) {
        std::unique_lock lock{mutex_};
        const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(step.after * setup_.pace);
        if (changed_.wait_for(lock, time, [this] { return ending_; })) return;
        lock.unlock();
        const auto& act = step.kind == Step::Kind::enter   ? setup_.enter
                          : step.kind == Step::Kind::leave ? setup_.leave
                                                           : setup_.deny;
        act(step.person);
      }
    }
  }

  Setup setup_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  std::thread thread_;
};

Scenario::Scenario(Setup setup) : impl_(std::make_unique<Impl>(std::move(setup))) {}
Scenario::~Scenario() = default;

}  // namespace visitor::sim
