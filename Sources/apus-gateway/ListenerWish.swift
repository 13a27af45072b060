import ApusAccess
import ApusCommandLine
import ApusHTTP
import ApusIO
import ApusTLS

/// What an operator says about where calls come in, and from whom.
struct ListenerWish {
  static let port = Option.value(
    "port", short: "p", .integer(in: 0...65_535), default: "8080", environment: "port",
    help: "TCP port for calls and the API; 0 takes a free one")
  static let address = Option.value(
    "bind-address", .text("ADDRESS"), default: "127.0.0.1", environment: "bind_address",
    help: "Address to listen on, as a number")
  static let certificate = Option.optional(
    "tls-certificate", .file(), environment: "tls_certificate",
    help: "Serve HTTPS with this certificate and those above it (PEM); read again when it changes, and on SIGHUP")
  static let key = Option.optional(
    "tls-key", .file(), environment: "tls_key", help: "The certificate's private key (PEM)")
  static let insecurePublic = Option<Bool>.flag(
    "insecure-public", help: "Listen on a public address without TLS: passwords then travel in clear text")
  static let trustedProxies = Option.optional(
    "trusted-proxies", .text("NETWORKS"), environment: "trusted_proxies",
    help: "Proxies in front, as 10.0.0.0/8,::1: what they say about their callers counts; from others it is dropped")
  static let audience = Option.value(
    "jwt-audience", .text("TEXT"), default: "apus", environment: "jwt_audience",
    help: "What JWTs for functions must be meant for (aud)")
  static let options: [any ArgumentDeclaration] = [
    port, address, certificate, key, insecurePublic, trustedProxies, audience,
  ]

  let address: SocketAddress
  /// Nil for clear text.
  let certificate: CertificateFiles?
  let trusted: TrustedProxies
  /// The same as it was written, for functions.
  let trustedText: String
  let audience: String

  init(_ arguments: ParsedArguments) throws {
    let host = try arguments[Self.address]
    guard let address = SocketAddress(host: host, port: UInt16(clamping: try arguments[Self.port])) else {
      throw GatewayError("\(host) is no address to listen on: give it as a number, such as 127.0.0.1 or ::1")
    }
    self.address = address
    switch (try arguments[Self.certificate], try arguments[Self.key]) {
    case (nil, nil): certificate = nil
    case (let chain?, let key?): certificate = CertificateFiles(chain: chain, key: key)
    case (_?, nil): throw GatewayError("--tls-certificate needs --tls-key, the file of the private key")
    case (nil, _?): throw GatewayError("--tls-key needs --tls-certificate, the file of the certificate")
    }
    trustedText = try arguments[Self.trustedProxies] ?? ""
    guard let trusted = TrustedProxies(trustedText) else {
      throw GatewayError(
        "--trusted-proxies \(trustedText) is no list of networks: write addresses as numbers, with or without the"
          + " length of a prefix, such as 10.0.0.0/8,::1")
    }
    self.trusted = trusted
    audience = try arguments[Self.audience]
    try PublicBindRule.check(
      [address], hasTLS: certificate != nil, insecurePublic: try arguments[Self.insecurePublic])
  }
}
