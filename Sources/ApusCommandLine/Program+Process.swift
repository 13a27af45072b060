internal import Glibc

extension Program {
  /// Runs with the words, environment and streams of this process, and ends it.
  package func main() async -> Never {
    let status = await run(
      Array(CommandLine.arguments.dropFirst()),
      environment: { name in getenv(name).map { String(cString: $0) } },
      write: { stream, text in Self.write(text, to: stream == .output ? STDOUT_FILENO : STDERR_FILENO) })
    exit(status)
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let base = rest.baseAddress, !rest.isEmpty {
        let count = Glibc.write(descriptor, base, rest.count)
        if count < 0 && errno == EINTR { continue }
        // A reader that went away, or a full disk: there is nobody left to tell.
        guard count > 0 else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
  }
}
