#pragma once

#include <zstd.h>

#include "core/loaded_function.hpp"

// The functions of libzstd under their own names, for compression.cpp. Included by nothing outside of this module.
namespace visitor::archive {

/// The address of a function of libzstd, which is loaded by the first call of any of them: few commands compress. The
/// static library is no choice, because Debian builds it without threads.
/// \throws Error config  there is no libzstd
void* libzstd_function(const char* name);

template <class F>
using LibzstdFunction = LoadedFunction<libzstd_function, F>;

#define VISITOR_LIBZSTD(name)                                     \
  inline constinit const LibzstdFunction<decltype(::name)> name { \
#name                                                         \
  }
VISITOR_LIBZSTD(ZSTD_CCtx_setParameter);
VISITOR_LIBZSTD(ZSTD_DCtx_setParameter);
VISITOR_LIBZSTD(ZSTD_compressStream2);
VISITOR_LIBZSTD(ZSTD_createCCtx);
VISITOR_LIBZSTD(ZSTD_createDCtx);
VISITOR_LIBZSTD(ZSTD_decompressStream);
VISITOR_LIBZSTD(ZSTD_freeCCtx);
VISITOR_LIBZSTD(ZSTD_freeDCtx);
VISITOR_LIBZSTD(ZSTD_getErrorName);
VISITOR_LIBZSTD(ZSTD_isError);
#undef VISITOR_LIBZSTD

}  // namespace visitor::archive
