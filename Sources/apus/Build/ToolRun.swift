import ApusIO
import ApusLauncher
import Glibc

/// A tool of the machine as a child of ours, with our environment; what it prints, on either stream, is ours to read.
struct ToolRun {
  private var plan: ChildProcess.Plan

  init(_ path: String, _ arguments: [String]) {
    plan = ChildProcess.Plan(path, arguments, environment: ProcessEnvironment.current().values)
    // In our group, so that Ctrl-C reaches it and what it starts; with us if we are killed.
    plan.ownProcessGroup = false
    plan.deathSignal = SIGTERM
  }

  /// Runs it to its end and hands over what it prints as it comes.
  func wait(on loop: Loop, _ take: (UnsafeRawBufferPointer) throws -> Void) async throws -> ChildProcess.Exit {
    let pipe = try Pipe(nonBlocking: false)
    var plan = plan
    plan.descriptors = [1: pipe.writing.raw, 2: pipe.writing.raw]
    let child = try ChildProcess.spawn(plan)
    let reading = pipe.takeReading()
    try reading.setNonBlocking()
    let stream = try Stream(reading, on: loop)
    defer { stream.close() }
    var block = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = try block.withUnsafeMutableBytes { bytes in try stream.tryRead(into: bytes) }
      guard let count else {
        try await stream.readable()
        continue
      }
      if count == 0 { break }
      try block[..<count].withUnsafeBytes(take)
    }
    return try await child.wait(on: loop)
  }

  /// The first lines of what it prints; nil if it can't be run or fails.
  func output(on loop: Loop) async -> String? {
    var output: [UInt8] = []
    let exit = try? await wait(on: loop) { bytes in
      if output.count < 65_536 { output += bytes }
    }
    return exit?.isSuccess == true ? String(decoding: output, as: UTF8.self) : nil
  }
}
