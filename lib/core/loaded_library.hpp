#pragma once

namespace visitor {

/// A shared library that is loaded when it is first needed, and stays. For LoadedFunction to find functions in.
class LoadedLibrary {
 public:
  /// \param file  "libpq.so.5"
  /// \param what  for the message: "the client library of PostgreSQL"
  /// \param mend  the next step: "Install libpq5, version 14 or newer."
  /// All three outlive the library: literals.
  /// \throws Error config  it cannot be loaded
  LoadedLibrary(const char* file, const char* what, const char* mend);

  /// \throws Error config  it has no function of that name
  void* function(const char* name) const;

 private:
  [[noreturn]] void raise() const;

  const char* file_;
  const char* what_;
  const char* mend_;
  void* handle_;
};

}  // namespace visitor
