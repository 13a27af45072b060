import ApusIO
import ApusLauncher
import Glibc
import Instruments

/// A program of ours as a child, whose standard error (and output, if asked for) is read line by line.
final class Program {
  private let process: ChildProcess
  private let said: LineReader

  var pid: CInt { process.pid }
  /// The lines that nobody waited for, in order.
  var passed: [String] { said.passed }

  /// Options for what programs of a debug build need of the toolchain's libraries, wherever that is.
  static func libraries() throws -> [String] {
    let maps = "sed -n 's,.* \\(/.*\\)/libswiftCore.so$,\\1,p' /proc/\(getpid())/maps | head -n 1"
    return try Shell.run(maps).output.split(separator: "\n").flatMap { ["--libraries", String($0)] }
  }

  convenience init(
    _ name: String, _ arguments: [String], environment: [String: String] = [:], readsOutput: Bool = false,
    folder: String? = nil
  ) throws {
    try self.init(
      path: BuiltProgram.path(name), arguments, environment: environment, readsOutput: readsOutput, folder: folder)
  }

  /// Any program, with `environment` beside what all of them get.
  init(
    path: String, _ arguments: [String], environment: [String: String] = [:], readsOutput: Bool = false,
    folder: String? = nil
  ) throws {
    let pipe = try Pipe(nonBlocking: false)
    let usual = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/tmp"]
    let all = usual.merging(Sanitizer.environment) { $1 }.merging(environment) { $1 }
    var plan = ChildProcess.Plan(path, arguments, environment: all)
    plan.directory = folder
    plan.descriptors = [2: pipe.writing.raw]
    if readsOutput { plan.descriptors[1] = pipe.writing.raw }
    process = try ChildProcess.spawn(plan)
    said = LineReader(pipe.takeReading())
  }

  /// The next line that has `mark`, which must come within twenty seconds; empty if the program ends without.
  func line(with mark: String) -> String { said.line(with: mark) }

  func send(_ signal: CInt) { process.send(signal) }

  /// Sends `signal` and waits for the end.
  func end(_ signal: CInt) throws -> ChildProcess.Exit {
    process.send(signal)
    let loop = try Loop()
    let this = LoopBound(self, to: loop)
    return try loop.runUntilDone {
      try await this.value.process.wait(on: loop, deadline: .now() + .seconds(20))
    }
  }
}
