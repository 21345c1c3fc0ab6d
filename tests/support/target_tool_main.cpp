#include <fmt/format.h>

#include <array>
#include <iostream>
#include <string>
#include <vector>

#include "archive/target.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

// One step with a backup target, for end-to-end tests:
//
//   target-tool URL put NAME [COUNT]   standard input as an object; "written" on standard error after each COUNT bytes
//   target-tool URL get NAME [FROM]
//   target-tool URL list [PREFIX]      name and size, a line each
//   target-tool URL remove NAME
//   target-tool URL sweep              what uploads that were cut off have left, however young
//
// S3_ENDPOINT, S3_CA_FILE, S3_LOCK (seconds) and S3_ADDRESSING=host are options of the target; keys come as they do in
// visitorctl.
namespace {

using namespace visitor;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

archive::TargetOptions options() {
  archive::TargetOptions out;
  out.s3.endpoint = variable("S3_ENDPOINT");
  out.s3.ca_file = variable("S3_CA_FILE");
  out.s3.part_bytes = std::size_t{5} << 20;
  if (variable("S3_ADDRESSING") == "host") out.s3.addressing = archive::S3Options::Addressing::host;
  if (const auto seconds = to_integer(variable("S3_LOCK"))) {
    out.s3.lock_mode = "COMPLIANCE";
    out.s3.lock_for = std::chrono::seconds{*seconds};
  }
  return out;
}

std::size_t number(const std::vector<std::string>& words, std::size_t at) {
  return words.size() > at ? static_cast<std::size_t>(to_integer(words[at]).value_or(0)) : 0;
}

void put(archive::Target& target, const std::vector<std::string>& words) {
  const auto upload = target.put(words.at(3));
  const auto every = number(words, 4);
  std::array<char, 65536> buffer{};
  std::size_t taken = 0;
  while (std::cin.read(buffer.data(), buffer.size()), std::cin.gcount() > 0) {
    const auto count = static_cast<std::size_t>(std::cin.gcount());
    upload->write(std::as_bytes(std::span{buffer.data(), count}));
    if (every != 0 && taken / every != (taken + count) / every) std::cerr << "written\n";
    taken += count;
  }
  upload->commit();
}

void get(archive::Target& target, const std::vector<std::string>& words) {
  const auto download = target.get(words.at(3), number(words, 4));
  std::array<std::byte, 65536> buffer{};
  while (const auto count = download->read(buffer))
    std::cout.write(reinterpret_cast<const char*>(buffer.data()), static_cast<std::streamsize>(count));
}

void run(const std::vector<std::string>& words) {
  const auto target = archive::open_target(words.at(1), options());
  const auto& step = words.at(2);
  if (step == "put") return put(*target, words);
  if (step == "get") return get(*target, words);
  if (step == "remove") return target->remove(words.at(3));
  if (step == "sweep") {
    std::cout << target->sweep(SystemClock{}.now() + std::chrono::hours{1}) << '\n';
    return;
  }
  if (step != "list") throw Error(Errc::usage, "there is no step " + step);
  for (const auto& object : target->list(words.size() > 3 ? words[3] : ""))
    std::cout << fmt::format("{} {}\n", object.name, object.size);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run({argv, argv + argc});
    return std::cout.flush() ? 0 : 1;
  } catch (const Error& error) {
    std::cerr << error.message() << '\n' << error.hint() << '\n';
    return info(error.code()).exit_status;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
}
