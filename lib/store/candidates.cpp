#include "store/candidates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "core/text.hpp"

namespace visitor::store {
namespace {

// $1 and $2 are the ends of ranges, so that the primary key finds what begins with given digits.
constexpr auto kVisits = R"sql(
    SELECT near.id::text AS word, guest.name || ', ' || near.status AS note
      FROM unnest($1::bigint[], $2::bigint[]) AS span (least, most)
     CROSS JOIN LATERAL (SELECT id, guest_id, status FROM visit WHERE id BETWEEN span.least AND span.most
                          ORDER BY id DESC LIMIT $3) AS near
      JOIN guest ON guest.id = near.guest_id
     ORDER BY near.id DESC
     LIMIT $3)sql";

constexpr auto kIncidents = R"sql(
    SELECT near.id::text AS word, near.type || ', ' || near.status AS note
      FROM unnest($1::bigint[], $2::bigint[]) AS span (least, most)
     CROSS JOIN LATERAL (SELECT id, type, status FROM incident WHERE id BETWEEN span.least AND span.most
                          ORDER BY id DESC LIMIT $3) AS near
     ORDER BY near.id DESC
     LIMIT $3)sql";

constexpr auto kAlerts = R"sql(
    SELECT near.id::text AS word, near.kind || ': ' || near.summary AS note
      FROM unnest($1::bigint[], $2::bigint[]) AS span (least, most)
     CROSS JOIN LATERAL (SELECT id, kind, summary FROM alert WHERE id BETWEEN span.least AND span.most
                          ORDER BY id DESC LIMIT $3) AS near
     ORDER BY near.id DESC
     LIMIT $3)sql";

constexpr auto kGuestsByNumber = R"sql(
    SELECT near.id::text AS word, near.name AS note
      FROM unnest($1::bigint[], $2::bigint[]) AS span (least, most)
     CROSS JOIN LATERAL (SELECT id, name FROM guest
                          WHERE id BETWEEN span.least AND span.most AND merged_into IS NULL
                          ORDER BY id DESC LIMIT $3) AS near
     ORDER BY near.id DESC
     LIMIT $3)sql";

// The index on lower(name) leads to the first name that does not come before $1. In a collation that passes over
// blanks and the like, others may stand between those that begin with it; what is then cut off is only a proposal.
constexpr auto kGuests = R"sql(
    SELECT name AS word, company AS note
      FROM (SELECT name, company FROM guest
             WHERE lower(name) >= lower($1) AND merged_into IS NULL
             ORDER BY lower(name) LIMIT $2) AS near
     WHERE starts_with(lower(name), lower($1)))sql";

constexpr auto kHosts = R"sql(
    SELECT near.name AS word, department.name AS note
      FROM (SELECT name, department_id FROM host WHERE lower(name) >= lower($1) ORDER BY lower(name) LIMIT $2) AS near
      JOIN department ON department.id = near.department_id
     WHERE starts_with(lower(near.name), lower($1))
     ORDER BY lower(near.name))sql";

constexpr auto kDepartments = R"sql(
    SELECT department.name AS word, site.name AS note
      FROM department JOIN site ON site.id = department.site_id
     WHERE starts_with(lower(department.name), lower($1))
     ORDER BY lower(department.name)
     LIMIT $2)sql";

constexpr auto kSites = R"sql(
    SELECT name AS word, time_zone AS note FROM site WHERE starts_with(lower(name), lower($1))
     ORDER BY lower(name) LIMIT $2)sql";

constexpr auto kTerminals = R"sql(
    SELECT name AS word, base_url AS note FROM terminal WHERE starts_with(lower(name), lower($1))
     ORDER BY lower(name) LIMIT $2)sql";

constexpr auto kJobs = R"sql(
    SELECT job AS word, '' AS note FROM job_run WHERE starts_with(job, $1) ORDER BY job LIMIT $2)sql";

Completion to_completion(const db::Row& row) {
  return {row.get<std::string>("word"), row.get<std::string>("note")};
}

struct Spans {
  std::vector<std::int64_t> least;
  std::vector<std::int64_t> most;
};

/// The numbers that begin with \p digits: 4 is 4, 40 to 49, 400 to 499 and so on.
Spans spans_of(std::string_view digits) {
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  if (digits.empty()) return {{1}, {kMax}};
  Spans spans;
  const auto number = to_integer(digits);
  if (!number || *number <= 0 || digits.front() == '0') return spans;
  std::int64_t least = *number;
  for (std::int64_t width = 1;; width *= 10, least *= 10) {
    spans.least.push_back(least);
    spans.most.push_back(least > kMax - (width - 1) ? kMax : least + (width - 1));
    if (least > kMax / 10 || width > kMax / 10) return spans;
  }
}

}  // namespace

std::vector<Completion> Candidates::by_number(std::string_view sql, std::string_view digits) {
  const auto spans = spans_of(digits);
  std::vector<Completion> found;
  if (spans.least.empty()) return found;
  for (const auto& row : tx_.rows(sql, spans.least, spans.most, kMost)) found.push_back(to_completion(row));
  return found;
}

std::vector<Completion> Candidates::by_name(std::string_view sql, std::string_view beginning) {
  std::vector<Completion> found;
  for (const auto& row : tx_.rows(sql, beginning, kMost)) found.push_back(to_completion(row));
  return found;
}

std::vector<Completion> Candidates::visits(std::string_view digits) {
  return by_number(kVisits, digits);
}

std::vector<Completion> Candidates::incidents(std::string_view digits) {
  return by_number(kIncidents, digits);
}

std::vector<Completion> Candidates::alerts(std::string_view digits) {
  return by_number(kAlerts, digits);
}

std::vector<Completion> Candidates::guests_by_number(std::string_view digits) {
  return by_number(kGuestsByNumber, digits);
}

std::vector<Completion> Candidates::guests(std::string_view beginning) {
  return by_name(kGuests, beginning);
}

std::vector<Completion> Candidates::hosts(std::string_view beginning) {
  return by_name(kHosts, beginning);
}

std::vector<Completion> Candidates::departments(std::string_view beginning) {
  return by_name(kDepartments, beginning);
}

std::vector<Completion> Candidates::sites(std::string_view beginning) {
  return by_name(kSites, beginning);
}

std::vector<Completion> Candidates::terminals(std::string_view beginning) {
  return by_name(kTerminals, beginning);
}

std::vector<Completion> Candidates::jobs(std::string_view beginning) {
  return by_name(kJobs, beginning);
}

}  // namespace visitor::store
