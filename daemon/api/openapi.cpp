#include "daemon/api/openapi.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/json_writer.hpp"
#include "daemon/api/dispatch.hpp"

namespace visitor::api {
namespace {

using app::JsonWriter;

std::string reference(std::string_view kind, std::string_view name) {
  return fmt::format("#/components/{}/{}", kind, name);
}

std::string_view type_name(Type type) {
  switch (type) {
    case Type::integer:
      return "integer";
    case Type::boolean:
      return "boolean";
    default:
      return "string";
  }
}

void write_type(JsonWriter& json, std::string_view type, bool nullable) {
  json.key("type");
  if (!nullable) {
    json.value(type);
    return;
  }
  json.begin_array().value(type).value("null").end();
}

/// The schema of one value, without lists.
void write_single(JsonWriter& json, const Field& field, bool request) {
  const bool nullable = field.nullable && !field.list;
  switch (field.type) {
    case Type::anything:
      break;
    case Type::object:
      if (nullable) {
        json.key("oneOf").begin_array();
        json.begin_object().member("$ref", reference("schemas", field.schema)).end();
        json.begin_object().member("type", "null").end().end();
      } else {
        json.member("$ref", reference("schemas", field.schema));
      }
      break;
    case Type::word:
      write_type(json, "string", nullable);
      json.key("enum").begin_array();
      for (const auto& word : field.words) json.value(std::string_view{word});
      if (nullable) json.null();
      json.end();
      break;
    case Type::integer:
      write_type(json, "integer", nullable);
      json.member("format", "int64").member("minimum", field.least);
      if (field.most != kLargestId) json.member("maximum", field.most);
      break;
    case Type::instant:
      write_type(json, "string", nullable);
      if (!request) json.member("format", "date-time");
      break;
    case Type::text:
      write_type(json, "string", nullable);
      if (request && field.least > 0) json.member("minLength", field.least);
      if (request && field.most > 0) json.member("maxLength", field.most);
      break;
    case Type::boolean:
      write_type(json, type_name(field.type), nullable);
      break;
  }
}

void write_schema(JsonWriter& json, const Field& field, bool request) {
  json.begin_object();
  if (field.list) {
    json.member("type", "array").key("items").begin_object();
    write_single(json, field, request);
    json.end();
  } else {
    write_single(json, field, request);
  }
  if (!request || field.type != Type::object) json.member("description", std::string_view{field.sentence});
  json.end();
}

void write_properties(JsonWriter& json, const std::vector<Field>& fields, bool request) {
  json.member("type", "object").member("additionalProperties", false).key("properties").begin_object();
  for (const auto& field : fields) {
    json.key(field.name);
    write_schema(json, field, request);
  }
  json.end();
  const auto needed = [&](const Field& field) { return !request || field.required; };
  if (std::ranges::none_of(fields, needed)) return;
  json.key("required").begin_array();
  for (const auto& field : fields)
    if (needed(field)) json.value(std::string_view{field.name});
  json.end();
}

void write_parameter(JsonWriter& json, const Field& field, std::string_view in, bool needed) {
  json.begin_object().member("name", std::string_view{field.name}).member("in", in);
  auto sentence = field.sentence;
  if (!field.fallback.empty()) sentence += fmt::format(" (else: {})", field.fallback);
  json.member("description", std::string_view{sentence}).member("required", needed);
  if (field.list) json.member("style", "form").member("explode", false);
  json.key("schema");
  auto plain = field;
  plain.sentence.clear();
  json.begin_object();
  if (field.list) {
    json.member("type", "array").key("items").begin_object();
    write_single(json, plain, true);
    json.end();
  } else {
    write_single(json, plain, true);
  }
  json.end().end();
}

Field header(std::string name, std::string sentence) {
  return text(std::move(name), std::move(sentence), 0);
}

void write_parameters(JsonWriter& json, const Route& route) {
  json.key("parameters").begin_array();
  if (route.has_path_id()) write_parameter(json, id("id", "Number of the thing"), "path", true);
  if (route.has_path_name()) write_parameter(json, text("name", "Name of the thing", 64, 1), "path", true);
  for (const auto& field : route.query) write_parameter(json, field, "query", field.required);
  if (!route.writes() && route.has_etag())
    write_parameter(json, header("If-None-Match", "ETags that are there already: 304 where one is still right"),
                    "header", false);
  if (route.file)
    write_parameter(
        json, header("Range", "One part of the file, in bytes; with If-Range only where the file is still that one"),
        "header", false);
  if (route.if_match != IfMatch::never)
    write_parameter(json, header("If-Match", "ETag that the thing was read with: 412 where it has changed since"),
                    "header", route.if_match == IfMatch::must);
  if (!route.edits.empty())
    write_parameter(
        json,
        header("Lock-Token", "The lock that the caller holds on the thing: 423 where it is over, or somebody else's"),
        "header", false);
  if (route.done_once())
    write_parameter(json,
                    header("Idempotency-Key",
                           "Whoever repeats a request with the same key within 24 hours gets the first answer again, "
                           "and nothing is done twice"),
                    "header", false);
  json.end();
}

void write_content(JsonWriter& json, const Route& route) {
  if (route.file) {
    json.key("content").begin_object().key("application/octet-stream").begin_object().key("schema").begin_object();
    json.member("type", "string").member("format", "binary").end().end().end();
    return;
  }
  json.key("content").begin_object().key("application/json").begin_object().key("schema").begin_object();
  if (route.paging == Paging::none) {
    json.member("$ref", reference("schemas", route.answer));
  } else {
    json.member("type", "object").member("additionalProperties", false).key("required").begin_array();
    for (const auto* name : {"count", "next", "previous", "results"}) json.value(name);
    json.end().key("properties").begin_object();
    json.key("count").begin_object().key("type").begin_array().value("integer").value("null").end();
    json.member("description", "How many there are; null by cursor").end();
    for (const auto* name : {"next", "previous"}) {
      json.key(name).begin_object().key("type").begin_array().value("string").value("null").end();
      json.member("format", "uri-reference")
          .member("description", "Address of that page, null where there is none")
          .end();
    }
    json.key("results").begin_object().member("type", "array").key("items").begin_object();
    json.member("$ref", reference("schemas", route.answer)).end().end().end();
  }
  json.end().end().end();
}

void write_responses(JsonWriter& json, const Route& route) {
  json.key("responses").begin_object();
  json.key(fmt::to_string(route.status)).begin_object().member("description", std::string_view{route.summary});
  if (route.has_etag()) {
    json.key("headers").begin_object().key("ETag").begin_object();
    json.member("$ref", reference("headers", "ETag")).end().end();
  }
  write_content(json, route);
  json.end();
  if (route.file) json.key("206").begin_object().member("description", "The part of it that Range names").end();
  if (!route.writes()) json.key("304").begin_object().member("description", "It is what If-None-Match names").end();
  std::map<int, std::string> statuses;
  for (const auto problem : problems_of(route)) {
    const auto& info = app::info(problem);
    auto& names = statuses[info.status];
    names += (names.empty() ? "" : ", ") + std::string{info.name};
  }
  for (const auto& [status, names] : statuses) {
    json.key(fmt::to_string(status)).begin_object().member("description", std::string_view{names}).key("content");
    json.begin_object().key("application/problem+json").begin_object().key("schema").begin_object();
    json.member("$ref", reference("schemas", "Problem")).end().end().end().end();
  }
  json.end();
}

std::string tag_of(const Route& route) {
  const auto rest = std::string_view{route.path}.substr(1);
  return std::string{rest.substr(0, rest.find('/'))};
}

std::string lower_method(const Route& route) {
  std::string method;
  for (const char c : route.method) method += static_cast<char>(c - 'A' + 'a');
  return method;
}

void write_operation(JsonWriter& json, const Route& route) {
  json.key(lower_method(route)).begin_object();
  json.member("operationId", std::string_view{route.name}).member("summary", std::string_view{route.summary});
  std::string description = "Takes no token.";
  if (route.own)
    description = "Takes no permission: it is about whoever asks.";
  else if (route.takes_token())
    description = fmt::format("Takes the permission {}{}.", domain::name(route.permission),
                              route.everywhere ? " on everything" : "");
  if (route.fresh)
    description += fmt::format(
        " Asks for a fresh code: where none was shown in the session lately, it is refused as {}, and "
        "{} takes one.",
        app::info(Problem::step_up_needed).name, "POST /sessions/step-up/");
  if (const auto sentence = cursor_sentence(route); !sentence.empty()) description += fmt::format(" {}", sentence);
  if (!route.command.empty()) description += fmt::format(" The command of the same: {}.", route.command);
  json.member("description", std::string_view{description});
  json.key("tags").begin_array().value(tag_of(route)).end();
  if (!route.takes_token()) json.key("security").begin_array().end();
  write_parameters(json, route);
  if (!route.body.empty()) {
    const bool needed = std::ranges::any_of(route.body, &Field::required);
    json.key("requestBody").begin_object().member("required", needed).key("content").begin_object();
    json.key("application/json").begin_object().key("schema").begin_object();
    write_properties(json, route.body, true);
    json.end().end().end().end();
  }
  write_responses(json, route);
  json.end();
}

void write_problem(JsonWriter& json) {
  json.key("Problem").begin_object();
  json.member("description", "RFC 9457; the type stays the same over versions");
  json.member("type", "object").key("required").begin_array();
  const std::vector<std::string_view> texts{"title", "detail", "instance", "request_id", "hint", "command"};
  for (const auto* name : {"type", "title", "status", "detail", "instance", "request_id", "hint", "command", "errors"})
    json.value(name);
  json.end()
      .key("properties")
      .begin_object()
      .key("type")
      .begin_object()
      .member("type", "string")
      .key("enum")
      .begin_array();
  for (const auto& row : app::problem_table()) json.value(app::problem_type(row.problem));
  json.end().end().key("status").begin_object().member("type", "integer").end();
  for (const auto name : texts) json.key(name).begin_object().member("type", "string").end();
  json.key("errors").begin_object().member("type", "array").key("items").begin_object().member("type", "object");
  json.key("required").begin_array().value("detail").end().key("properties").begin_object();
  for (const auto* name : {"pointer", "parameter", "detail"})
    json.key(name).begin_object().member("type", "string").end();
  json.end().end().end().end().end();
}

}  // namespace

std::string openapi(const Table& table) {
  JsonWriter json{JsonWriter::Layout::line};
  json.begin_object().member("openapi", "3.1.0").key("info").begin_object().member("title", "visitor");
  json.member("version", "1").member("summary", "Visits of a building, its terminals, incidents and alerts");
  json.key("license")
      .begin_object()
      .member("name", "See LICENSE")
      .member("identifier", "LicenseRef-visitor")
      .end()
      .end();
  json.key("servers").begin_array().begin_object().member("url", kBase).end().end();
  json.key("security").begin_array().begin_object().key("bearer").begin_array().end().end().end();

  std::vector<std::string> tags;
  for (const auto& route : table.routes())
    if (const auto tag = tag_of(route); std::ranges::find(tags, tag) == tags.end()) tags.push_back(tag);
  json.key("tags").begin_array();
  for (const auto& tag : tags) json.begin_object().member("name", std::string_view{tag}).end();
  json.end();

  std::vector<std::string> paths;
  for (const auto& route : table.routes())
    if (std::ranges::find(paths, route.path) == paths.end()) paths.push_back(route.path);
  json.key("paths").begin_object();
  for (const auto& path : paths) {
    json.key(path).begin_object();
    for (const auto& route : table.routes())
      if (route.path == path) write_operation(json, route);
    json.end();
  }
  json.end();

  json.key("components").begin_object().key("securitySchemes").begin_object().key("bearer").begin_object();
  json.member("type", "http").member("scheme", "bearer");
  json.member("description", "Access token of a session, or an API key").end().end();
  json.key("headers").begin_object().key("ETag").begin_object();
  json.member("description", "Strong validator of the answer").key("schema").begin_object().member("type", "string");
  json.end().end().end();
  json.key("schemas").begin_object();
  for (const auto& schema : table.schemas()) {
    json.key(schema.name).begin_object();
    write_properties(json, schema.fields, false);
    json.end();
  }
  write_problem(json);
  json.end().end().end();
  return json.take();
}

}  // namespace visitor::api
