import ApusDeployment
import ApusHTTP
import ApusIO
import ApusJSON
import ApusModel
import ApusStack
import Glibc

/// Brings a stack's functions to a gateway: builds and uploads their programs, makes missing secrets, deploys.
struct StackDeployment {
  private let stack: Stack
  /// Those that are built here, by function.
  private let functions: [FunctionName: SwiftFunction]
  /// Those that are ready, by function.
  private let programs: [FunctionName: ReadyProgram]
  /// Those that need no build, since the machine's programs run them.
  private let plain: [FunctionName: PlainFunction]

  init(_ stack: Stack, folder: String) {
    self.stack = stack
    var functions: [FunctionName: SwiftFunction] = [:]
    var programs: [FunctionName: ReadyProgram] = [:]
    for function in stack.functions where !function.build.isSkipped {
      switch function.build.language {
      case "swift": functions[function.name] = SwiftFunction(function, folder: folder)
      case "program": programs[function.name] = function.build.handler.map { ReadyProgram(given: $0, folder: folder) }
      default: break
      }
    }
    self.functions = functions
    self.programs = programs
    var plain: [FunctionName: PlainFunction] = [:]
    for function in stack.functions { plain[function.name] = PlainFunction(function, folder: folder) }
    self.plain = plain
  }

  /// The functions that are built here, in the order of the file.
  var built: [(name: FunctionName, function: SwiftFunction)] {
    stack.functions.compactMap { function in functions[function.name].map { (function.name, $0) } }
  }

  /// Builds what is older than its sources, or only says so; after it every program is there.
  func build(isAllowed: Bool, on loop: Loop) async throws {
    let stale = built.filter { !$0.function.isCurrent }
    if isAllowed {
      let builds = stale.compactMap(\.function.build)
      let names = stale.filter { $0.function.build != nil }.map { "\($0.name)" }.joined(separator: ", ")
      if !builds.isEmpty { try await BuildRun(loop: loop).run(builds, of: names) }
    } else {
      for (name, function) in stale where function.program.isThere {
        Terminal.note("\(name): its sources are newer than its program; without --no-build it is built")
      }
    }
    for (name, function) in built where !function.program.isThere {
      let advice =
        function.build == nil
        ? "Its handler in the stack leads to no Swift package: name the folder of one, or run `make build`"
        : isAllowed ? "Its package must have an executable product \(name.name)" : "Leave out --no-build"
      throw CommandError("\(name) is not built: there is no program \(function.program.path). \(advice)")
    }
  }

  /// Deploys all, in the order of the file but for issuers, which come before who names them, and past those that can't
  /// be; says what was new. Returns why some were not.
  ///
  /// - Throws: what would end the others' deployment, too, such as a gateway that is not there.
  func run(_ client: GatewayClient) async throws -> [FunctionName: String] {
    let issuers = Set(
      stack.functions.compactMap { function in
        if case .jwt(let issuer) = function.policy.call.access { issuer } else { nil }
      })
    let first = stack.functions.filter { issuers.contains($0.name) }
    var failures: [FunctionName: String] = [:]
    for function in first + stack.functions.filter({ !issuers.contains($0.name) }) {
      do {
        try await deploy(function, client)
      } catch let error as CommandError where error.concernsAll {
        throw error
      } catch {
        failures[function.name] = "\(error)"
      }
    }
    return failures
  }

  /// Deploys one of them.
  func run(_ name: FunctionName, _ client: GatewayClient) async throws {
    guard let function = stack.functions.first(where: { $0.name == name }) else { return }
    try await deploy(function, client)
  }

  private func deploy(_ function: StackFunction, _ client: GatewayClient) async throws {
    let plain = plain[function.name]
    if let program = functions[function.name]?.program {
      try await ReadyProgram(path: program.path).upload(as: function, client)
    } else if let program = programs[function.name] ?? plain?.program {
      try await program.upload(as: function, client)
    }
    if let secret = function.policy.replica.generatedSecret {
      try await makeIfMissing(secret, function.name.namespace, client)
    }
    let json = function.deployment.json
    var answer = try await deploy(json, client)
    if let plain, plain.program == nil, MissingImage(function, answer) != nil {
      try await plain.withNote { note in try await note.upload(as: function, client) }
      answer = try await deploy(json, client)
    }
    guard answer.isSuccess else { throw MissingImage(function, answer)?.error ?? GatewayClient.refused(answer) }
    // What the gateway has to say of what it took.
    if answer.text.hasPrefix("warning: ") { Terminal.note(answer.text) }
  }

  /// As faas-cli does: PUT updates, and 404 says that there is nothing to update.
  private func deploy(_ json: JSON, _ client: GatewayClient) async throws -> GatewayAnswer {
    let answer = try await client.ask(.put, "/system/functions", json)
    return answer.status == 404 ? try await client.ask(.post, "/system/functions", json) : answer
  }

  private func makeIfMissing(_ secret: SecretName, _ namespace: String, _ client: GatewayClient) async throws {
    let list = try await client.expect(.get, "/system/secrets?namespace=\(namespace)").json()
    if (list.arrayValue ?? []).contains(where: { $0["name"]?.stringValue == secret.text }) { return }
    // The system's generator: getrandom(2).
    let random = (0..<32).map { _ in UInt8.random(in: 0...255) }
    let answer = try await client.ask(
      .post, "/system/secrets",
      ["name": .string(secret.text), "namespace": .string(namespace), "value": .string(Base64.encode(random))])
    // Somebody else may have made it meanwhile.
    guard answer.isSuccess || answer.status == 409 else { throw GatewayClient.refused(answer) }
    if answer.isSuccess { Terminal.note("made the secret \(secret)") }
  }

  /// How long the table waits for what was deployed to show whether it starts; most take milliseconds.
  private static let trialTime: Duration = .seconds(2)

  /// What is there now, or in a moment: a program that does not start at all shows it soon. Of those in `failures`,
  /// whether an earlier version of theirs serves.
  func states(_ client: GatewayClient, _ failures: [FunctionName: String] = [:]) async throws -> [FunctionState] {
    let deadline = Instant.now() + Self.trialTime
    var states: [FunctionState] = []
    for function in stack.functions {
      let target = "/system/function/\(function.name.name)?namespace=\(function.name.namespace)"
      var state = FunctionState(name: function.name, url: url(of: function, client))
      if let failure = failures[function.name] {
        let isThere = try? await client.ask(.get, target).isSuccess
        state.outcome = isThere == true ? .notUpdated(failure) : .notDeployed(failure)
      } else {
        state.outcome = try await outcome(target, client, by: deadline)
      }
      states.append(state)
    }
    return states
  }

  /// What became of one that the gateway took.
  private func outcome(
    _ target: String, _ client: GatewayClient, by deadline: Instant
  ) async throws -> FunctionState.Outcome {
    while true {
      let answer = try await client.ask(.get, target)
      if answer.status == 403 { return .unseen }
      guard answer.isSuccess else { throw GatewayClient.refused(answer) }
      let report = FunctionReport(json: try answer.json())
      if report.isSettled || Instant.now() >= deadline { return .deployed(report) }
      try await client.loop.sleep(until: .now() + .milliseconds(20))
    }
  }

  /// One line that calls the first function.
  func example(_ client: GatewayClient) -> String? {
    stack.functions.first.map { "curl -d Swift \(url(of: $0, client))" }
  }

  private func url(of function: StackFunction, _ client: GatewayClient) -> String {
    "\(client.place.url)/function/\(function.name)"
  }
}
