import ApusCommandLine
import ApusIO
import ApusModel
import ApusTLS

/// What every command that asks a gateway takes, and how it comes to its client.
enum GatewayOptions {
  static let gateway = Option.optional(
    "gateway", short: "g", .text("URL"), environment: "OPENFAAS_URL",
    help: "Gateway to ask; else the one of this machine, else \(GatewayPlace.usual)")
  static let data = Option.optional(
    "data", .directory(), environment: "APUS_DATA",
    help: "The gateway's data folder, where its credentials are; /var/lib/apus for root, else ~/.local/share/apus")
  static let namespace = Option.value(
    "namespace", short: "n", .text("NAME"), default: FunctionName.defaultNamespace,
    help: "Namespace of what is named without one")
  static let authorities = Option.optional(
    "tls-ca", .file(), help: "Who may vouch for an https gateway (PEM); else whom this machine trusts")
  static let unverified = Option<Bool>.flag(
    "tls-no-verify", help: "Talk to an https gateway whoever it is: anybody on the way can read and change everything")
  /// What says which gateway is meant. `run` reads all of it.
  static let place: [any ArgumentDeclaration] = [gateway, data, authorities, unverified]
  static let all = place + [namespace]

  static let function = Positional.required("NAME", .text("NAME"), help: "Function, as NAME or NAME.NAMESPACE")

  /// The exit status, for every command's help.
  static let statuses = "Exit status: 0 done, 1 not done (standard error says why), 2 wrong command line."

  static func name(_ arguments: ParsedArguments) throws -> FunctionName {
    let (text, namespace) = (try arguments[function], try arguments[namespace])
    do throws(NameError) {
      return try FunctionName(text, default: namespace)
    } catch {
      throw arguments.usageError("\(error)")
    }
  }

  /// Runs `body` with a client of the gateway that is meant, on a loop of this thread.
  ///
  /// - Parameter otherwise: the gateway where neither an option nor a variable names one.
  static func run(
    _ arguments: ParsedArguments, otherwise: String? = nil,
    _ body: @escaping @Sendable (GatewayClient) async throws -> Void
  ) throws {
    Signals.ignoreBrokenPipes()
    let (url, data, trust) = (try arguments[gateway] ?? otherwise, LocalData(try arguments[data]), try trust(arguments))
    let loop = try Loop()
    try loop.runUntilDone {
      try await body(GatewayClient(try await GatewayPlace(url: url, data: data, trust: trust, on: loop), on: loop))
    }
    try Terminal.checkSaid()
  }

  private static func trust(_ arguments: ParsedArguments) throws -> TLSClientContext.Trust? {
    switch (try arguments[authorities], try arguments[unverified]) {
    case (let file?, false): return .authorities(file: file)
    case (nil, true): return .dangerouslyAnyone
    case (nil, false): return nil
    case (_?, true): throw arguments.usageError("--tls-ca and --tls-no-verify contradict each other: leave one out")
    }
  }
}
