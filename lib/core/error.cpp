#include "core/error.hpp"

#include <array>
#include <utility>

namespace visitor {
namespace {

constexpr std::array kErrors{
    ErrorInfo{Errc::failed, "failed", 1, 500, "failed"},
    ErrorInfo{Errc::usage, "usage", 2, 400, "wrong use: an option, an argument or a value"},
    ErrorInfo{Errc::partial, "partial", 3, 207, "partly done"},
    ErrorInfo{Errc::not_found, "not_found", 10, 404, "not found"},
    ErrorInfo{Errc::conflict, "conflict", 11, 409, "conflict with the present state"},
    ErrorInfo{Errc::denied, "denied", 12, 403, "denied"},
    ErrorInfo{Errc::config, "config", 13, 500, "configuration or master key"},
    ErrorInfo{Errc::database, "database", 14, 503, "database"},
    ErrorInfo{Errc::database_lost, "database_lost", 14, 503, "connection to the database lost"},
    ErrorInfo{Errc::terminal, "terminal", 15, 502, "terminal"},
    ErrorInfo{Errc::delivery, "delivery", 16, 502, "delivery"},
    ErrorInfo{Errc::integrity, "integrity", 17, 500, "integrity"},
    ErrorInfo{Errc::interrupted, "interrupted", 130, 503, "interrupted"},
};

}  // namespace

std::span<const ErrorInfo> error_table() {
  return kErrors;
}

const ErrorInfo& info(Errc code) {
  return kErrors[static_cast<std::size_t>(code)];
}

Error::Error(Errc code, std::string message, std::string hint)
    : code_(code), message_(std::move(message)), hint_(std::move(hint)) {}

}  // namespace visitor
