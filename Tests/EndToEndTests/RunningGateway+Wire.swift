import ApusJSON
import Instruments
import Testing

extension RunningGateway {
  /// `127.0.0.1:PORT`, as clients write it into Host.
  var host: String { String(url.drop { $0 != "/" }.drop { $0 == "/" }) }

  func connect() throws -> WireConnection {
    try WireConnection(port: try #require(host.split(separator: ":").last.flatMap { UInt16($0) }))
  }

  /// The administrator's name and password as the Basic scheme has them.
  func basic() throws -> String {
    let file = "\(visibleFolder)/auth/basic-auth-"
    let words = "printf '%s:%s' \"$(cat \(file)user)\" \"$(cat \(file)password)\""
    return "Basic " + (try Shell.run("\(words) | base64 -w 0").output)
  }

  /// Where a program of other people's lies, as a function would bring it.
  static var foreignFolder: String {
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
      + "/Fixtures/foreign"
  }

  /// Uploads a program that knows nothing of Apus, under the name `file` in its artefact, and asks for its deployment.
  func deployForeign(_ name: String, _ members: String, file: String = "handler") throws -> Answer {
    let tar = "\(folder)/\(name).tar"
    _ = try Shell.run("tar -C '\(Self.foreignFolder)' -cf '\(tar)' --transform 's,.*,\(file),' handler 2>&1")
    let upload = try admin("/system/artefacts/\(name)", "-X PUT --data-binary @'\(tar)'")
    try #require(upload.status == 200, "\(upload.body)")
    return try admin("/system/functions", #"-X POST -d '{"service":"\#(name)","image":"\#(name):latest"\#(members)}'"#)
  }

  /// Annotations of a program that opens a port, and more of them.
  static func port(_ more: String = "") -> String {
    #","annotations":{"com.apus.start":"tcp","com.apus.network":"host"\#(more)}"#
  }

  /// Whether this machine lets this user have a layer, as the gateway says; if not, one line tells why.
  func has(_ layer: String) throws -> Bool {
    let info = try JSON.parse(Array(try admin("/system/info").body.utf8))
    let state = try #require(info["isolation"]?[layer]?.stringValue)
    if state != "in force" { print("not tested: \(state)") }
    return state == "in force"
  }

  /// Stores a built program as an artefact, and deploys nothing.
  func upload(_ program: String, as name: String, namespaces: [String] = ["openfaas-fn"]) throws {
    let path = try BuiltProgram.path(program)
    let tar = "\(folder)/\(name).tar"
    _ = try Shell.run("tar -C / -cf '\(tar)' --transform 's,.*,handler,' '\(path)' 2>&1")
    for namespace in namespaces {
      let answer = try admin("/system/artefacts/\(name)?namespace=\(namespace)", "-X PUT --data-binary @'\(tar)'")
      try #require(answer.status == 200, "\(answer.body)")
    }
  }
}
