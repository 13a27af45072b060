import ApusCommandLine
import Glibc
import Synchronization

/// The two streams of the command: results go to standard output, all else to standard error.
///
/// Much of what is said comes from functions and their callers, so on a terminal `say`, `note` and `give(text:)` write
/// out what could steer it.
enum Terminal {
  static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  static var isNoteTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// One line of a result. Whether it was taken, `checkSaid` tells.
  static func say(_ line: String) {
    if !send(Array("\(shown(line, on: STDOUT_FILENO))\n".utf8), to: STDOUT_FILENO) {
      lost.store(errno, ordering: .relaxed)
    }
  }

  /// Why a line of the result was not taken; 0 if all were.
  private static let lost = Atomic<CInt>(0)

  /// Throws if a line of the result is lost: who reads only the status must not take it for done.
  static func checkSaid() throws {
    let code = lost.load(ordering: .relaxed)
    if code != 0 { throw unwritten(code) }
  }

  private static func unwritten(_ code: CInt) -> ExitStatus {
    // A reader that went away, as `head` does, wants to know nothing more.
    let why = String(cString: strerror(code))
    if code != EPIPE { note("apus: the result can't be written to standard output: \(why)") }
    return ExitStatus(1)
  }

  /// One line about what happens.
  static func note(_ line: String) {
    _ = send(Array("\(shown(line, on: STDERR_FILENO))\n".utf8), to: STDERR_FILENO)
  }

  /// A piece of a result whose characters are whole.
  static func give(text: [UInt8]) throws(ExitStatus) {
    guard isOutputTerminal else { return try give(text) }
    try give(VisibleText.of(String(decoding: text, as: UTF8.self)).utf8)
  }

  private static func shown(_ text: String, on stream: CInt) -> String {
    isatty(stream) == 1 ? VisibleText.of(text) : text
  }

  /// What is being done, on a line that the next one takes the place of; nil for nothing. In a pipe nobody hears of it.
  static func progress(_ text: String?) {
    guard isatty(STDERR_FILENO) == 1 else { return }
    // One line of a usual terminal: a longer one would not be taken back. The text may be a tool's, with bytes that
    // steer a terminal.
    let plain = (text ?? "").unicodeScalars.filter { $0.properties.generalCategory != .control }.prefix(78)
    _ = send(Array("\r\u{1B}[K\(String(String.UnicodeScalarView(plain)))".utf8), to: STDERR_FILENO)
  }

  /// The words of somebody else about what happens.
  static func giveNote(_ bytes: [UInt8]) throws(ExitStatus) {
    guard send(bytes, to: STDERR_FILENO) else { throw ExitStatus(1) }
  }

  /// A time for people: `3.2 s`, `120 ms`.
  static func seconds(_ time: Duration) -> String {
    let milliseconds = Int(time / .milliseconds(1))
    return milliseconds < 1000 ? "\(milliseconds) ms" : "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
  }

  /// Bytes for people: `3.2 MB`.
  static func bytes(_ count: Int) -> String {
    var (amount, unit) = (count, 0)
    let units = ["B", "kB", "MB", "GB", "TB", "PB"]
    var tenth = 0
    while amount >= 1000, unit + 1 < units.count {
      tenth = amount % 1000 / 100
      amount /= 1000
      unit += 1
    }
    return unit == 0 ? "\(amount) B" : "\(amount).\(tenth) \(units[unit])"
  }

  /// A piece of a result, as it is.
  static func give(_ bytes: some Sequence<UInt8>) throws(ExitStatus) {
    guard send(Array(bytes), to: STDOUT_FILENO) else { throw unwritten(errno) }
  }

  private static func send(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes
      while let base = rest.baseAddress, !rest.isEmpty {
        let count = write(descriptor, base, rest.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
      return true
    }
  }

  /// All of standard input, up to `limit` bytes.
  static func readInput(limit: Int) throws(CommandError) -> [UInt8] {
    try read(STDIN_FILENO, "the standard input", limit)
  }

  /// All of a file, up to `limit` bytes.
  static func readFile(_ path: String, limit: Int) throws(CommandError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw CommandError("can't read \(path): \(String(cString: strerror(errno)))") }
    defer { close(file) }
    return try read(file, path, limit)
  }

  private static func read(_ file: CInt, _ name: String, _ limit: Int) throws(CommandError) -> [UInt8] {
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(file, &block, block.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw CommandError("can't read \(name): \(String(cString: strerror(errno)))") }
      if count == 0 { return bytes }
      bytes += block[..<count]
      guard bytes.count <= limit else { throw CommandError("\(name) has more than \(limit) bytes: send less") }
    }
  }
}
