#include "net/failure.hpp"

namespace visitor::net {

std::string_view name(NetFailure failure) {
  switch (failure) {
    case NetFailure::refused:
      return "refused";
    case NetFailure::unreachable:
      return "unreachable";
    case NetFailure::name_resolution:
      return "name_resolution";
    case NetFailure::timeout:
      return "timeout";
    case NetFailure::tls_handshake:
      return "tls_handshake";
    case NetFailure::certificate_changed:
      return "certificate_changed";
    case NetFailure::too_large:
      return "too_large";
    case NetFailure::closed:
      return "closed";
    case NetFailure::malformed:
      return "malformed";
    case NetFailure::interrupted:
      return "interrupted";
  }
  return "malformed";
}

}  // namespace visitor::net
