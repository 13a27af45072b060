import ApusIO
import ApusLauncher
import Glibc

/// The fixture as a child; it does not outlive its value.
struct StoreProgram: ~Copyable {
  private let process: ChildProcess
  private let output: Descriptor
  /// Its standard input ends when this does.
  private let input: Descriptor

  var pid: CInt { process.pid }

  /// Starts it on `directory`; `limits` are commands for the shell that becomes it.
  init(_ wish: String, in directory: String, limits: String = "") throws {
    let output = try Pipe(nonBlocking: false)
    let input = try Pipe(nonBlocking: false)
    let program = try StoreProgram.path()
    var plan =
      limits.isEmpty
      ? ChildProcess.Plan(program, [directory, wish])
      : ChildProcess.Plan("/bin/sh", ["-c", "\(limits); exec \"$0\" \"$1\" \"$2\"", program, directory, wish])
    plan.descriptors = [0: input.reading.raw, 1: output.writing.raw]
    process = try ChildProcess.spawn(plan)
    self.output = output.takeReading()
    self.input = input.takeWriting()
  }

  /// Where the build puts executables: beside the test bundle.
  private static func path() throws -> String {
    var bytes = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &bytes, bytes.count)
    let bundle = String(decoding: bytes.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // The runner may be the toolchain's own, which loads the bundle named in its arguments.
    for candidate in [bundle] + CommandLine.arguments {
      let folder = candidate.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      if access("\(folder)/store-fixture", X_OK) == 0 { return "\(folder)/store-fixture" }
    }
    throw SystemError(ENOENT, "find the program", "store-fixture", advice: "swift build makes it")
  }

  /// The next line; nil at the end, or when none comes within ten seconds, so that a program that hangs fails its test.
  func line() -> String? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while true {
      var waiting = pollfd(fd: output.raw, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, 10_000) == 1, read(output.raw, &byte, 1) == 1 else { return nil }
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
  }

  /// All lines until its end.
  func lines() -> [String] {
    var lines: [String] = []
    while let line = line() { lines.append(line) }
    return lines
  }

  /// Kills it and waits for its death; what it had said but nobody had read yet.
  consuming func kill() -> [String] {
    process.send(SIGKILL)
    return lines()
  }
}
