import ApusArtefacts
import ApusDeployment
import ApusHTTP
import ApusIO
import ApusJSON
import ApusModel
import ApusStack
import Glibc

/// Brings a stack's functions to a gateway: uploads their programs, makes missing secrets, deploys.
struct StackDeployment {
  private let stack: Stack
  /// The programs of those that are built here, by function.
  private let programs: [FunctionName: BuiltProgram]

  /// Finds every program before anything is sent.
  init(_ stack: Stack, folder: String) throws(CommandError) {
    self.stack = stack
    var programs: [FunctionName: BuiltProgram] = [:]
    for function in stack.functions where function.build.language == "swift" && !function.build.isSkipped {
      let sources = function.build.handler.map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }
      guard let program = BuiltProgram(function.name.name, sources: sources) else {
        throw CommandError(
          "\(function.name) is not built: there is no program \(BuiltProgram.folder)/\(function.name.name)."
            + " Run `make build` (or swift build)")
      }
      if program.isOlderThanSources {
        Terminal.note("\(function.name): its sources are newer than its program; `make build` builds it")
      }
      programs[function.name] = program
    }
    self.programs = programs
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

  private func deploy(_ function: StackFunction, _ client: GatewayClient) async throws {
    if let program = programs[function.name] {
      let artefact = try ArtefactName(image: function.deployment.image, namespace: function.name.namespace)
      try await client.upload(
        ArtefactArchive(of: program.path),
        to: "/system/artefacts/\(artefact.name)?namespace=\(artefact.namespace)&tag=\(artefact.tag)")
    }
    if let secret = function.policy.replica.generatedSecret {
      try await makeIfMissing(secret, function.name.namespace, client)
    }
    let json = function.deployment.json
    // As faas-cli does: PUT updates, and 404 says that there is nothing to update.
    let answer = try await client.ask(.put, "/system/functions", json)
    if answer.status == 404 {
      try await client.expect(.post, "/system/functions", json)
    } else if !answer.isSuccess {
      throw GatewayClient.refused(answer)
    }
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

  /// What is there now, as a table: function, url, state.
  func table(_ client: GatewayClient) async throws -> [String] {
    var table = TextTable(["function", "url", "state"])
    for function in stack.functions {
      let name = function.name
      let json = try await client.expect(.get, "/system/function/\(name.name)?namespace=\(name.namespace)").json()
      table.add(["\(name)", url(of: function, client), FunctionReport(json: json).state])
    }
    return table.lines
  }

  /// One line that calls the first function.
  func example(_ client: GatewayClient) -> String? {
    stack.functions.first.map { "curl -d Swift \(url(of: $0, client))" }
  }

  private func url(of function: StackFunction, _ client: GatewayClient) -> String {
    "\(client.place.url)/function/\(function.name)"
  }
}
