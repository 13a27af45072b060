package import ApusDeployment
import ApusIO
import ApusJSON
import ApusModel
package import ApusStore
import Synchronization

/// The table of deployments: what is stored, and the functions that it stands for.
///
/// A change is committed before it takes effect, so after a power cut the gateway goes on from what it has promised.
package final class Catalog: Sendable {
  private let store: CatalogStore
  private let functions: FunctionTable
  private let metrics: GatewayMetrics
  private let crew: any PoolCrew
  private let check: @Sendable (Deployment) throws(APIError) -> Void
  private let content: @Sendable (Deployment) -> String?
  /// What each function's artefact held when its last generation was made.
  private let contents = Mutex<[FunctionName: String]>([:])
  /// When each function was first deployed.
  private let creations = Mutex<[FunctionName: WallClock]>([:])
  private let lastNumber = Atomic<Int>(0)
  /// Held from a commit until it has taken effect, so that of two changes of one function the later one stays.
  private let changes = Mutex<Void>(())
  private let trials = Trials()

  /// `check` refuses a deployment whose artefact or secrets are not there.
  package init(
    _ store: CatalogStore, _ functions: FunctionTable, metrics: GatewayMetrics, crew: any PoolCrew,
    check: @escaping @Sendable (Deployment) throws(APIError) -> Void,
    content: @escaping @Sendable (Deployment) -> String? = { _ in nil }
  ) {
    self.store = store
    self.functions = functions
    self.metrics = metrics
    self.crew = crew
    self.check = check
    self.content = content
  }

  /// Takes up what was stored; answers what of it can't be read, which stays stored and is not served.
  package func load() throws(StoreError) -> [String] {
    var problems: [String] = []
    for stored in try store.list() {
      do {
        let deployment = try Deployment(stored: try JSON.parse(Array(stored.document.utf8)))
        let policy = try DeploymentPolicy(deployment)
        add(generation(stored, deployment, policy), stored, isProven: true)
      } catch {
        problems.append("\(stored.name): \(error)")
      }
    }
    return problems
  }

  private func generation(
    _ stored: StoredDeployment, _ deployment: Deployment, _ policy: DeploymentPolicy
  ) -> Generation {
    let number = lastNumber.add(1, ordering: .relaxed).newValue
    return Generation(number, stored: Int(stored.generation), deployment, policy)
  }

  @discardableResult
  private func add(_ generation: Generation, _ stored: StoredDeployment, isProven: Bool) -> DeployedFunction {
    creations.withLock { $0[generation.name] = stored.createdAt }
    _ = hasNewContent(generation.deployment)
    let function = DeployedFunction(
      generation, limits: PoolLimits(), isProven: isProven, metrics: metrics.function(generation.name), crew: crew)
    functions.add(function)
    function.wake()
    return function
  }

  // MARK: - Changes

  /// Makes `deployment` the desired state. `mustExist`: an update of what is not there is refused. Answers what is
  /// possible and was probably not meant.
  func apply(_ deployment: Deployment, mustExist: Bool, by actor: String) async throws(APIError) -> [String] {
    let policy: DeploymentPolicy
    do throws(DeploymentError) {
      policy = try DeploymentPolicy(deployment)
    } catch {
      throw APIError(error)
    }
    let name = deployment.name
    let isAbsent = mustExist && functions[name] == nil
    do throws(APIError) {
      // First: without a namespace all else is missing, too.
      try await require(name.namespace, in: store)
    } catch {
      // Who updates hears of it at the POST that follows.
      throw isAbsent ? Self.absence(of: name) : error
    }
    try check(deployment)
    if isAbsent { throw Self.absence(of: name) }
    try await commit(deployment, policy, by: actor)
    guard case .jwt(let issuer) = policy.call.access, functions[issuer] == nil else { return [] }
    return [
      "there is no function \(issuer), which com.apus.jwt.function names: until it is deployed nobody but the"
        + " administrator can call \(name)"
    ]
  }

  private static func absence(of name: FunctionName) -> APIError {
    APIError(status: 404, "not-found", "there is no function \(name) to update: create it with POST")
  }

  /// What was committed takes effect.
  private func take(
    _ change: CatalogStore.Change, _ stored: StoredDeployment, _ deployment: Deployment, _ policy: DeploymentPolicy
  ) {
    let generation = generation(stored, deployment, policy)
    let isNew = hasNewContent(deployment)
    switch change {
    case .unchanged where !isNew:
      // Whoever deploys it again may wait for it to be ready all the same.
      if let function = functions[generation.name] { trials.begin(function) }
    // It has been promised by now: whether it starts is for `describe` to say.
    case .created: trials.begin(add(generation, stored, isProven: false))
    // Also another content under the same name: what runs is of the one before.
    case .changed, .unchanged:
      guard let function = functions[generation.name] else {
        return trials.begin(add(generation, stored, isProven: false))
      }
      function.deploy(generation)
      trials.begin(function)
    }
  }

  /// Whether the artefact holds something else than at the last time that this was asked; notes what it holds.
  private func hasNewContent(_ deployment: Deployment) -> Bool {
    let content = content(deployment)
    return contents.withLock { contents in
      defer { contents[deployment.name] = content }
      return contents[deployment.name] != content
    }
  }

  private func commit(
    _ deployment: Deployment, _ policy: DeploymentPolicy, by actor: String
  ) async throws(APIError) {
    let document: String
    do {
      document = String(decoding: try deployment.json.serialise(), as: UTF8.self)
    } catch {
      throw APIError(status: 400, "bad-deployment", "the deployment can't be stored: \(error)")
    }
    let entry = AuditEntry(at: .now(), actor: actor, action: "deploy function", subject: deployment.name.qualified)
    do throws(APIError) {
      try await stored { [self] () throws(StoreError) in
        try changes.withLock { _ throws(StoreError) in
          let (stored, change) = try store.apply(deployment.name, document: document, at: entry.at, audit: entry)
          take(change, stored, deployment, policy)
        }
      }
    } catch {
      // What is missing is the namespace. To clients, 404 would say that the function is not there yet.
      guard error.status == 404 else { throw error }
      throw APIError(status: 400, "no-namespace", error.message)
    }
  }

  func remove(_ name: FunctionName, by actor: String) async throws(APIError) {
    let entry = AuditEntry(at: .now(), actor: actor, action: "remove function", subject: name.qualified)
    try await stored { [self] () throws(StoreError) in
      try changes.withLock { _ throws(StoreError) in
        try store.remove(name, audit: entry)
        functions.remove(name)?.remove()
        creations.withLock { $0[name] = nil }
        contents.withLock { $0[name] = nil }
      }
    }
  }

  /// Sets the present count of replicas, as many as the function may have; the autoscaler goes on from there. Answers
  /// the count that is in force, and why it is not the one that was asked for.
  func scale(
    _ name: FunctionName, to asked: Int, by actor: String
  ) async throws(APIError) -> (count: Int, reason: String?) {
    guard let function = functions[name], let generation = function.generation else {
      throw APIError(status: 404, "not-found", "there is no function \(name): deploy it first")
    }
    let policy = generation.policy.scale
    let replicas = min(asked, policy.ceiling)
    let entry = AuditEntry(at: .now(), actor: actor, action: "scale function", subject: name.qualified)
    _ = try await stored { [store] () throws(StoreError) in
      try store.scale(name, to: Int64(replicas), audit: entry)
    }
    function.scale(to: replicas)
    return (replicas, policy.objection(to: asked))
  }

  /// Starts the functions that use a secret anew, as its value changed; they go on serving meanwhile. Blocks while
  /// another change is written.
  func roll(_ secret: SecretName, namespace: String) {
    changes.withLock { _ in
      for function in functions.all where function.name.namespace == namespace {
        // What is desired, not what serves: a version that is starting must not be lost.
        guard let last = function.desired, last.deployment.secrets.contains(secret) else { continue }
        let number = lastNumber.add(1, ordering: .relaxed).newValue
        function.deploy(Generation(number, stored: last.stored, last.deployment, last.policy))
      }
    }
  }

  // MARK: - Looking

  /// The functions of a namespace, by name.
  func list(namespace: String) async throws(APIError) -> [DeployedFunction] {
    let found = functions.all.filter { $0.name.namespace == namespace }
    if found.isEmpty { try await require(namespace, in: store) }
    return found.sorted { $0.name.name < $1.name.name }
  }

  /// What replicas use, of those functions that have any.
  func usage(of names: Set<FunctionName>) async -> [FunctionName: ReplicaUsage] {
    await crew.usage(of: names)
  }

  func creation(of name: FunctionName) -> WallClock? {
    creations.withLock { $0[name] }
  }
}
