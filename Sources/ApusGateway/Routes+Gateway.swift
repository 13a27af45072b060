import ApusAccess
import ApusJSON
import ApusModel
import ApusStore

extension Routes {
  /// Every route of the gateway but the calls of functions.
  init(_ catalog: Catalog, _ functions: FunctionTable, _ state: GatewayState, _ isolation: IsolationReport) {
    self.init()
    let healthy = ClosureEndpoint { _ in APIAnswer() }
    for path in ["/healthz", "/livez", "/readyz"] {
      open("GET", .exactly(path), why: "load balancers and probes have no credentials", healthy)
    }
    protected { routes in
      routes.add("GET", .exactly("/system/functions"), .read, ListEndpoint(catalog: catalog))
      for (method, mustExist) in [("POST", false), ("PUT", true)] {
        routes.add(
          method, .exactly("/system/functions"), .deploy, about: Routes.deployed,
          DeployEndpoint(catalog: catalog, mustExist: mustExist))
      }
      routes.add(
        "DELETE", .exactly("/system/functions"), .deploy, about: Routes.removed, RemoveEndpoint(catalog: catalog))
      routes.add(
        "GET", .named("/system/function/"), .read, about: Routes.shown,
        DescribeEndpoint(catalog: catalog, functions: functions))
      routes.add(
        "POST", .named("/system/scale-function/"), .deploy, about: Routes.named, ScaleEndpoint(catalog: catalog))
      routes.add(
        "GET", .named("/system/explain/"), .read, about: Routes.shown, ExplainEndpoint(functions: functions))
      routes.add(
        "GET", .exactly("/system/info"), .read,
        ClosureEndpoint { _ throws(APIError) in try .json(GatewayVersion.info(isolation)) })

      let namespaces = state.catalog
      routes.add("GET", .exactly("/system/namespaces"), .read, NamespacesEndpoint(store: namespaces))
      // The name may be in the body alone: faas-cli creates with a path that ends in a slash.
      for namespace in [Path.exactly("/system/namespace/"), .named("/system/namespace/")] {
        routes.add("GET", namespace, .read, NamespaceEndpoint(store: namespaces, verb: .get))
        routes.add("POST", namespace, .deploy, NamespaceEndpoint(store: namespaces, verb: .create))
        routes.add("PUT", namespace, .deploy, NamespaceEndpoint(store: namespaces, verb: .update))
        routes.add("DELETE", namespace, .deploy, NamespaceEndpoint(store: namespaces, verb: .remove))
      }

      routes.add(
        "PUT", .named("/system/artefacts/"), .deploy, about: Routes.packed,
        ArtefactEndpoint(artefacts: state.artefacts))
      routes.add(
        "GET", .exactly("/system/logs"), .read, about: Routes.logged,
        LogsEndpoint(logs: state.logs, functions: functions))

      Routes.addTokens(to: &routes, state, functions)

      routes.addVolumes(VolumeStore(path: "\(state.folder)/volumes"), functions)
      routes.admin("GET", .exactly("/system/backup"), BackupEndpoint(state: state))

      let path = Path.exactly("/system/secrets")
      routes.add("GET", path, .read, SecretsEndpoint(store: state.secrets, namespaces: namespaces))
      for (method, verb) in [("POST", SecretEndpoint.Verb.create), ("PUT", .replace), ("DELETE", .remove)] {
        routes.add(
          method, path, .deploy,
          SecretEndpoint(
            store: state.secrets, verb: verb, users: { functions.users(of: $0, namespace: $1) },
            changed: { catalog.roll($0, namespace: $1) }))
      }
    }
  }
}

extension Routes.Protected {
  /// What is in volumes is the functions' data: scope `read` sees their names and sizes only.
  fileprivate mutating func addVolumes(_ store: VolumeStore, _ functions: FunctionTable) {
    add("GET", .exactly("/system/volumes"), .read, VolumesEndpoint(store: store, functions: functions))
    let volume = Routes.Path.named("/system/volumes/")
    add("GET", volume, .deploy, VolumeGetEndpoint(store: store))
    add("PUT", volume, .deploy, VolumePutEndpoint(store: store))
    add("DELETE", volume, .deploy, VolumeRemoveEndpoint(store: store, functions: functions))
  }
}
