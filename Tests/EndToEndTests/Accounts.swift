import ApusJSON
import Instruments
import Testing

/// A gateway with both functions of accounts, and a private one for those who have signed in.
struct Accounts {
  let gateway: RunningGateway

  static var hasOathtool: Bool { (try? Shell.run("command -v oathtool").status) == 0 }

  private static let environment =
    #","envVars":{"public_url":"https://apus.example.org","creation_per_hour":"1000"}"#

  init(isDeployed: Bool = true) throws {
    gateway = try RunningGateway()
    try makeSecret("accounts-key", try Shell.run("openssl rand -base64 32").output.filter { $0 != "\n" })
    guard isDeployed else { return }
    try deploy(["create-account", "authenticate"])
    try gateway.deploy(
      "issuer", as: "report", #","annotations":{"com.apus.access":"jwt","com.apus.jwt.function":"authenticate"}"#)
  }

  /// Deploys those functions, with further secrets and annotations.
  func deploy(_ functions: [String], secrets: [String] = [], _ annotations: String = "") throws {
    let secrets = (["accounts-key"] + secrets).map { "\"\($0)\"" }.joined(separator: ",")
    let members =
      #","secrets":[\#(secrets)],"annotations":{"com.apus.volume.accounts":"/data"\#(annotations)}"# + Self.environment
    for function in functions {
      try gateway.deploy(function, as: function, members)
      try #require(try gateway.isRolledOut(function))
    }
  }

  func makeSecret(_ name: String, _ value: String) throws {
    let answer = try gateway.admin("/system/secrets", #"-X POST -d '{"name":"\#(name)","value":"\#(value)"}'"#)
    try #require(answer.status < 300, "\(answer.body)")
  }

  func post(_ path: String, _ body: String) throws -> RunningGateway.Answer {
    try gateway.curl("/function/\(path)", "-X POST -d '\(body)'")
  }

  func create(_ body: String) throws -> JSON {
    let answer = try post("create-account", body)
    try #require(answer.status == 201, "\(answer.body)")
    return try JSON.parse(Array(answer.body.utf8))
  }

  /// A sign-in by the first of the recovery codes.
  func recover(_ made: JSON) throws -> RunningGateway.Answer {
    let body = JSON.object([
      ("login", made["login"] ?? .null), ("password", made["password"]?["text"] ?? .null),
      ("recovery_code", made["recovery_codes"]?[0] ?? .null),
    ])
    return try post("authenticate", String(decoding: try body.serialise(), as: UTF8.self))
  }

  /// The code that oathtool makes now.
  func code(_ made: JSON) throws -> String {
    try Shell.run("oathtool --totp -b '\(made["totp"]?["secret"]?.stringValue ?? "")'").output.filter(\.isNumber)
  }

  func signIn(_ made: JSON, code: String? = nil) throws -> RunningGateway.Answer {
    let code = try code ?? self.code(made)
    let body = JSON.object([
      ("login", made["login"] ?? .null), ("password", made["password"]?["text"] ?? .null), ("totp", .string(code)),
    ])
    return try post("authenticate", String(decoding: try body.serialise(), as: UTF8.self))
  }

  /// `apus accounts …` as this machine's administrator.
  func apus(_ arguments: String) throws -> (output: String, status: CInt) {
    let program = try BuiltProgram.path("apus")
    return try Shell.run(
      "env -u OPENFAAS_URL APUS_DATA='\(gateway.visibleFolder)' '\(program)' accounts \(arguments) 2>&1")
  }
}
