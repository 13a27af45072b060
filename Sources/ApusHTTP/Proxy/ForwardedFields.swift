package import ApusIO

/// What a proxy tells its upstream about the caller: who, through what scheme, for which host.
///
/// A peer outside the trusted networks can write anything, so its `X-Forwarded-*` are replaced. A trusted peer's are
/// kept and its own address is appended. Behind a Unix socket the peer is one whom the file's permissions let in: its
/// word counts, and there is no address to append.
package struct ForwardedFields: Sendable, Equatable {
  /// The caller, as far as it can be known: the rightmost address that no trusted proxy has. Nil if there is none.
  package let clientAddress: String?
  /// The value of `X-Forwarded-For`; nil if no address is known.
  package let forwardedFor: String?
  /// The value of `X-Forwarded-Proto`.
  package let scheme: String
  /// The value of `X-Forwarded-Host`; nil if the caller named no host.
  package let host: String?

  /// What the caller sent under these names is taken out first. `Forwarded` (RFC 7239) goes from everybody: a proxy
  /// that speaks `X-Forwarded-For` passes a caller's forged `Forwarded` on as it came.
  package static let removed: KnownFieldSet = [.xForwardedFor, .xForwardedHost, .xForwardedProto, .forwarded]

  /// `scheme` and `host` are what this hop saw: "http" or "https", and the request's authority.
  package init(peer: SocketAddress?, trusted: TrustedProxies, fields: Fields, scheme: String, host: String?) {
    // A Unix socket has no host.
    let address = (peer?.port == nil ? nil : peer?.unmapped.host).flatMap { $0.isEmpty ? nil : $0 }
    let isTrusted = address.map { trusted.contains($0) } ?? true
    let chain = isTrusted ? fields.values("X-Forwarded-For") : []
    clientAddress = trusted.client(forwardedFor: chain, peer: address)
    let hops = chain.filter { !$0.isEmpty } + (address.map { [$0] } ?? [])
    forwardedFor = hops.isEmpty ? nil : hops.joined(separator: ", ")

    let schemes = isTrusted ? fields.values("X-Forwarded-Proto") : []
    let given = schemes.count == 1 ? schemes.first.flatMap(ForwardedFields.scheme) : nil
    self.scheme = given ?? ForwardedFields.scheme(scheme) ?? "http"
    let hosts = isTrusted ? fields.values("X-Forwarded-Host") : []
    let named = hosts.count == 1 ? hosts.first.flatMap(ForwardedFields.host) : nil
    self.host = named ?? host.flatMap(ForwardedFields.host)
  }

  /// The fields ready for the wire, `Name: value\r\n` each, as `Proxy.Rewrite.added` wants them.
  package var lines: [UInt8] {
    var lines: [UInt8] = []
    func append(_ name: StaticString, _ value: String?) {
      // Fields from a parser hold no control character; those that a program made might.
      guard let value, value.utf8.allSatisfy({ $0 == Byte.tab || $0 >= Byte.space && $0 != 0x7F }) else { return }
      lines += UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
      lines += ": ".utf8
      lines += value.utf8
      lines += "\r\n".utf8
    }
    append(KnownField.xForwardedFor.name, forwardedFor)
    append(KnownField.xForwardedProto.name, scheme)
    append(KnownField.xForwardedHost.name, host)
    return lines
  }

  /// One of the two schemes in lower case; nil for what no link can be built from.
  private static func scheme(_ text: String) -> String? {
    guard text.utf8.count <= 5 else { return nil }
    let lower = text.lowercased()
    return lower == "http" || lower == "https" ? lower : nil
  }

  private static func host(_ text: String) -> String? {
    var text = text
    let isValid = text.withUTF8 { $0.count > 0 && Authority.isValid(UnsafeRawBufferPointer($0), needsPort: false) }
    return isValid ? text : nil
  }
}
