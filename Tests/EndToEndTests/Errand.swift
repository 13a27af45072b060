import Instruments

/// One change that a test asks a gateway for, and what it makes of a name.
struct Errand {
  var name: String
  var method: String
  var path: String
  var body: String
  /// What is there afterwards; nil if the errand is to be refused.
  var wish: Promises.State?
  /// The answer that the state before calls for.
  var status: Int

  /// A change of a function whose present state is known.
  static func function(
    _ name: String, _ now: Promises.State, number: Int, using random: inout SeededRandom
  ) -> Errand {
    let deployment = #"{"service":"\#(name)","image":"witness","envVars":{"ROUND":"\#(number)"}}"#
    let path = "/system/functions"
    let new = Promises.State.present("\(number)")
    let dice = Int.random(in: 0..<10, using: &random)
    if now == .absent {
      return dice < 8
        ? Errand(name: name, method: "POST", path: path, body: deployment, wish: new, status: 202)
        : Errand(name: name, method: "PUT", path: path, body: deployment, wish: nil, status: 404)
    }
    if dice < 3 {
      let body = #"{"functionName":"\#(name)"}"#
      return Errand(name: name, method: "DELETE", path: path, body: body, wish: .absent, status: 202)
    }
    return Errand(
      name: name, method: dice < 9 ? "PUT" : "POST", path: path, body: deployment, wish: new, status: 202)
  }

  /// A change of a secret.
  static func secret(
    _ name: String, _ now: Promises.State, number: Int, using random: inout SeededRandom
  ) -> Errand {
    let body = #"{"name":"\#(name)","value":"value \#(number)"}"#
    let path = "/system/secrets"
    let new = Promises.State.present("value \(number)")
    let dice = Int.random(in: 0..<10, using: &random)
    if now == .absent {
      return dice < 9
        ? Errand(name: name, method: "POST", path: path, body: body, wish: new, status: 202)
        : Errand(name: name, method: "PUT", path: path, body: body, wish: nil, status: 404)
    }
    return switch dice {
    case 0, 1: Errand(name: name, method: "DELETE", path: path, body: body, wish: .absent, status: 202)
    case 2: Errand(name: name, method: "POST", path: path, body: body, wish: nil, status: 409)
    default: Errand(name: name, method: "PUT", path: path, body: body, wish: new, status: 202)
    }
  }

  /// The upload of a small artefact under a tag of its own; a tag never goes.
  static func artefact(_ tag: String, _ archive: String) -> Errand {
    Errand(
      name: tag, method: "PUT", path: "/system/artefacts/note?tag=\(tag)", body: archive, wish: .present(""),
      status: 200)
  }
}
