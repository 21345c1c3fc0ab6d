# visitor_module(NAME [USES module...] [LINKS target...])
#
# Declares lib/NAME as the static library visitor_NAME, from every .cpp in the folder. USES names the modules that the
# row of NAME in lib/layers.txt allows; LINKS names the foreign libraries that the module wraps.
function(visitor_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES;LINKS")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp
       ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*/*.cpp)
  if(sources)
    set(kind PUBLIC)
    add_library(visitor_${name} STATIC ${sources})
    target_link_libraries(visitor_${name} PRIVATE ${arg_LINKS})
    reuse_headers(visitor_${name} visitor_headers)
  else()
    set(kind INTERFACE)
    add_library(visitor_${name} INTERFACE)
  endif()
  target_include_directories(visitor_${name} ${kind} ${CMAKE_CURRENT_SOURCE_DIR})
  list(TRANSFORM arg_USES PREPEND visitor_)
  target_link_libraries(visitor_${name} ${kind} ${arg_USES})
endfunction()
