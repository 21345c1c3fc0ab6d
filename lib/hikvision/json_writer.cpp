#include "hikvision/json_writer.hpp"

namespace visitor::hikvision {

void write(JsonWriter& out, std::string_view name, const DeviceTime& time) {
  out.open(name);
  out.text("text", time.text);
  if (const auto instant = time.instant()) out.text("instant", to_iso(*instant));
  if (time.local) {
    auto local = to_iso(Instant{time.local->time_since_epoch()});
    local.pop_back();  // the Z: this is a clock face, not a point in time
    out.text("local", local);
  }
  if (time.offset) out.number("offset_seconds", time.offset->count());
  out.close();
}

}  // namespace visitor::hikvision
