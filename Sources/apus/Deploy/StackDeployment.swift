import ApusArtefacts
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
  /// Those whose files are deployed as they are.
  private let plain: [FunctionName: PlainFunction]

  init(_ stack: Stack, folder: String) {
    self.stack = stack
    var functions: [FunctionName: SwiftFunction] = [:]
    for function in stack.functions where function.build.language == "swift" && !function.build.isSkipped {
      functions[function.name] = SwiftFunction(function, folder: folder)
    }
    self.functions = functions
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

  /// Deploys all, in the order of the file, and says what was new.
  func run(_ client: GatewayClient) async throws {
    for function in stack.functions {
      do {
        try await deploy(function, client)
      } catch {
        throw CommandError("\(function.name) is not deployed: \(error)")
      }
    }
  }

  /// Deploys one of them.
  func run(_ name: FunctionName, _ client: GatewayClient) async throws {
    guard let function = stack.functions.first(where: { $0.name == name }) else { return }
    try await deploy(function, client)
  }

  private func deploy(_ function: StackFunction, _ client: GatewayClient) async throws {
    let plain = plain[function.name]
    if let path = functions[function.name]?.program.path ?? plain?.folder {
      try await upload(path, for: function, client)
    }
    if let secret = function.policy.replica.generatedSecret {
      try await makeIfMissing(secret, function.name.namespace, client)
    }
    let json = function.deployment.json
    var answer = try await deploy(json, client)
    if let plain, plain.folder == nil, answer.status == 400, answer.text.hasPrefix("artefact not found") {
      try await plain.withNote { folder in try await upload(folder, for: function, client) }
      answer = try await deploy(json, client)
    }
    guard answer.isSuccess else { throw GatewayClient.refused(answer) }
  }

  /// As faas-cli does: PUT updates, and 404 says that there is nothing to update.
  private func deploy(_ json: JSON, _ client: GatewayClient) async throws -> GatewayAnswer {
    let answer = try await client.ask(.put, "/system/functions", json)
    return answer.status == 404 ? try await client.ask(.post, "/system/functions", json) : answer
  }

  /// A program as the artefact's `handler`, a folder with all that is in it.
  private func upload(_ path: String, for function: StackFunction, _ client: GatewayClient) async throws {
    let artefact = try ArtefactName(image: function.deployment.image, namespace: function.name.namespace)
    try await client.upload(
      ArtefactArchive(of: path),
      to: "/system/artefacts/\(artefact.name)?namespace=\(artefact.namespace)&tag=\(artefact.tag)")
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

  /// What is there now.
  func states(_ client: GatewayClient) async throws -> [FunctionState] {
    var states: [FunctionState] = []
    for function in stack.functions {
      let name = function.name
      let json = try await client.expect(.get, "/system/function/\(name.name)?namespace=\(name.namespace)").json()
      states.append(
        FunctionState(name: name, url: url(of: function, client), state: FunctionReport(json: json).state.rawValue))
    }
    return states
  }

  /// One line that calls the first function.
  func example(_ client: GatewayClient) -> String? {
    stack.functions.first.map { "curl -d Swift \(url(of: $0, client))" }
  }

  private func url(of function: StackFunction, _ client: GatewayClient) -> String {
    "\(client.place.url)/function/\(function.name)"
  }
}
