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

  /// Stores a built program as an artefact, and deploys nothing.
  func upload(_ program: String, as name: String, namespaces: [String] = ["openfaas-fn"]) throws {
    let path = try Program.path(program)
    let tar = "\(folder)/\(name).tar"
    _ = try Shell.run("tar -C / -cf '\(tar)' --transform 's,.*,handler,' '\(path)' 2>&1")
    for namespace in namespaces {
      let answer = try admin("/system/artefacts/\(name)?namespace=\(namespace)", "-X PUT --data-binary @'\(tar)'")
      try #require(answer.status == 200, "\(answer.body)")
    }
  }
}
