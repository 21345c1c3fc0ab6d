#pragma once

#include <libpq-fe.h>

#include "core/loaded_function.hpp"

// The functions of libpq under their own names, for code in visitor::db. Included by pq.hpp, and by nothing outside of
// this module.
namespace visitor::db {

/// The address of a function of libpq, which is loaded by the first call of any of them.
///
/// Linked, it would be loaded at every start, and thirty libraries with it (Kerberos, LDAP, GnuTLS): more than half of
/// what 'visitorctl --help' takes.
/// \throws Error config  there is no libpq, or an older one
void* libpq_function(const char* name);

template <class F>
using LibpqFunction = LoadedFunction<libpq_function, F>;

#define VISITOR_LIBPQ(name)                                     \
  inline constinit const LibpqFunction<decltype(::name)> name { \
#name                                                       \
  }
VISITOR_LIBPQ(PQbackendPID);
VISITOR_LIBPQ(PQcancel);
VISITOR_LIBPQ(PQclear);
VISITOR_LIBPQ(PQcmdStatus);
VISITOR_LIBPQ(PQcmdTuples);
VISITOR_LIBPQ(PQconnectdbParams);
VISITOR_LIBPQ(PQconninfoFree);
VISITOR_LIBPQ(PQconninfoParse);
VISITOR_LIBPQ(PQconsumeInput);
VISITOR_LIBPQ(PQenterPipelineMode);
VISITOR_LIBPQ(PQerrorMessage);
VISITOR_LIBPQ(PQescapeIdentifier);
VISITOR_LIBPQ(PQexitPipelineMode);
VISITOR_LIBPQ(PQfinish);
VISITOR_LIBPQ(PQflush);
VISITOR_LIBPQ(PQfname);
VISITOR_LIBPQ(PQfreeCancel);
VISITOR_LIBPQ(PQfreemem);
VISITOR_LIBPQ(PQftype);
VISITOR_LIBPQ(PQgetCancel);
VISITOR_LIBPQ(PQgetResult);
VISITOR_LIBPQ(PQgetisnull);
VISITOR_LIBPQ(PQgetlength);
VISITOR_LIBPQ(PQgetvalue);
VISITOR_LIBPQ(PQhost);
VISITOR_LIBPQ(PQisBusy);
VISITOR_LIBPQ(PQnfields);
VISITOR_LIBPQ(PQnotifies);
VISITOR_LIBPQ(PQntuples);
VISITOR_LIBPQ(PQpipelineSync);
VISITOR_LIBPQ(PQputCopyData);
VISITOR_LIBPQ(PQputCopyEnd);
VISITOR_LIBPQ(PQresultErrorField);
VISITOR_LIBPQ(PQresultErrorMessage);
VISITOR_LIBPQ(PQresultStatus);
VISITOR_LIBPQ(PQsendPrepare);
VISITOR_LIBPQ(PQsendQuery);
VISITOR_LIBPQ(PQsendQueryParams);
VISITOR_LIBPQ(PQsendQueryPrepared);
VISITOR_LIBPQ(PQserverVersion);
VISITOR_LIBPQ(PQsetNoticeProcessor);
VISITOR_LIBPQ(PQsetSingleRowMode);
VISITOR_LIBPQ(PQsetnonblocking);
VISITOR_LIBPQ(PQsocket);
VISITOR_LIBPQ(PQstatus);
VISITOR_LIBPQ(PQtransactionStatus);
#undef VISITOR_LIBPQ

/// Frees what libpq has allocated.
struct FreeLibpqMemory {
  void operator()(void* memory) const { PQfreemem(memory); }
};
struct FreeConninfo {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

}  // namespace visitor::db
