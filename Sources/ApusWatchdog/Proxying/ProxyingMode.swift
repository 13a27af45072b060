import ApusContract
import ApusHTTP
import ApusIO
import ApusTelemetry

/// Passes calls on to a program that speaks HTTP itself. It belongs to its loop.
final class ProxyingMode: ServingMode {
  private let program: UpstreamProgram
  private let prefix: String
  private let settings: WatchdogSettings
  private let log: Log
  private let loop: Loop
  private let proxy = Proxy()

  /// A connection that the program refuses although it was ready is tried again: it may just have died.
  private static let attempts = 3
  /// Between two attempts: the news of a death takes as long.
  private static let pause: Duration = .milliseconds(5)

  init(_ program: UpstreamProgram, prefix: String, _ settings: WatchdogSettings, log: Log, on loop: Loop) {
    self.program = program
    self.prefix = prefix
    self.settings = settings
    self.log = log
    self.loop = loop
  }

  func start() async throws(StartFailure) {
    let life = LoopBound(program, to: loop)
    loop.spawn { await life.value.live() }
    guard await program.upstream(by: .never) != nil else {
      throw program.failure ?? StartFailure("the program was stopped before it was ready")
    }
  }

  func isHealthy() async -> Bool { await program.isHealthy() }

  func stop() async { await program.stop() }

  func kill() { program.kill() }

  func answer(_ exchange: Exchange, _ call: WatchdogCall) async {
    var rewrite = Proxy.Rewrite()
    rewrite.measuredFrom = call.started
    if let target = call.target {
      rewrite.target = prefix + target
    } else if !prefix.isEmpty {
      // Of a target that names its host, too, what is behind that.
      let head = exchange.head
      rewrite.target = prefix + head.path + (head.query.map { "?\($0)" } ?? "")
    }
    for (name, value) in call.findings {
      rewrite.removed.insert(name)
      rewrite.added += Array("\(name.name): \(value)\r\n".utf8)
    }
    if let seconds = call.authSeconds { rewrite.added += Array("X-Auth-Seconds: \(seconds)\r\n".utf8) }
    if settings.buffersBody, call.target == nil {
      do throws(HTTPError) {
        rewrite.heldBody = exchange.hasBody ? try await exchange.collectBody(limit: settings.bufferLimit) : nil
      } catch {
        // The connection answers what was wrong with the request.
        return log.info("the request failed", fields(call, "\(error)"))
      }
    }
    await forward(exchange, call, rewrite)
  }

  private func forward(_ exchange: Exchange, _ call: WatchdogCall, _ rewrite: borrowing Proxy.Rewrite) async {
    for attempt in 1...Self.attempts {
      guard let upstream = await program.upstream(by: call.deadline) else {
        return await exchange.refuse(
          Instant.now() >= call.deadline ? call.lateAnswer : call.failure(500, "the function's program has ended"))
      }
      do throws(Proxy.Failure) {
        return try await proxy.forward(
          exchange, to: upstream, rewrite, deadline: call.deadline, streamIdle: WatchdogLimits.streamIdle)
      } catch {
        if case .unreachable = error, attempt < Self.attempts {
          try? await loop.sleep(until: .now() + Self.pause)
          continue
        }
        return await fail(error, exchange, call)
      }
    }
  }

  private func fail(_ failure: Proxy.Failure, _ exchange: Exchange, _ call: WatchdogCall) async {
    switch failure {
    case .caller:
      log.info("the request failed", fields(call, "\(failure)"))
      exchange.closeAfterwards()
    case .cut:
      log.warning("the answer was cut", fields(call, "\(failure)"))
      exchange.closeAfterwards()
    case .expired:
      log.warning("the call took too long", fields(call, "its \(call.time.source) is over"))
      await exchange.refuse(call.lateAnswer)
    case .unreachable:
      log.error("the call failed", fields(call, "\(failure)"))
      await exchange.refuse(call.failure(500, "the function's program can't be reached"))
    case .noAnswer:
      log.error("the call failed", fields(call, "\(failure)"))
      await exchange.refuse(call.failure(500, "\(failure)"))
    }
  }

  private func fields(_ call: WatchdogCall, _ error: String) -> LogFields {
    var fields: LogFields = ["error": .string(error)]
    if let id = call.callID { fields = fields.merging(["call_id": .string(id)]) }
    return fields
  }
}
