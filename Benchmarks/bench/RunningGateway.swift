import CBenchSpawn
import Glibc

/// The real gateway with a data folder of its own, spoken to over HTTP alone; it and its replicas end with this value.
final class RunningGateway {
  let port: UInt16
  private let child: ChildProcess
  private let control: GatewayConnection
  private let workbench: Workbench

  static let program = "apus-gateway"
  private static let patience: Int64 = 10_000_000_000

  enum Isolation: String, CaseIterable {
    case isolated, bare

    var arguments: [String] { self == .bare ? ["--no-isolation"] : [] }
  }

  /// Ready, with `hello` as its only artefact.
  init(_ workbench: Workbench, _ isolation: Isolation = .isolated, processors: UInt = 0) throws(BenchError) {
    let path = workbench.options.gatewayPath
    guard access(path, X_OK) == 0 else { throw .missing("\(path) is not built, so there is no gateway row") }
    let number = workbench.nextNumber()
    let folder = "\(workbench.folder)/gateway-\(number)"
    let port = try Socket.freePort()
    let launch = Launch(
      name: Self.program, path: path,
      arguments: ["--port", "\(port)", "--metrics-port", "0", "--data", folder] + isolation.arguments,
      processors: processors, output: "\(folder).log")
    var child = try ChildProcess(launch, endsGently: true)
    let deadline = Clock.now() + Self.patience
    while try !text(of: launch.output).contains("\"message\":\"ready\"") {
      try child.checkAlive()
      guard Clock.now() < deadline else { throw .failed("the gateway was not ready within 10 s") }
      try Clock.pause(microseconds: 2000)
    }
    let words = try ["user", "password"].map { name throws(BenchError) in
      String(try text(of: "\(folder)/auth/basic-auth-\(name)").filter { !$0.isNewline })
    }
    control = try GatewayConnection(port: port, authorization: "Basic " + Base64.encode(words.joined(separator: ":")))
    self.child = child
    self.port = port
    self.workbench = workbench
    try upload()
  }

  private func upload() throws(BenchError) {
    let program = try bytes(of: Servers(workbench: workbench).helloPath())
    try expect(200, "PUT", "/system/artefacts/hello", Tar.archive(program, named: "handler"))
  }

  // MARK: - Its API

  /// Deploys `hello` under another name, asleep; it stays awake as long as a run takes once it was called.
  func deploy(_ name: String, isUpdate: Bool = false, version: Int = 0) throws(BenchError) {
    let body = """
      {"service":"\(name)","image":"hello:latest","envVars":{"version":"\(version)"},\
      "labels":{"com.openfaas.scale.max":"1","com.openfaas.scale.zero-duration":"1h"}}
      """
    try expect(202, isUpdate ? "PUT" : "POST", "/system/functions", Array(body.utf8))
  }

  /// Puts it to sleep, and returns when its replica is gone.
  func sleep(_ name: String) throws(BenchError) {
    try expect(202, "POST", "/system/scale-function/\(name)", Array("{\"service\":\"\(name)\",\"replicas\":0}".utf8))
    try wait("\(name) still has a replica") { () throws(BenchError) in
      try self.status(of: name, "replicas") == 0
    }
  }

  /// A number of its description; 0 where it has none.
  func status(of name: String, _ key: String) throws(BenchError) -> Int {
    let answer = try expect(200, "GET", "/system/function/\(name)")
    return Int(try JSONReader.value(of: answer.body, from: "description of \(name)")[key]?.number ?? 0)
  }

  /// Asks every half millisecond.
  func wait(_ complaint: String, until isDone: () throws(BenchError) -> Bool) throws(BenchError) {
    let deadline = Clock.now() + Self.patience
    while try !isDone() {
      guard Clock.now() < deadline else { throw .failed("\(complaint) after 10 s") }
      try Clock.pause(microseconds: 500)
    }
  }

  @discardableResult
  private func expect(
    _ status: Int, _ method: String, _ path: String, _ body: [UInt8] = []
  ) throws(BenchError) -> GatewayConnection.Answer {
    let answer = try control.ask(method, path, body)
    guard answer.status == status else {
      throw .failed("\(method) \(path) was answered \(answer.status): \(answer.body.prefix(300))")
    }
    return answer
  }

  // MARK: - What it uses and says

  /// Without its replicas.
  var figures: ProcessFigures {
    get throws(BenchError) { try ProcessFigures(process: child.pid) }
  }

  /// Lets its replicas run elsewhere than it does itself.
  func moveReplicas(to processors: UInt) throws(BenchError) {
    guard processors != 0 else { return }
    for replica in ProcessFigures.tree(of: child.pid) where replica != child.pid {
      let threads = (try? names(in: "/proc/\(replica)/task")) ?? []
      for thread in threads { if let thread = pid_t(thread) { bench_pin(thread, processors) } }
    }
  }

  /// The numbers that its log has as `key` in the lines that say `message`, in their order.
  func logged(_ key: String, in message: String) throws(BenchError) -> [Double] {
    var numbers: [Double] = []
    for line in try text(of: child.launch.output).split(separator: "\n") where line.contains("\"\(message)\"") {
      let value = try JSONReader.value(of: String(line), from: child.launch.output)
      if let number = value[key]?.number { numbers.append(number) }
    }
    return numbers
  }
}
