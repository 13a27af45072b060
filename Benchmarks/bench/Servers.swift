import Glibc

/// The servers with one constant answer: ours and its peers.
struct Servers {
  static let ours = "hello"
  static let go = "Go net/http"
  static let nginx = "nginx"
  static let constant = "C"
  let workbench: Workbench

  /// All that are there, and the C server as the floor; what is missing has been said.
  func available(connections: Int) throws(BenchError) -> [Subject] {
    var subjects: [Subject] = []
    for make in [hello, constantServer, goServer, nginxServer(connections: connections)] {
      if let subject = try workbench.attempt(make) { subjects.append(subject) }
    }
    return subjects
  }

  func hello() throws(BenchError) -> Subject {
    try program(Self.ours, path: helloPath())
  }

  func helloPath() throws(BenchError) -> String {
    let path = workbench.options.helloPath
    guard access(path, X_OK) == 0 else {
      throw .missing("\(path) is not built (make build), so there is no row of ours")
    }
    return path
  }

  func watchdogPath() throws(BenchError) -> String {
    let path = workbench.options.watchdogPath
    guard access(path, X_OK) == 0 else { throw .missing("\(path) is not built, so there is no watchdog row of ours") }
    return path
  }

  func goServer() throws(BenchError) -> Subject {
    try program(Self.go, path: workbench.peers.goServer(), environment: ["GOMAXPROCS": "1"])
  }

  func constantServer() throws(BenchError) -> Subject {
    try program(Self.constant, path: workbench.peers.constant())
  }

  /// nginx allocates a slot per possible connection at its start, so it is told how many to expect;
  /// when fewer than a sixteenth are left it closes idle connections, so it gets a quarter more.
  func nginxServer(connections: Int) -> () throws(BenchError) -> Subject {
    { [workbench] () throws(BenchError) in
      let path = try Tools.require("nginx", for: "nginx row")
      return Subject(name: Self.nginx) { port throws(BenchError) in
        let configuration = try workbench.peers.fill(
          "nginx/server.conf",
          values: ["FOLDER": workbench.folder, "PORT": "\(port)", "CONNECTIONS": "\(connections * 5 / 4)"])
        return Launch(
          name: Self.nginx, path: path,
          arguments: ["-p", workbench.folder, "-e", "\(workbench.folder)/nginx.log", "-c", configuration],
          output: "\(workbench.folder)/nginx.out")
      }
    }
  }

  private func program(_ name: String, path: String, environment: [String: String] = [:]) -> Subject {
    Subject(name: name) { [folder = workbench.folder] port in
      Launch(
        name: name, path: path,
        environment: environment.merging(["port": "\(port)", "bind_address": "127.0.0.1"]) { own, _ in own },
        output: "\(folder)/server.out")
    }
  }
}
