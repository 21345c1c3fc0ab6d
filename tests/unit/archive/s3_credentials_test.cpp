#include "archive/s3_credentials.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <map>

#include "core/error.hpp"
#include "core/file.hpp"
#include "support/has_code.hpp"
#include "support/temporary_folder.hpp"

namespace visitor::archive {
namespace {

using test::has_code;
using test::says;
namespace fs = std::filesystem;

struct Machine : test::TemporaryFolder {
  Machine() { variables["HOME"] = path.string(); }

  fs::path write(const std::string& name, const std::string& content, mode_t mode = 0600) {
    const auto file = path / name;
    fs::create_directories(file.parent_path());
    write_file(file, content, mode);
    return file;
  }
  S3Credentials find() const {
    return find_s3_credentials(options, [this](const char* name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional{found->second};
    });
  }

  std::map<std::string, std::string> variables;
  S3Options options;
};

std::string entry(const std::string& name) {
  return "aws_access_key_id = AK" + name + "\naws_secret_access_key=secret/" + name + "\n";
}

BOOST_FIXTURE_TEST_SUITE(s3_credentials, Machine)

BOOST_AUTO_TEST_CASE(without_any_it_is_said_where_they_are_looked_for) {
  BOOST_CHECK_EXCEPTION(find(), Error, [](const Error& error) {
    return error.code() == Errc::denied && error.hint().find("credentials_file") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(the_nearer_place_wins) {
  write(".aws/credentials", "[default]\n" + entry("home"));
  BOOST_TEST(find().access_key == "AKhome");
  variables["AWS_SHARED_CREDENTIALS_FILE"] = write("shared", "[default]\n" + entry("shared")).string();
  BOOST_TEST(find().access_key == "AKshared");
  variables["AWS_ACCESS_KEY_ID"] = "AKenvironment";
  variables["AWS_SECRET_ACCESS_KEY"] = "secret/environment";
  variables["AWS_SESSION_TOKEN"] = "token";
  BOOST_TEST(find().access_key == "AKenvironment");
  BOOST_TEST(find().token.reveal() == "token");
  BOOST_TEST(find().source == "the environment");
  variables["CREDENTIALS_DIRECTORY"] = (path / "systemd").string();
  BOOST_TEST(find().access_key == "AKenvironment");
  write("systemd/backup-s3", "[default]\n" + entry("systemd"), 0440);
  BOOST_TEST(find().access_key == "AKsystemd");
  options.credentials_file = write("file", "[default]\n" + entry("file"));
  BOOST_TEST(find().access_key == "AKfile");
  BOOST_TEST(find().secret.reveal() == "secret/file");
  BOOST_TEST(find().source == (path / "file").string());
}

BOOST_AUTO_TEST_CASE(a_profile_is_chosen_by_option_or_environment) {
  write(".aws/credentials", "# mine\n\n[default]\n" + entry("default") + "[ other ]\r\n; theirs\r\n" + entry("other") +
                                "s3 =\n  aws_access_key_id = nested\n");
  BOOST_TEST(find().access_key == "AKdefault");
  variables["AWS_PROFILE"] = "other";
  BOOST_TEST(find().access_key == "AKother");
  options.profile = "default";
  BOOST_TEST(find().access_key == "AKdefault");
  options.profile = "third";
  BOOST_CHECK_EXCEPTION(find(), Error, says(Errc::config, "has no profile \"third\""));
}

BOOST_AUTO_TEST_CASE(the_region_is_looked_for_from_near_to_far) {
  const auto file = write(".aws/credentials", "[default]\n" + entry("home") + "[p]\n" + entry("p"));
  BOOST_TEST(find().region == "us-east-1");
  write(".aws/config", "[default]\nregion = eu-north-1\n[profile p]\nregion=eu-west-3\n", 0644);
  BOOST_TEST(find().region == "eu-north-1");
  options.profile = "p";
  BOOST_TEST(find().region == "eu-west-3");
  write_file(file, "[p]\n" + entry("p") + "region = ap-south-1\n", 0600);
  BOOST_TEST(find().region == "ap-south-1");
  variables["AWS_DEFAULT_REGION"] = "sa-east-1";
  BOOST_TEST(find().region == "sa-east-1");
  variables["AWS_REGION"] = "ca-central-1";
  BOOST_TEST(find().region == "ca-central-1");
  options.region = "me-south-1";
  BOOST_TEST(find().region == "me-south-1");
}

BOOST_AUTO_TEST_CASE(a_file_that_others_can_read_is_refused) {
  options.credentials_file = write("file", "[default]\n" + entry("file"), 0640);
  BOOST_CHECK_EXCEPTION(find(), Error, says(Errc::denied, "can be read by others"));
  chmod(options.credentials_file.c_str(), 0604);
  BOOST_CHECK_EXCEPTION(find(), Error, has_code(Errc::denied));
  chmod(options.credentials_file.c_str(), 0400);
  BOOST_TEST(find().access_key == "AKfile");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_missing_or_lacks_a_key_is_named_and_its_secrets_are_not) {
  options.credentials_file = path / "nothing";
  BOOST_CHECK_EXCEPTION(find(), Error, says(Errc::config, "nothing does not exist"));
  options.credentials_file = write("half", "[default]\naws_secret_access_key = hunter2\n");
  BOOST_CHECK_EXCEPTION(find(), Error, [](const Error& error) {
    return error.code() == Errc::config && error.message().find("lacks aws_access_key_id") != std::string::npos &&
           error.message().find("hunter2") == std::string::npos;
  });
  options.credentials_file = write("blank", "[default]\naws_access_key_id = A\naws_secret_access_key = two words\n");
  BOOST_CHECK_EXCEPTION(find(), Error, says(Errc::config, "the secret key in"));
}

BOOST_AUTO_TEST_CASE(half_of_a_pair_in_the_environment_is_a_mistake_and_no_reason_to_look_further) {
  write(".aws/credentials", "[default]\n" + entry("home"));
  variables["AWS_ACCESS_KEY_ID"] = "AK";
  BOOST_CHECK_EXCEPTION(find(), Error, says(Errc::config, "no AWS_SECRET_ACCESS_KEY"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace visitor::archive
