import ApusIO
import ApusLauncher

/// Runs builds, and shows how they go: a line that changes on a terminal, one that stays in a pipe, all of it if one fails.
struct BuildRun {
  let loop: Loop

  /// What is kept of a build's output, to be shown if it fails: the end of it, where the errors are.
  private static let outputBytes = 1 << 20

  /// Builds what `builds` need, each command once. Returns how long it took.
  ///
  /// - Throws: what is to be said, with the build's own words, if a build fails.
  @discardableResult
  func run(_ builds: [SwiftBuild], of names: String) async throws -> Duration {
    let start = Instant.now()
    var done: Set<[String]> = []
    for build in builds where done.insert([build.tool] + build.arguments).inserted {
      try await run(build, of: names)
    }
    let time = Instant.now().since(start)
    Terminal.note("built \(names) in \(Terminal.seconds(time))")
    return time
  }

  private func run(_ build: SwiftBuild, of names: String) async throws {
    guard let tool = SearchPath.find(build.tool) else {
      throw CommandError(
        "there is no \(build.tool) in PATH, and \(names) has to be built: install a Swift 6 toolchain"
          + " (swift.org/install), or deploy what is built already with --no-build")
    }
    var output: [UInt8] = []
    var lines = LineSplitter()
    // A first build takes minutes: who waits without a terminal shall know what for.
    if Terminal.isNoteTerminal { Terminal.progress("building \(names)") } else { Terminal.note("building \(names)") }
    let exit = try await ToolRun(tool, build.arguments).wait(on: loop) { bytes in
      output += bytes
      if output.count > 2 * Self.outputBytes { output.removeFirst(output.count - Self.outputBytes) }
      lines.add(bytes)
      while let line = lines.next() {
        Terminal.progress("building \(names): \(String(decoding: line, as: UTF8.self))")
      }
    }
    Terminal.progress(nil)
    guard exit.isSuccess else {
      try Terminal.giveNote(output)
      throw CommandError("\(names) can't be built (\(exit)): \(build.text). The lines above say why")
    }
  }
}
