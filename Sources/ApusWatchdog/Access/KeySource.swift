import ApusAccess
import ApusHTTP
import ApusIO
import ApusJSON
import ApusLauncher
import Glibc

/// Where the keys of an issuer come from.
struct KeySource {
  private let place: TokenSettings.Keys
  private let family: OwnChildren

  init(_ place: TokenSettings.Keys, _ family: OwnChildren) {
    self.place = place
    self.family = family
  }

  /// The keys, and the issuer if the place names it.
  func read(on loop: Loop) async throws -> (keys: KeySet, issuer: String?) {
    switch place {
    case .file(let path): return (try KeySet(jwks: try Self.file(path)), nil)
    case .page(let url): return (try KeySet(jwks: try await page(url, on: loop)), nil)
    case .discovery(let url):
      let document = try JSON.parse(try await page(url, on: loop))
      guard let issuer = document["issuer"]?.stringValue, let keys = document["jwks_uri"]?.stringValue else {
        throw KeySourceError("the page \(url.target) of \(url.authority) names no issuer and jwks_uri")
      }
      guard let place = KeyURL(keys) else {
        throw KeySourceError("the jwks_uri of \(url.authority) is not http://: name the keys by jwt_jwks instead")
      }
      return (try KeySet(jwks: try await page(place, on: loop)), issuer)
    }
  }

  private static func file(_ path: String) throws -> [UInt8] {
    let raw = open(path, O_RDONLY | O_CLOEXEC)
    guard raw >= 0 else { throw SystemError(errno, "read", path, advice: "jwt_jwks must name a key set") }
    let file = Descriptor(owning: raw)
    var bytes = [UInt8](repeating: 0, count: AccessLimits.keySetBytes + 1)
    var count = 0
    while count < bytes.count {
      let more = bytes.withUnsafeMutableBytes { memory in
        Glibc.read(file.raw, memory.baseAddress.map { $0 + count }, memory.count - count)
      }
      if more < 0, errno == EINTR { continue }
      guard more >= 0 else { throw SystemError(errno, "read", path) }
      if more == 0 { break }
      count += more
    }
    return Array(bytes[..<count])
  }

  private func page(_ url: KeyURL, on loop: Loop) async throws -> [UInt8] {
    let upstream = Upstream(try await address(of: url, on: loop), on: loop)
    defer { upstream.close() }
    var head = RequestHead(method: .get, target: url.target, fields: Fields())
    try head.fields.append(.host, url.authority)
    try head.fields.append(.accept, "application/json")
    let limit = Instant.now() + AccessLimits.keyAnswer
    let (answer, body) = try await upstream.ask(head, before: limit, limit: AccessLimits.keySetBytes)
    guard answer.status == 200 else {
      throw KeySourceError("\(url.target) of \(url.authority) is answered with \(answer.status), not 200")
    }
    return body
  }

  private func address(of url: KeyURL, on loop: Loop) async throws -> SocketAddress {
    let host = url.host == "localhost" ? "127.0.0.1" : url.host
    if let address = SocketAddress(host: host, port: url.port) { return address }
    guard let found = try await HostLookup.first(host, on: loop, tracking: family.track),
      let address = SocketAddress(host: found, port: url.port)
    else { throw KeySourceError("there is no host \(url.host)") }
    return address
  }
}

/// Why an issuer's keys are not to be had.
struct KeySourceError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
