internal import Glibc

extension Program {
  /// Runs with the words, environment and streams of this process, and ends it.
  ///
  /// - Parameter spelling: what a word stands for, where an older program has another way to write it.
  package func main(spelling: (String) -> String = { $0 }) async -> Never {
    var isWhole = true
    let status = await run(
      CommandLine.arguments.dropFirst().map(spelling),
      environment: { name in getenv(name).map { String(cString: $0) } },
      write: { stream, text in
        if !Self.write(text, to: stream == .output ? STDOUT_FILENO : STDERR_FILENO) { isWhole = false }
      })
    // What was asked for did not arrive: a script must not go on as if it had.
    exit(status == 0 && !isWhole ? 1 : status)
  }

  /// False if not all of it could be written.
  private static func write(_ text: String, to descriptor: Int32) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let base = rest.baseAddress, !rest.isEmpty {
        let count = Glibc.write(descriptor, base, rest.count)
        if count < 0 && errno == EINTR { continue }
        // A reader that went away, or a full disk.
        guard count > 0 else { return false }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
      return true
    }
  }
}
