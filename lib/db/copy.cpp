#include <cstdlib>

#include "db/pq.hpp"
#include "db/transaction.hpp"

namespace visitor::db {
namespace {

constexpr std::size_t kChunk = std::size_t{64} << 10;

/// Source: PostgreSQL manual, COPY, "Text Format".
void put_escaped(std::string& out, std::string_view field) {
  for (const char c : field) {
    switch (c) {
      case '\\':
        out += "\\\\";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        out += c;
    }
  }
}

}  // namespace

CopyWriter::CopyWriter(Connection& connection, std::string_view sql) : connection_(&connection) {
  auto& impl = connection.impl();
  connection.script(sql);
  if (PQtransactionStatus(impl.pg) != PQTRANS_ACTIVE)
    throw Error(Errc::usage, "a statement for copy_in is not COPY … FROM STDIN");
  impl.busy = true;
}

CopyWriter::~CopyWriter() {
  if (connection_ == nullptr) return;
  auto& impl = connection_->impl();
  impl.busy = false;
  if (impl.broken) return;
  PQputCopyEnd(impl.pg, "the rows were given up by the client");
  impl.drain();
}

void CopyWriter::row(std::span<const std::optional<std::string_view>> fields) {
  bool first = true;
  for (const auto& field : fields) {
    if (!first) buffer_ += '\t';
    first = false;
    if (field)
      put_escaped(buffer_, *field);
    else
      buffer_ += "\\N";
  }
  buffer_ += '\n';
  if (buffer_.size() >= kChunk) send();
}

void CopyWriter::raw(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= kChunk) send();
}

void CopyWriter::send() {
  auto& impl = connection_->impl();
  if (impl.deadline.count() > 0) impl.until = Connection::Impl::Clock::now() + impl.deadline;
  impl.require(PQputCopyData(impl.pg, buffer_.data(), static_cast<int>(buffer_.size())));
  buffer_.clear();
  impl.flush();
}

std::int64_t CopyWriter::finish() {
  if (!buffer_.empty()) send();
  auto& impl = connection_->impl();
  impl.busy = false;
  connection_ = nullptr;
  impl.require(PQputCopyEnd(impl.pg, nullptr));
  return std::strtoll(PQcmdTuples(impl.finish().get()), nullptr, 10);
}

}  // namespace visitor::db
