import ApusAccess
import ApusDeployment
package import ApusHTTP
import ApusIO
package import ApusModel

/// Calls functions: finds the function, waits for a place on a replica, passes the call on and the answer back.
package struct InvokeEndpoint: Sendable {
  private let functions: FunctionTable
  private let gatekeeper: Gatekeeper
  private let proxy = Proxy()
  private let namespace: String
  private let trusted: TrustedProxies

  package init(_ functions: FunctionTable, _ gatekeeper: Gatekeeper, namespace: String, trusted: TrustedProxies) {
    self.functions = functions
    self.gatekeeper = gatekeeper
    self.trusted = trusted
    self.namespace = namespace
  }

  /// A replica that is gone before it took the call costs another attempt; so many, and something else is wrong.
  private static let attempts = 3

  /// Answers a call of `/function/…`; false if the path is another one.
  package func answer(_ exchange: Exchange, _ upstreams: Upstreams, _ ids: inout CallIDSource) async -> Bool {
    let target: InvokeTarget
    do throws(InvokeTarget.Failure) {
      target = try exchange.head.withPathAndQuery { target in
        Result { () throws(InvokeTarget.Failure) in try InvokeTarget(target, default: namespace) }
      }.get()
    } catch {
      guard case .name(let problem) = error else { return false }
      await APIError(status: 404, "not-found", "\(problem)").send(exchange)
      return true
    }
    var stamp = CallStamp(exchange, trusted, &ids)
    if let problem = stamp.takeLimit(exchange.head.fields) {
      await APIError(status: 400, "bad-timeout", problem).send(exchange, stamp)
      return true
    }
    guard let function = functions[target.name], let generation = function.generation else {
      await APIError(status: 404, "not-found", "there is no function \(target.name): deploy it first").send(
        exchange, stamp)
      return true
    }
    do throws(AccessRefusal) {
      // What was asked for last, though a version before it may serve yet: a door that was closed is closed.
      let access = FunctionAccess((function.desired ?? generation).policy.call.access)
      if access != .anyone {
        let question = IssuerTable.Question(
          callID: stamp.callID, deadline: stamp.started + stamp.limit(within: generation.policy.call.timeout),
          upstreams: upstreams, loop: exchange.loop)
        stamp.caller = try await gatekeeper.admit(exchange, to: target.name, access, question)
      } else if exchange.head.fields[.authorization] != nil {
        stamp.caller = try await gatekeeper.recognise(exchange, at: target.name)
      }
    } catch {
      await APIError(error).send(exchange, stamp)
      return true
    }
    function.metrics.started()
    await call(function, generation, target, exchange, upstreams, stamp)
    function.metrics.ended(status: exchange.status ?? 499, after: Instant.now().since(stamp.started))
    return true
  }

  private func call(
    _ function: DeployedFunction, _ generation: Generation, _ target: InvokeTarget, _ exchange: Exchange,
    _ upstreams: Upstreams, _ stamp: CallStamp
  ) async {
    let limit = stamp.limit(within: generation.policy.call.timeout)
    let deadline = stamp.started + limit
    for attempt in 1...Self.attempts {
      let place: DeployedFunction.Place
      do throws(PlacingError) {
        place = try await function.place(before: deadline, exchange)
      } catch {
        guard case .refused(let refusal) = error else { return exchange.closeAfterwards() }
        return await self.refusal(refusal, limit, function.name, exchange, stamp).send(exchange, stamp)
      }
      let rewrite = stamp.rewrite(target, timeLeft: deadline.since(.now()))
      let lease = place.lease
      let replica = lease.grant.replica
      do throws(Proxy.Failure) {
        try await proxy.forward(
          exchange, to: upstreams[place.address], rewrite, deadline: deadline,
          streamIdle: generation.policy.call.streamTimeout)
        return lease.end(.answered(status: exchange.status ?? 0))
      } catch {
        lease.end(error.isCallersDoing ? .callerLeft : .failed)
        if case .unreachable = error, attempt < Self.attempts { continue }
        if case .noAnswer = error {
          return await unanswered(error, by: replica, function, exchange, stamp).send(exchange, stamp)
        }
        return await fail(error, limit, exchange, stamp)
      }
    }
  }

  /// How a replica ended, and what it wrote last, is for those who may know; others get a reference to the log.
  @inline(never)
  private func refusal(
    _ refusal: Refusal, _ limit: Duration, _ name: FunctionName, _ exchange: Exchange, _ stamp: CallStamp
  ) async -> APIError {
    var error = APIError(refusal, limit: limit, isAsked: stamp.isAsked(limit))
    if let details = refusal.details, await isKnown(stamp.caller, exchange, name) { error.message = details }
    return error
  }

  /// The replica had the call and gave no answer: how it ended, if it did, is said in the same way.
  @inline(never)
  private func unanswered(
    _ failure: Proxy.Failure, by replica: ReplicaID, _ function: DeployedFunction, _ exchange: Exchange,
    _ stamp: CallStamp
  ) async -> APIError {
    guard let exit = await function.exit(of: replica, on: exchange.loop) else {
      return APIError(status: 502, "no-answer", "\(failure)")
    }
    let isKnown = await isKnown(stamp.caller, exchange, function.name)
    return APIError(
      status: 502, exit.isOutOfMemory ? "out-of-memory" : "no-answer", isKnown ? exit.details : exit.messageToCaller)
  }

  /// The gateway knows the caller. Where a function is open to all nobody asked yet; accounts of a function are
  /// strangers to the one who runs it.
  private func isKnown(_ caller: Caller, _ exchange: Exchange, _ name: FunctionName) async -> Bool {
    switch caller {
    case .admin, .token: return true
    case .subject: return false
    case .anonymous, .unproven: return await (try? gatekeeper.admit(exchange, .call(name, .token))) != nil
    }
  }

  @inline(never)
  private func fail(_ failure: Proxy.Failure, _ limit: Duration, _ exchange: Exchange, _ stamp: CallStamp) async {
    switch failure {
    case .cut, .caller: exchange.closeAfterwards()
    case .expired: await APIError(timeout: limit, isAsked: stamp.isAsked(limit)).send(exchange, stamp)
    case .unreachable:
      // Its address is nobody's business.
      await APIError(status: 502, "no-answer", "the function's replica ended before it had the call: try again").send(
        exchange, stamp)
    case .noAnswer: await APIError(status: 502, "no-answer", "\(failure)").send(exchange, stamp)
    }
  }
}

extension Proxy.Failure {
  fileprivate var isCallersDoing: Bool {
    if case .caller = self { true } else { false }
  }
}

extension FunctionAccess {
  init(_ access: CallPolicy.Access) {
    switch access {
    case .anyone: self = .anyone
    case .token: self = .token
    case .jwt(let issuer): self = .jwt(issuer: issuer)
    }
  }
}

extension Exchange: CallerWatch {}
