import ApusAccess
import ApusHTTP
package import ApusIO
import ApusModel
package import ApusStore
package import ApusTelemetry

/// The gateway: takes calls on its loops, keeps what is deployed, and runs the replicas.
package final class Gateway: Sendable {
  package let settings: GatewaySettings
  private let log: Log
  private let functions = FunctionTable()
  let metrics = GatewayMetrics()
  private let provider: any Provider
  private let reconciler: Reconciler
  private let catalog: Catalog
  private let gatekeeper: Gatekeeper
  private let routes: Routes
  private let invoke: InvokeEndpoint

  /// `control`: the loop whose timers wake the pools.
  package init(
    _ settings: GatewaySettings, _ state: GatewayState, _ provider: any Provider, control: Loop, log: Log
  ) {
    self.settings = settings
    self.log = log
    self.provider = provider
    reconciler = Reconciler(
      provider, on: control, startsAtOnce: settings.startsAtOnce, events: GatewayEvents(log: log, metrics: metrics))
    catalog = Catalog(
      state.catalog, functions, metrics: metrics, crew: reconciler, check: settings.check,
      content: settings.content)
    gatekeeper = Gatekeeper(
      state.account, TokenStore(state.database), IssuerTable(functions, audience: settings.audience, log: log),
      trusted: settings.trustedProxies, log: log)
    routes = Routes(catalog, functions, state, settings.isolation)
    invoke = InvokeEndpoint(
      functions, gatekeeper, namespace: FunctionName.defaultNamespace, trusted: settings.trustedProxies)
    metrics.registry.add(PoolMetrics(functions))
  }

  /// Takes up what is stored.
  package func load() throws(StoreError) {
    for problem in try catalog.load() { log.error("a stored deployment can't be read", ["problem": .string(problem)]) }
  }

  /// Serves on one loop until `shutDown`; one of these for each loop, on its thread.
  package func serve(_ listener: Listener, _ server: LoopServer) async throws(SystemError) {
    try await server.run(listener, self)
  }

  func answer(_ exchange: Exchange, _ server: LoopServer) async {
    if await invoke.answer(exchange, server.upstreams, &server.ids) { return }
    await answerOwn(exchange)
  }

  /// A route of the gateway's own. Not inlined: a call's frame would have the room for it, 15 KB a call.
  @inline(never)
  private func answerOwn(_ exchange: Exchange) async {
    do throws(APIError) {
      let (endpoint, call) = try await read(exchange)
      if let endpoint = endpoint as? any StreamingEndpoint {
        try await endpoint.answer(call, exchange).send(exchange)
      } else {
        try await endpoint.answer(call).send(exchange)
      }
    } catch {
      await error.send(exchange)
    }
  }

  private func read(_ exchange: Exchange) async throws(APIError) -> (any Endpoint, APICall) {
    let head = exchange.head
    let (path, query) = (head.path, head.query)
    switch routes.match(head.method.name, path) {
    case .none:
      throw APIError(status: 404, "not-found", "404 page not found")
    case .otherMethod(let allowed):
      var error = APIError(status: 405, "method", "the path takes \(allowed.joined(separator: ", "))")
      error.fields = [(.allow, allowed.joined(separator: ", "))]
      throw error
    case .found(let route, let rest):
      let caller = try await admit(exchange, route)
      var body: [UInt8] = []
      do throws(HTTPError) {
        if !(route.endpoint is any StreamingEndpoint) {
          body = try await exchange.collectBody(limit: GatewayLimits.bodyBytes)
        }
      } catch {
        throw APIError(error, tooLarge: Gateway.mostTaken(by: route))
      }
      let call = APICall(rest: rest, query: APIQuery(query), body: body, caller: caller, rawQuery: query)
      try admit(call, route)
      return (route.endpoint, call)
    }
  }

  /// What there may be at most, for whoever sent more.
  private static func mostTaken(by route: Routes.Route) -> String {
    let own = route.endpoint is SecretEndpoint ? "; a secret may have \(StoreLimits.secretBytes)" : ""
    return "the body has more than \(GatewayLimits.bodyBytes) bytes, the most that is taken here\(own): send less"
  }

  private func admit(_ exchange: Exchange, _ route: Routes.Route) async throws(APIError) -> Caller {
    do throws(AccessRefusal) {
      return try await gatekeeper.admit(exchange, route.need)
    } catch {
      throw APIError(error)
    }
  }

  /// What only the call as a whole says: whether a token for one function is about that one.
  private func admit(_ call: APICall, _ route: Routes.Route) throws(APIError) {
    guard case .token(_, _, _?) = call.caller else { return }
    let function = try route.subject?(call)
    do throws(AccessRefusal) {
      try gatekeeper.admit(call.caller, route.need, about: function)
    } catch {
      throw APIError(error)
    }
  }

  /// The page of `/metrics`.
  package func metricsPage() -> [UInt8] { metrics.registry.page() }

  /// Refuses new calls, lets running ones end until `deadline`, and returns when no replica is left.
  package func close(by deadline: Instant, on loop: Loop) async {
    let all = functions.all
    for function in all { function.close(by: deadline) }
    while all.contains(where: { !$0.read { $0.isGone } }), Instant.now() < deadline {
      try? await loop.sleep(until: .now() + .milliseconds(5))
    }
  }
}
