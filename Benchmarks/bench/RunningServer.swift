import Glibc

/// A server that has answered 200 at least once on its port, and ends with this value.
struct RunningServer: ~Copyable {
  private var child: ChildProcess
  let port: UInt16

  /// How long a server may take to give its first answer.
  private static let patience: Int64 = 5_000_000_000

  static func start(_ subject: Subject, processors: UInt) throws(BenchError) -> RunningServer {
    let port = try Socket.freePort()
    var launch = try subject.launch(port)
    launch.processors = processors
    var server = RunningServer(child: try ChildProcess(launch), port: port)
    try server.awaitAnswer()
    return server
  }

  private mutating func awaitAnswer() throws(BenchError) {
    let deadline = Clock.now() + Self.patience
    while true {
      if let connection = try Socket.connect(to: .local(port)) {
        try Exchange.send(on: connection)
        _ = try Exchange.firstByte(on: connection, deadline: deadline) { () throws(BenchError) in
          try child.checkAlive()
        }
        return try Exchange.readAnswer(on: connection)
      }
      try child.checkAlive()
      guard Clock.now() < deadline else {
        throw .failed("\(child.launch.name) did not listen on 127.0.0.1:\(port) within 5 s")
      }
      try Clock.pause(microseconds: 200)
    }
  }

  /// Without what it has started.
  var ownFigures: ProcessFigures {
    get throws(BenchError) { try ProcessFigures(process: child.pid) }
  }

  /// The most that it has held so far.
  var peakKilobytes: Double {
    get throws(BenchError) { try ProcessFigures.peakKilobytes(of: child.pid) }
  }

  var figures: ProcessFigures {
    get throws(BenchError) { try ProcessFigures(tree: child.pid) }
  }
}
