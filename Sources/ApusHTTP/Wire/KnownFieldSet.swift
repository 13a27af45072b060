/// A set of known fields: one bit each.
package struct KnownFieldSet: Sendable, Equatable, ExpressibleByArrayLiteral {
  var bits: UInt64 = 0

  package init(arrayLiteral fields: KnownField...) {
    for field in fields { insert(field) }
  }

  /// `other` is never in a set: it stands for many names.
  package mutating func insert(_ field: KnownField) {
    if field != .other { bits |= 1 << UInt64(field.rawValue) }
  }

  @inline(__always) package func contains(_ field: KnownField) -> Bool {
    bits &>> UInt64(field.rawValue) & 1 == 1
  }

  package func union(_ other: KnownFieldSet) -> KnownFieldSet {
    var both = self
    both.bits |= other.bits
    return both
  }

  /// Whether a name that is no known one would be one of these, or begins with `prefix`, if `_` were `-`.
  func containsDisguised(_ name: UnsafeRawBufferPointer, beginning prefix: StaticString?) -> Bool {
    let hasPrefix = prefix.map { Self.begins(name, with: $0) } ?? false
    guard !hasPrefix, name.contains(UInt8(ascii: "_")) else { return hasPrefix }
    return withUnsafeTemporaryAllocation(byteCount: name.count, alignment: 1) { plain in
      plain.copyMemory(from: name)
      for index in plain.indices where plain[index] == UInt8(ascii: "_") { plain[index] = UInt8(ascii: "-") }
      return contains(KnownField(any: UnsafeRawBufferPointer(plain)))
    }
  }

  private static func begins(_ name: UnsafeRawBufferPointer, with prefix: StaticString) -> Bool {
    guard name.count >= prefix.utf8CodeUnitCount else { return false }
    for index in 0..<prefix.utf8CodeUnitCount {
      let byte = name[index] == UInt8(ascii: "_") ? UInt8(ascii: "-") : Byte.lowercased(name[index])
      guard byte == prefix.utf8Start[index] else { return false }
    }
    return true
  }

  /// What concerns one connection only (RFC 9110 section 7.6.1), with the two that authenticate to a proxy.
  package static let hopByHop: KnownFieldSet = [
    .connection, .keepAlive, .proxyConnection, .proxyAuthenticate, .proxyAuthorization, .te, .trailer,
    .transferEncoding, .upgrade,
  ]

  /// What a proxy never copies: `hopByHop`, and the length, which is written anew with the framing.
  static let notEndToEnd = hopByHop.union([.contentLength])

  /// What we write ourselves at the end of a head.
  static let ours: KnownFieldSet = [.connection, .keepAlive, .proxyConnection, .te, .transferEncoding, .contentLength]

  /// What may change how a message is read or by whom, and so is never taken from a trailer (RFC 9110 section 6.5.1).
  package static let forbiddenInTrailers: KnownFieldSet = [
    .host, .connection, .keepAlive, .proxyConnection, .te, .trailer, .transferEncoding, .upgrade, .contentLength,
    .contentType, .contentEncoding, .contentRange, .expect, .proxyAuthenticate, .proxyAuthorization, .authorization,
    .cookie, .setCookie, .wwwAuthenticate, .xForwardedFor, .xForwardedHost, .xForwardedProto, .forwarded, .xCallID,
    .xTimeout, .xApusScopes, .xApusSubject, .cacheControl, .maxForwards, .range, .location, .retryAfter, .vary,
    .ifNoneMatch, .ifModifiedSince, .xCallbackURL, .xStartTime,
  ]
}
