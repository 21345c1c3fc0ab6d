#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "support/visitor_sim.hpp"

namespace visitor::sim {

/// What one person does at one moment.
struct Step {
  enum class Kind { enter, leave, deny };
  Kind kind = Kind::enter;
  Person person{};
  double after = 1;  ///< paces since the step before

  friend bool operator==(const Step& a, const Step& b) {
    return a.kind == b.kind && a.person.employee_no == b.person.employee_no && a.after == b.after;
  }
};

/// The people of a file: a JSON array of {"employee_no", "name"?, "card_no"?}.
///
/// \throws Error usage  the file cannot be read, is not such a list, or is empty
std::vector<Person> read_people(const std::filesystem::path& file);

/// \p count invented people with the numbers 1001 and on.
std::vector<Person> invent_people(std::size_t count);

/// A day at the door in short: people come in, step out and come back, and leave; the last of them leaves without
/// having entered (third step), and a stranger is refused three times in a row (from the fifth step on). With one
/// person there is only the entry and the exit.
///
/// Everybody who enters also leaves, so that it can be played again. The same \p seed gives the same steps.
std::vector<Step> plan_visits(const std::vector<Person>& people, std::uint32_t seed);

/// Plays plan_visits again and again on a thread of its own.
class Scenario {
 public:
  struct Setup {
    std::vector<Person> people;
    std::chrono::milliseconds pace{1500};
    std::uint32_t seed = 1;
    std::function<void(const Person&)> enter;
    std::function<void(const Person&)> leave;
    std::function<void(const Person&)> deny;
  };

  explicit Scenario(Setup setup);
  ~Scenario();  ///< stops between two steps

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace visitor::sim
