#pragma once

#include "daemon/api/dispatch.hpp"
#include "daemon/http/router.hpp"

namespace visitor::api {

/// The API and its description below /api/v1/: every method and path there is \p dispatch's to answer.
///
/// | path                  | what                                                    |
/// |-----------------------|---------------------------------------------------------|
/// | /api/v1/openapi.json  | OpenAPI 3.1; for everybody, as the page for people      |
/// | /api/v1/docs          | the same as a page that loads nothing from elsewhere    |
/// | /api/v1/…             | Dispatch                                                |
void add_api(http::Router& router, std::shared_ptr<Dispatch> dispatch);

}  // namespace visitor::api
