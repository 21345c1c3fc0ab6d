#pragma once

#include "app/json_writer.hpp"

namespace visitor::cli {

/// app's, as a class of its own: so argument-dependent look-up finds the write() of app and those that stand here.
class JsonWriter : public app::JsonWriter {
 public:
  using app::JsonWriter::JsonWriter;
};

}  // namespace visitor::cli
