import ApusIO
import ApusLauncher
import Glibc
import Instruments

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
    let program = try BuiltProgram.path("store-fixture")
    var plan =
      limits.isEmpty
      ? ChildProcess.Plan(program, [directory, wish])
      : ChildProcess.Plan("/bin/sh", ["-c", "\(limits); exec \"$0\" \"$1\" \"$2\"", program, directory, wish])
    plan.descriptors = [0: input.reading.raw, 1: output.writing.raw]
    process = try ChildProcess.spawn(plan)
    self.output = output.takeReading()
    self.input = input.takeWriting()
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
