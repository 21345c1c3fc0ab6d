#include "daemon/api/docs.hpp"

#include <fmt/format.h>

#include "core/markup.hpp"
#include "daemon/api/dispatch.hpp"

namespace visitor::api {
namespace {

constexpr auto kHead =
    "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>visitor API v1</title>\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n<style>"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222;background:#fff}"
    "h2{margin-top:2em;border-bottom:1px solid #ccc}code{background:#f3f3f3;padding:0 .2em}"
    "table{border-collapse:collapse;width:100%;margin:.5em 0}td,th{border-bottom:1px solid #ddd;padding:.2em .5em;"
    "text-align:left;vertical-align:top}"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#161616}code{background:#2a2a2a}td,th{border-color:#"
    "444}}"
    "</style>\n<h1>visitor API v1</h1>\n"
    "<p>JSON in UTF-8 below <code>/api/v1/</code>, with and without the slash at the end. Send "
    "<code>Authorization: Bearer</code> with a session's access token or an API key. The same for programs: "
    "<a href=\"openapi.json\">openapi.json</a>.\n";

std::string kind_of(const Field& field) {
  std::string kind;
  switch (field.type) {
    case Type::text:
      kind = field.most > 0 ? fmt::format("text, {} characters at most", field.most) : "text";
      break;
    case Type::integer:
      kind = "whole number";
      break;
    case Type::boolean:
      kind = "true or false";
      break;
    case Type::instant:
      kind = "time";
      break;
    case Type::word:
      for (const auto& word : field.words) kind += (kind.empty() ? "" : ", ") + word;
      break;
    case Type::object:
      kind = fmt::format("<a href=\"#{0}\">{0}</a>", field.schema);
      break;
    case Type::anything:
      kind = "any JSON";
      break;
  }
  if (field.list) kind = "list of: " + kind;
  if (field.nullable) kind += ", or null";
  if (field.required) kind += "; needed";
  if (!field.fallback.empty()) kind += "; else " + escape_markup(field.fallback);
  return kind;
}

std::string table_of(std::string_view title, const std::vector<Field>& fields) {
  if (fields.empty()) return "";
  auto out = fmt::format("<table><tr><th>{}<th>Kind<th>What it is\n", title);
  for (const auto& field : fields)
    out += fmt::format("<tr><td><code>{}</code><td>{}<td>{}\n", escape_markup(field.name), kind_of(field),
                       escape_markup(field.sentence));
  return out + "</table>\n";
}

std::string section_of(const Route& route) {
  auto out = fmt::format("<h3 id=\"{}\"><code>{} {}{}</code></h3>\n<p>{}.", route.name, route.method, kBase,
                         escape_markup(route.path), escape_markup(route.summary));
  if (route.own)
    out += " Takes no permission: it is about whoever asks.";
  else if (!route.takes_token())
    out += " Takes no token.";
  else
    out += fmt::format(" Takes <code>{}</code>{}.", domain::name(route.permission),
                       route.everywhere ? " on everything" : "");
  if (route.fresh) out += " Asks for a fresh code: <a href=\"#step_up\">POST /sessions/step-up/</a>.";
  if (!route.command.empty())
    out += fmt::format(" On the command line: <code>{}</code>.", escape_markup(route.command));
  if (route.file)
    out += fmt::format(" Answers {} with a file; takes <code>Range</code>.\n", route.status);
  else
    out += fmt::format(" Answers {} with {}<a href=\"#{}\">{}</a>.\n", route.status,
                       route.paging == Paging::none ? "" : "a page of ", route.answer, route.answer);
  if (const auto sentence = cursor_sentence(route); !sentence.empty())
    out += fmt::format("<p>{}\n", escape_markup(sentence));
  if (route.if_match == IfMatch::must) out += "<p>Needs <code>If-Match</code>.\n";
  if (route.if_match == IfMatch::may) out += "<p>Takes <code>If-Match</code>.\n";
  out += table_of("Parameter", route.query) + table_of("Member of the body", route.body);
  std::string problems;
  for (const auto problem : problems_of(route))
    problems += fmt::format("{}<a href=\"#problem-{}\">{}</a>", problems.empty() ? "" : ", ", app::info(problem).name,
                            app::info(problem).name);
  return out + fmt::format("<p>Problems: {}.\n", problems);
}

}  // namespace

std::string docs_page(const Table& table) {
  std::string out = kHead;
  out += "<h2>Requests</h2>\n";
  for (const auto& route : table.routes()) out += section_of(route);
  out += "<h2>Things</h2>\n";
  for (const auto& schema : table.schemas())
    out += fmt::format("<h3 id=\"{0}\">{0}</h3>\n", schema.name) + table_of("Member", schema.fields);
  out += "<h2>Problems</h2>\n<table><tr><th>Type<th>Status<th>What it is<th>Next step\n";
  for (const auto& row : app::problem_table())
    out += fmt::format("<tr id=\"problem-{}\"><td><code>{}</code><td>{}<td>{}<td>{}\n", row.name,
                       app::problem_type(row.problem), row.status, escape_markup(row.title), escape_markup(row.next));
  return out + "</table>\n";
}

}  // namespace visitor::api
