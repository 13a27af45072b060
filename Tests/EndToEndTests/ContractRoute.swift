import Testing

/// One row of the contract's table of routes, with what we answer to everybody.
struct ContractRoute: Sendable, CustomTestStringConvertible {
  enum Access: Sendable {
    case open, credentials
    /// Not there: 404 to everybody, whatever the method.
    case absent
  }

  var path: String
  var methods: [String]
  var access: Access
  /// Where it is not as in OpenFaaS, or not yet.
  var note = ""

  var testDescription: String { path }

  /// What Go's router knows; TRACE and made-up ones are wrong everywhere.
  var wrongMethods: [String] {
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"].filter { !methods.contains($0) }
  }

  static let all = [
    ContractRoute(path: "/system/functions", methods: ["GET", "POST", "PUT", "DELETE"], access: .credentials),
    ContractRoute(path: "/system/function/hello", methods: ["GET"], access: .credentials),
    ContractRoute(path: "/system/function/hello.dev?usage=1", methods: ["GET"], access: .credentials),
    ContractRoute(path: "/system/scale-function/hello", methods: ["POST"], access: .credentials),
    ContractRoute(path: "/system/info", methods: ["GET"], access: .credentials),
    ContractRoute(path: "/system/secrets", methods: ["GET", "POST", "PUT", "DELETE"], access: .credentials),
    ContractRoute(path: "/system/logs?name=hello", methods: ["GET"], access: .credentials),
    ContractRoute(path: "/system/namespaces", methods: ["GET"], access: .credentials),
    ContractRoute(path: "/system/namespace/", methods: ["GET", "POST", "PUT", "DELETE"], access: .credentials),
    ContractRoute(path: "/system/namespace/dev", methods: ["GET", "POST", "PUT", "DELETE"], access: .credentials),
    ContractRoute(path: "/healthz", methods: ["GET"], access: .open),

    ContractRoute(path: "/async-function/hello", methods: [], access: .absent, note: "as without NATS"),
    ContractRoute(path: "/async-function/hello/rest", methods: [], access: .absent, note: "as without NATS"),
    ContractRoute(path: "/system/telemetry", methods: [], access: .absent, note: "free providers lack it too"),
    ContractRoute(path: "/system/alert", methods: [], access: .absent, note: "scaling needs no AlertManager here"),
    ContractRoute(path: "/", methods: [], access: .absent, note: "leads to /ui/ once there is one"),
    ContractRoute(path: "/ui/", methods: [], access: .absent, note: "there is none yet"),
    ContractRoute(path: "/ui/index.html", methods: [], access: .absent, note: "there is none yet"),
    ContractRoute(path: "/oauth/token", methods: [], access: .absent, note: "not of the free gateway"),
    ContractRoute(path: "/.well-known/openid-configuration", methods: [], access: .absent, note: "nor this"),
    ContractRoute(path: "/system/usage", methods: [], access: .absent, note: "nor this"),
    ContractRoute(path: "/metrics", methods: [], access: .absent, note: "has a listener of its own"),
    ContractRoute(path: "/System/functions", methods: [], access: .absent, note: "letters count"),
    ContractRoute(path: "/system/functions/", methods: [], access: .absent, note: "so does a slash"),
    ContractRoute(path: "//system/functions", methods: [], access: .absent, note: "not 301, which loses a body"),
    ContractRoute(path: "/system/x/../functions", methods: [], access: .absent, note: "not 301"),
    ContractRoute(path: "/system/function/", methods: [], access: .absent, note: "NAME is not empty"),
    ContractRoute(path: "/system/function/hello/more", methods: [], access: .absent, note: "NAME has no slash"),
    ContractRoute(path: "/function/", methods: [], access: .absent, note: "NAME is not empty"),
  ]
}
