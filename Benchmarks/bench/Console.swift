import Glibc

/// Whole lines to standard output and standard error, unbuffered.
enum Console {
  static func say(_ text: String) { put(text + "\n", on: 1) }
  static func complain(_ text: String) { put(text + "\n", on: 2) }

  private static func put(_ text: String, on descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return }
    }
  }
}
