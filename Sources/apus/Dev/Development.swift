import ApusIO
import ApusJSON
import ApusModel
import Glibc

/// `apus dev` while it runs: what changes in a function's sources is built and takes the place of what served so far.
///
/// A program that can't be built or started changes nothing: the one before it serves on.
final class Development {
  private let deployment: StackDeployment
  private let client: GatewayClient
  private let format: OutputFormat
  private let watch: FolderWatch
  /// As they were when they were last built, or tried.
  private var states: [FunctionName: SourceState] = [:]

  /// Editors write a file in several steps; a second build would follow the first at once.
  private static let settling: Duration = .milliseconds(30)

  init(_ deployment: StackDeployment, _ client: GatewayClient, _ format: OutputFormat) throws {
    self.deployment = deployment
    self.client = client
    self.format = format
    watch = try FolderWatch(on: client.loop)
    for (name, function) in deployment.built where function.build != nil {
      states[name] = function.sources.map { SourceState(of: $0) }
    }
    guard !states.isEmpty else {
      throw CommandError(
        "there is nothing to watch: no function of the stack has lang: swift and a handler in a Swift package."
          + " `apus up` runs the others")
    }
    try watchAll()
  }

  private func watchAll() throws(SystemError) {
    for folder in states.values.flatMap(\.folders) {
      do throws(SystemError) {
        try watch.add(folder)
      } catch {
        // Gone again; what it leaves behind is an event of the folder around it.
        guard error.code == ENOENT else { throw error }
      }
    }
  }

  /// Until the loop ends.
  func run() async {
    do {
      while true {
        try await watch.changed()
        try await client.loop.sleep(until: .now() + Self.settling)
        try watch.drain()
        await rebuild()
        try watchAll()
      }
    } catch {
      Terminal.note("apus: sources are no longer watched: \(error)")
    }
  }

  private func rebuild() async {
    for (name, function) in deployment.built {
      guard let sources = function.sources, let build = function.build, let old = states[name] else { continue }
      let new = SourceState(of: sources)
      guard new != old else { continue }
      states[name] = new
      do {
        let time = try await BuildRun(loop: client.loop).run([build], of: "\(name)")
        let start = Instant.now()
        try await deployment.run(name, client)
        try tell(name, built: time, swapped: Instant.now().since(start))
      } catch {
        tell(name, failure: "\(error)")
      }
    }
  }

  private func tell(_ name: FunctionName, built: Duration, swapped: Duration) throws {
    guard format == .json else { return Terminal.note("\(name) swapped in \(Terminal.seconds(swapped))") }
    try OutputFormat.printLine([
      "event": "swapped", "function": .string("\(name)"), "build_seconds": .number(built / .seconds(1)),
      "swap_seconds": .number(swapped / .seconds(1)),
    ])
  }

  private func tell(_ name: FunctionName, failure: String) {
    Terminal.note("\(failure)\n\(name) serves on as it was")
    guard format == .json else { return }
    try? OutputFormat.printLine([
      "event": "failed", "function": .string("\(name)"), "error": .string(failure),
    ])
  }
}
