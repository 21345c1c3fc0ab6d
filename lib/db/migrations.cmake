# Turns lib/db/migrations/V*.sql into one source file that holds every migration as a byte array.
file(GLOB migrations CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/db/migrations/V*.sql)
list(SORT migrations)
set(generated ${CMAKE_CURRENT_BINARY_DIR}/migrations.cpp)
add_custom_command(
  OUTPUT ${generated}
  COMMAND ${CMAKE_COMMAND} -DOUTPUT=${generated} "-DMIGRATIONS=${migrations}" -P
          ${CMAKE_CURRENT_SOURCE_DIR}/db/embed_migrations.cmake
  DEPENDS ${migrations} ${CMAKE_CURRENT_SOURCE_DIR}/db/embed_migrations.cmake
  VERBATIM)
target_sources(visitor_db PRIVATE ${generated})
