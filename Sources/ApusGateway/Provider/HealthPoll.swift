import ApusHTTP
import ApusIO
import Glibc

/// Asks a program that opened a port by itself for its health until it is well. It belongs to its loop.
///
/// Nobody tells us when such a program listens, so there is nothing to wait for but time.
final class HealthPoll {
  /// As of-watchdog has it.
  static let path = "/_/health"
  /// The pause after the first question, and the longest: a fast program is found soon, a slow one costs little.
  private static let shortest = Duration.milliseconds(1)
  private static let longest = Duration.milliseconds(50)
  /// For one answer; a program that accepts and says nothing is asked again.
  private static let answerTime = Duration.seconds(2)
  private static let answerLimit = 64 << 10

  private let address: SocketAddress
  private let loop: Loop
  private var isStopped = false
  /// What came of the last question before it was stopped.
  private(set) var lack: String

  init(_ address: SocketAddress, on loop: Loop) {
    self.address = address
    self.loop = loop
    lack = "nothing listens on \(address)"
  }

  /// True once it is well; false after `stop`. Whoever starts the program sees to an end.
  func untilHealthy() async -> Bool {
    var pause = HealthPoll.shortest
    while !isStopped {
      if await isHealthy() { return !isStopped }
      try? await loop.sleep(until: .now() + pause)
      pause = min(pause * 2, HealthPoll.longest)
    }
    return false
  }

  func stop() {
    isStopped = true
  }

  private func isHealthy() async -> Bool {
    // Each question on a connection of its own: what the program does with those is not known yet.
    let upstream = Upstream(address, on: loop)
    defer { upstream.close() }
    do {
      var fields = Fields()
      try fields.append(.host, address.authority)
      let head = RequestHead(method: .get, target: HealthPoll.path, fields: fields)
      let limit = Instant.now() + HealthPoll.answerTime
      let (answer, _) = try await upstream.ask(head, before: limit, limit: HealthPoll.answerLimit)
      note("\(HealthPoll.path) answers \(answer.status)")
      return (200...299).contains(answer.status)
    } catch IOError.system(let error) where error.code == ECONNREFUSED {
      note("nothing listens on \(address)")
    } catch {
      note("\(HealthPoll.path) gives no answer: \(error)")
    }
    return false
  }

  /// A question that its program's end cuts off says nothing about the program.
  private func note(_ lack: String) {
    if !isStopped { self.lack = lack }
  }
}
