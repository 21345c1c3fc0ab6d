#include "report/qr_code.hpp"

#include <fmt/format.h>
#include <qrencode.h>

#include <memory>

#include "core/error.hpp"
#include "core/loaded_function.hpp"
#include "core/loaded_library.hpp"

namespace visitor::report {
namespace {

/// Few commands draw, so the library is loaded by the first call.
void* libqrencode_function(const char* name) {
  static const LoadedLibrary library{"libqrencode.so.4", "the library that draws QR codes", "Install libqrencode4."};
  return library.function(name);
}

template <class F>
using LibqrencodeFunction = LoadedFunction<libqrencode_function, F>;
constinit const LibqrencodeFunction<decltype(::QRcode_encodeData)> encode_data{"QRcode_encodeData"};
constinit const LibqrencodeFunction<decltype(::QRcode_free)> free_code{"QRcode_free"};

}  // namespace

QrCode encode_qr(std::string_view text) {
  const auto freed = [](QRcode* code) { free_code(code); };
  const std::unique_ptr<QRcode, decltype(freed)> code{
      encode_data(static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M),
      freed};
  if (!code) throw Error(Errc::usage, fmt::format("{} bytes do not fit into a QR code", text.size()));
  QrCode out;
  out.width = static_cast<std::size_t>(code->width);
  for (std::size_t i = 0; i < out.width * out.width; ++i) out.dark.push_back((code->data[i] & 1) != 0);
  return out;
}

}  // namespace visitor::report
