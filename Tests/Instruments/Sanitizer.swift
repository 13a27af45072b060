import Glibc

/// The sanitizers that a test may have been built with.
package enum Sanitizer {
  /// It maps terabytes of shadow memory and keeps freed blocks for a while, so the process's memory can be neither
  /// limited nor weighed.
  package static var ofAddresses: Bool { dlsym(nil, "__asan_init") != nil }

  /// It stands between a program and its C library, which nothing gets past that is a thread in some ways only.
  package static var ofThreads: Bool { dlsym(nil, "__tsan_init") != nil }
}
