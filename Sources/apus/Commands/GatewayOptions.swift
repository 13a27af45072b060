import ApusCommandLine
import ApusIO
import ApusModel

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
  static let all: [any ArgumentDeclaration] = [gateway, data, namespace]

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
    let place = try GatewayPlace(url: arguments[gateway] ?? otherwise, data: LocalData(arguments[data]))
    let loop = try Loop()
    try loop.runUntilDone {
      try await body(GatewayClient(place, on: loop))
    }
  }
}
