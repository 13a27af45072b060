import ApusIO
import ApusLauncher
import Glibc

/// A program of ours as a child, whose standard error (and output, if asked for) is read line by line.
final class Program {
  private let process: ChildProcess
  private let errors: Descriptor
  private var seen: [UInt8] = []
  /// The lines that nobody waited for, in order.
  private(set) var passed: [String] = []

  var pid: CInt { process.pid }

  /// Options for what programs of a debug build need of the toolchain's libraries, wherever that is.
  static func libraries() throws -> [String] {
    let maps = "sed -n 's,.* \\(/.*\\)/libswiftCore.so$,\\1,p' /proc/\(getpid())/maps | head -n 1"
    return try Shell.run(maps).output.split(separator: "\n").flatMap { ["--libraries", String($0)] }
  }

  /// Where the build puts executables: beside the test bundle.
  static func path(_ name: String) throws -> String {
    var bytes = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &bytes, bytes.count)
    let bundle = String(decoding: bytes.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // The runner may be the toolchain's own, which loads the bundle named in its arguments.
    for candidate in [bundle] + CommandLine.arguments {
      let folder = candidate.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      if access("\(folder)/\(name)", X_OK) == 0 { return "\(folder)/\(name)" }
    }
    throw SystemError(ENOENT, "find the program", name, advice: "swift build makes it")
  }

  /// Where the build puts executables.
  static func folder() throws -> String {
    try path("apus").split(separator: "/").dropLast().reduce(into: "") { $0 += "/\($1)" }
  }

  convenience init(
    _ name: String, _ arguments: [String], environment: [String: String] = [:], readsOutput: Bool = false,
    folder: String? = nil
  ) throws {
    try self.init(
      path: Program.path(name), arguments, environment: environment, readsOutput: readsOutput, folder: folder)
  }

  /// Any program, with `environment` beside what all of them get.
  init(
    path: String, _ arguments: [String], environment: [String: String] = [:], readsOutput: Bool = false,
    folder: String? = nil
  ) throws {
    let pipe = try Pipe(nonBlocking: false)
    let usual = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/tmp"]
    var plan = ChildProcess.Plan(path, arguments, environment: usual.merging(environment) { $1 })
    plan.directory = folder
    plan.descriptors = [2: pipe.writing.raw]
    if readsOutput { plan.descriptors[1] = pipe.writing.raw }
    process = try ChildProcess.spawn(plan)
    errors = pipe.takeReading()
  }

  /// The next line that has `mark`, which must come within twenty seconds; empty if the program ends without.
  func line(with mark: String) -> String {
    let wanted = Array(mark.utf8)
    while let line = nextLine() {
      let isHit = line.indices.contains { line[$0...].starts(with: wanted) }
      if isHit { return String(decoding: line, as: UTF8.self) }
      passed.append(String(decoding: line, as: UTF8.self))
    }
    return ""
  }

  private func nextLine() -> [UInt8]? {
    while true {
      if let end = seen.firstIndex(of: UInt8(ascii: "\n")) {
        defer { seen.removeFirst(end + 1) }
        return Array(seen[..<end])
      }
      var waiting = pollfd(fd: errors.raw, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, 20_000) == 1 else { return nil }
      var block = [UInt8](repeating: 0, count: 4096)
      let count = read(errors.raw, &block, block.count)
      guard count > 0 else { return nil }
      seen += block[..<count]
    }
  }

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
