import ApusAccess
import ApusHTTP
import ApusModel

/// The gateway's own routes: which endpoint answers which method and path, and what its caller must be.
///
/// Every route is inside `protected`, where a caller needs a scope; one that is open says why. So a route that somebody
/// adds without thinking of access is closed.
struct Routes: Sendable {
  /// Whether everything below the path belongs to the route, or the path alone.
  enum Path: Sendable, Equatable {
    case exactly(String)
    /// A prefix ending in `/`, and one part behind it, which is not empty.
    case named(String)
  }

  /// Says which function a call is about, in the way in which its endpoint will understand it.
  typealias Subject = @Sendable (APICall) throws(APIError) -> FunctionName

  struct Route: Sendable {
    let method: String
    let path: Path
    let need: AccessNeed
    /// Which one function a call is about; nil if it may be about any number.
    let subject: Subject?
    let endpoint: any Endpoint
  }

  private(set) var routes: [Route] = []

  enum Match {
    case found(Route, rest: String)
    /// The path is there, for other methods.
    case otherMethod(allowed: [String])
    case none
  }

  /// A route for anybody; `why` is for the reader.
  mutating func open(_ method: String, _ path: Path, why: StaticString, _ endpoint: some Endpoint) {
    routes.append(Route(method: method, path: path, need: .nothing, subject: nil, endpoint: endpoint))
  }

  /// Routes whose caller needs credentials.
  mutating func protected(_ body: (inout Protected) -> Void) {
    var protected = Protected()
    body(&protected)
    routes += protected.routes
  }

  struct Protected {
    fileprivate(set) var routes: [Route] = []

    /// `subject`, where there is one, lets a token for that function alone suffice.
    mutating func add(
      _ method: String, _ path: Path, _ scope: Scope, about subject: Subject? = nil, _ endpoint: some Endpoint
    ) {
      let need = AccessNeed.scope(scope, function: nil)
      routes.append(Route(method: method, path: path, need: need, subject: subject, endpoint: endpoint))
    }

    /// For the administrator alone.
    mutating func admin(_ method: String, _ path: Path, _ endpoint: some Endpoint) {
      routes.append(Route(method: method, path: path, need: .admin, subject: nil, endpoint: endpoint))
    }
  }

  func match(_ method: String, _ path: String) -> Match {
    var allowed: [String] = []
    for route in routes {
      guard let rest = Routes.rest(of: path, at: route.path) else { continue }
      if route.method == method { return .found(route, rest: rest) }
      allowed.append(route.method)
    }
    return allowed.isEmpty ? .none : .otherMethod(allowed: allowed)
  }

  private static func rest(of path: String, at pattern: Path) -> String? {
    switch pattern {
    case .exactly(let exact): return path == exact ? "" : nil
    case .named(let prefix):
      guard path.hasPrefix(prefix) else { return nil }
      let rest = path.dropFirst(prefix.count)
      return rest.isEmpty || rest.contains("/") ? nil : String(rest)
    }
  }
}
