/// A field that we treat in a special way, or that is common enough to be found by number instead of by name.
package enum KnownField: UInt8, CaseIterable, Sendable {
  case other = 0
  // From here to `expect`: fields that may steer framing or the connection, told from the others by one comparison.
  case host, connection, keepAlive, proxyConnection, te, trailer, transferEncoding, upgrade
  case contentLength, contentType, expect
  case proxyAuthenticate, proxyAuthorization, authorization
  case date, server, xForwardedFor, xForwardedHost, xForwardedProto, forwarded, xCallID, xTimeout
  case accept, acceptEncoding, userAgent, cookie
  case acceptLanguage, allow, cacheControl, contentEncoding, contentRange, etag, ifModifiedSince, ifNoneMatch
  case lastModified, location, maxForwards, origin, range, referer, retryAfter, setCookie, vary, via, wwwAuthenticate
  case traceparent, tracestate, xApusScopes, xApusSubject, xCallbackURL, xDurationSeconds, xOpenFaaSInternal
  case xRequestID, xServedBy, xStartTime

  @inline(__always) var maySteer: Bool { rawValue &- 1 < KnownField.expect.rawValue }

  /// The name as it is written; empty for `other`.
  package var name: StaticString {
    switch self {
    case .other: ""
    case .host: "Host"
    case .connection: "Connection"
    case .keepAlive: "Keep-Alive"
    case .proxyConnection: "Proxy-Connection"
    case .te: "TE"
    case .trailer: "Trailer"
    case .transferEncoding: "Transfer-Encoding"
    case .upgrade: "Upgrade"
    case .contentLength: "Content-Length"
    case .contentType: "Content-Type"
    case .expect: "Expect"
    case .proxyAuthenticate: "Proxy-Authenticate"
    case .proxyAuthorization: "Proxy-Authorization"
    case .authorization: "Authorization"
    case .date: "Date"
    case .server: "Server"
    case .xForwardedFor: "X-Forwarded-For"
    case .xForwardedHost: "X-Forwarded-Host"
    case .xForwardedProto: "X-Forwarded-Proto"
    case .forwarded: "Forwarded"
    case .xCallID: "X-Call-Id"
    case .xTimeout: "X-Timeout"
    case .accept: "Accept"
    case .acceptEncoding: "Accept-Encoding"
    case .userAgent: "User-Agent"
    case .cookie: "Cookie"
    default: rarerName
    }
  }

  private var rarerName: StaticString {
    switch self {
    case .acceptLanguage: "Accept-Language"
    case .allow: "Allow"
    case .cacheControl: "Cache-Control"
    case .contentEncoding: "Content-Encoding"
    case .contentRange: "Content-Range"
    case .etag: "ETag"
    case .ifModifiedSince: "If-Modified-Since"
    case .ifNoneMatch: "If-None-Match"
    case .lastModified: "Last-Modified"
    case .location: "Location"
    case .maxForwards: "Max-Forwards"
    case .origin: "Origin"
    case .range: "Range"
    case .referer: "Referer"
    case .retryAfter: "Retry-After"
    case .setCookie: "Set-Cookie"
    case .vary: "Vary"
    case .via: "Via"
    case .wwwAuthenticate: "WWW-Authenticate"
    case .traceparent: "traceparent"
    case .tracestate: "tracestate"
    case .xApusScopes: "X-Apus-Scopes"
    case .xApusSubject: "X-Apus-Subject"
    case .xCallbackURL: "X-Callback-Url"
    case .xDurationSeconds: "X-Duration-Seconds"
    case .xOpenFaaSInternal: "X-OpenFaaS-Internal"
    case .xRequestID: "X-Request-Id"
    case .xServedBy: "X-Served-By"
    case .xStartTime: "X-Start-Time"
    default: ""
    }
  }
}
