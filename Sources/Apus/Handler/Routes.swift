internal import ApusModel

/// Several handlers in one function, by method and path.
///
/// A pattern's segment is matched as it stands, or named: `/accounts/:id` puts the decoded segment into
/// `request.parameters["id"]`. A last segment `*` takes the rest of the path as sent, under the name `*`. Of several
/// patterns that match, the one listed first answers. No pattern: 404. A pattern, but not with this method: 405 with
/// `Allow`.
public struct Routes: Sendable {
  private var routes: [Route] = []

  /// No routes yet.
  public init() {}

  /// Adds a route. Returns the routes with it, so that they can be chained.
  public func on(_ method: Method, _ pattern: String, _ handler: Handler) -> Routes {
    var more = self
    more.routes.append(Route(method: method, pattern: Pattern(pattern), handler: handler))
    return more
  }

  /// Adds a route for a closure that sees the request as it is.
  public func on(
    _ method: Method, _ pattern: String, _ run: @escaping @Sendable (Request, Context) async throws -> Response
  ) -> Routes {
    on(method, pattern, Handler(run))
  }

  /// Adds a route for a closure that sees the request as it is.
  public func on(
    _ method: Method, _ pattern: String, _ run: @escaping @Sendable (Request) async throws -> Response
  ) -> Routes {
    on(method, pattern, Handler(run))
  }

  /// The routes as one handler.
  public var handler: Handler {
    Handler { request, context in try await answer(request, context) }
  }

  private func answer(_ request: Request, _ context: Context) async throws -> Response {
    let segments = request.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    var allowed: [Method] = []
    for route in routes {
      guard let parameters = route.pattern.match(segments) else { continue }
      // What answers GET answers HEAD, without the content (RFC 9110 section 9.3.2).
      guard route.method == request.method || (route.method == .get && request.method == .head) else {
        allowed.append(route.method)
        if route.method == .get { allowed.append(.head) }
        continue
      }
      var request = request
      request.parameters = parameters
      return try await route.handler.run(request, context)
    }
    if allowed.isEmpty { throw Problem(.notFound, "Nothing answers at this path") }
    let names = Set(allowed.map(\.name)).sorted().joined(separator: ", ")
    var problem = Problem(.methodNotAllowed, "This path does not take this method", detail: "It takes \(names).")
    problem.headers["Allow"] = names
    throw problem
  }
}

private struct Route: Sendable {
  var method: Method
  var pattern: Pattern
  var handler: Handler
}

private struct Pattern: Sendable {
  private enum Segment: Sendable {
    case fixed(String)
    case named(String)
    case rest
  }
  private let segments: [Segment]

  init(_ text: String) {
    precondition(text.hasPrefix("/"), "a route's pattern begins with “/”: \(text)")
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    precondition(!parts.dropLast().contains("*"), "“*” takes the rest of the path, so it stands last: \(text)")
    segments = parts.map { part in
      if part == "*" { return .rest }
      return part.hasPrefix(":") ? .named(String(part.dropFirst())) : .fixed(String(part))
    }
  }

  /// The named segments, or nil if the path is another one. Segments are decoded one by one, so `%2F` divides nothing.
  func match(_ path: ArraySlice<Substring>) -> [String: String]? {
    var parameters: [String: String] = [:]
    var rest = path
    for segment in segments {
      if case .rest = segment {
        // Empty where the path ended before the slash that stands in front of the `*`.
        guard !rest.isEmpty else { return nil }
        parameters["*"] = rest.joined(separator: "/")
        return parameters
      }
      guard let raw = rest.popFirst(), let part = PercentCoding.decode(raw) else { return nil }
      switch segment {
      case .fixed(let text): guard part == text else { return nil }
      case .named(let name):
        guard !part.isEmpty else { return nil }
        parameters[name] = part
      case .rest: break
      }
    }
    return rest.isEmpty ? parameters : nil
  }
}
