import Glibc

/// Connections that do next to nothing: some idle after one answer, some sending a header byte a second.
final class Crowd {
  private let idle: Connections
  private let slow: Connections
  private var due: [Int64] = []
  /// How often the server closed on a slow client, which then came back.
  private(set) var refusals = 0

  init(port: UInt16) {
    idle = Connections(port: port)
    slow = Connections(port: port)
  }

  /// Opens idle connections until there are `count`, each with one request answered.
  func addIdle(upTo count: Int) throws(BenchError) {
    while idle.count < count { try idle.open(request: Exchange.request, wantsAnswer: true) }
  }

  func addSlow(upTo count: Int) throws(BenchError) {
    let began = Clock.now()
    while slow.count < count {
      try slow.open(request: Self.slowStart, wantsAnswer: false)
      // Spread over the second, so that the load is even.
      due.append(began + Int64(slow.count) * 1_000_000_000 / Int64(count))
    }
  }

  private static let slowStart = Array("GET / HTTP/1.1\r\nHost: bench\r\nX-Slow: ".utf8)

  /// Sends the bytes that are due, and reopens what the server has closed.
  func tick() throws(BenchError) {
    let now = Clock.now()
    for index in due.indices where due[index] <= now {
      due[index] += 1_000_000_000
      if slow.send(UInt8(ascii: "a"), at: index) { continue }
      refusals += 1
      try slow.reopen(index, request: Self.slowStart)
    }
  }

  func leave() {
    idle.closeAll()
    slow.closeAll()
    due = []
  }

  /// Idle connections that the server has not closed.
  var idleOpen: Int { idle.open }
}
