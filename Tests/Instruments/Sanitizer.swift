import Glibc

/// The sanitizers that a test may have been built with.
package enum Sanitizer {
  /// It maps terabytes of shadow memory and keeps freed blocks for a while, so the process's memory can be neither
  /// limited nor weighed.
  package static var ofAddresses: Bool { dlsym(nil, "__asan_init") != nil }

  /// What programs that a test starts must be told as well, so that what a sanitizer finds in them is not lost with
  /// their standard error: `make tsan` says where to.
  package static var environment: [String: String] {
    ["TSAN_OPTIONS", "ASAN_OPTIONS", "LSAN_OPTIONS"].reduce(into: [:]) { all, name in
      if let value = getenv(name) { all[name] = String(cString: value) }
    }
  }

  /// It stands between a program and its C library, which nothing gets past that is a thread in some ways only.
  package static var ofThreads: Bool { dlsym(nil, "__tsan_init") != nil }
}
