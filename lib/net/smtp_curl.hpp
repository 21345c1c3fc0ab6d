#pragma once

#include <curl/curl.h>

#include "core/loaded_function.hpp"

// The functions of libcurl under their own names, for smtp.cpp alone.
namespace visitor::net {

/// The address of a function of libcurl, which is loaded and made ready by the first call of any of them. Linked, it
/// would bring thirty libraries to every start, of visitorctl, too.
/// \throws Error config  there is no libcurl, or one that lacks the function
void* libcurl_function(const char* name);

#define VISITOR_LIBCURL(name)                                                      \
  inline constinit const LoadedFunction<libcurl_function, decltype(::name)> name { \
#name                                                                          \
  }
VISITOR_LIBCURL(curl_easy_cleanup);
VISITOR_LIBCURL(curl_easy_getinfo);
VISITOR_LIBCURL(curl_easy_init);
VISITOR_LIBCURL(curl_easy_setopt);
VISITOR_LIBCURL(curl_easy_strerror);
VISITOR_LIBCURL(curl_multi_add_handle);
VISITOR_LIBCURL(curl_multi_cleanup);
VISITOR_LIBCURL(curl_multi_info_read);
VISITOR_LIBCURL(curl_multi_init);
VISITOR_LIBCURL(curl_multi_perform);
VISITOR_LIBCURL(curl_multi_poll);
VISITOR_LIBCURL(curl_multi_remove_handle);
VISITOR_LIBCURL(curl_multi_wakeup);
VISITOR_LIBCURL(curl_slist_append);
VISITOR_LIBCURL(curl_slist_free_all);
#undef VISITOR_LIBCURL

}  // namespace visitor::net
