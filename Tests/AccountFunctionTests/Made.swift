import Apus
import ApusAccounts
import ApusJSON
import ApusTesting
import Testing

/// Credentials out of an answer, as a person has them.
struct Made {
  let document: ApusJSON.JSON
  let login: String
  let password: String
  let secret: [UInt8]
  let recoveryCodes: [String]

  init(_ answer: Answer) throws {
    try #require(answer.status == .created, "\(answer.text)")
    document = try ApusJSON.JSON.parse(answer.body)
    login = try #require(document["login"]?.stringValue)
    password = try #require(document["password"]?["text"]?.stringValue)
    secret = try #require(document["totp"]?["secret"]?.stringValue.flatMap { Base32.decode($0.utf8) })
    recoveryCodes = document["recovery_codes"]?.arrayValue?.compactMap(\.stringValue) ?? []
  }

  func code(at seconds: Int64) -> String {
    OneTimePassword.code(secret, counter: OneTimePassword.step(at: seconds))
  }

  func signIn(_ code: String) -> String { signIn(("totp", code)) }

  func signIn(_ factor: (name: String, value: String), password: String? = nil) -> String {
    let body: ApusJSON.JSON = .object([
      ("login", .string(login)), ("password", .string(password ?? self.password)), (factor.name, .string(factor.value)),
    ])
    return (try? body.serialise()).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

extension Answer {
  var json: ApusJSON.JSON {
    get throws { try ApusJSON.JSON.parse(body) }
  }

  /// The last part of a problem's type.
  var problem: String {
    let type = (try? json)?["type"]?.stringValue ?? ""
    #expect(headers["Content-Type"] == "application/problem+json")
    return String(type.split(separator: "/").last ?? "")
  }
}
