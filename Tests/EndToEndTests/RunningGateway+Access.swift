import ApusJSON
import Testing

extension RunningGateway {
  /// Makes a token as the administrator, by a body's members.
  func token(_ members: String) throws -> (text: String, id: String) {
    let answer = try admin("/system/tokens", "-X POST -d '{\(members)}'")
    try #require(answer.status == 201, "\(answer.body)")
    let json = try JSON.parse(Array(answer.body.utf8))
    return (try #require(json["token"]?.stringValue), try #require(json["id"]?.stringValue))
  }

  /// As the bearer of `token`.
  func bearer(_ token: String, _ path: String, _ arguments: String = "") throws -> Answer {
    try curl(path, "-H 'Authorization: Bearer \(token)' \(arguments)")
  }

  /// What a function was told under `name`; empty if nothing.
  static func told(_ name: String, _ answer: Answer) -> String? {
    answer.body.split(separator: "\n").first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
  }
}
