#include "core/host.hpp"

#include <unistd.h>

#include "core/text.hpp"

namespace visitor {

std::string host_name() {
  char host[256] = "";
  gethostname(host, sizeof host - 1);
  return *host ? clean_utf8(host) : "localhost";
}

}  // namespace visitor
