import ApusHTTP
import ApusIO
import ApusLauncher
import ApusTLS
import Foundation
import Instruments
import Testing

@Suite(.timeLimit(.minutes(2))) struct `A server's handshake` {
  @Test func `satisfies a curl that knows its authority`() throws {
    let certificates = try Certificates(.local)
    let server = try SecureServer(certificates.server(.local))
    let answer = try Tool.run(["curl", "-sS", "--cacert", certificates.authority, "https://127.0.0.1:\(server.port)/"])
    #expect(answer.text == "hello\n", "\(answer.errors)")
    #expect(server.stop())
  }

  @Test func `hears why a curl that does not know its authority leaves`() throws {
    let certificates = try Certificates(.local)
    let server = try SecureServer(certificates.server(.local))
    let answer = try Tool.run(["curl", "-sS", "https://127.0.0.1:\(server.port)/"])
    // curl(1): 60, the peer's certificate can't be authenticated.
    #expect(answer.end.cause == .status(60))
    #expect(server.failure?.kind == .refusedByPeer)
    #expect(server.stop())
  }

  @Test(arguments: [("-tls1_2", "Protocol  : TLSv1.2"), ("-tls1_3", "New, TLSv1.3")])
  func `speaks the two current versions`(option: String, said: String) throws {
    let certificates = try Certificates(.local)
    let server = try SecureServer(certificates.server(.local))
    let answer = try client(server, certificates, option)
    #expect(answer.text.contains(said), "\(answer.text)\(answer.errors)")
    #expect(answer.text.contains("Verification: OK"))
    #expect(server.stop())
  }

  @Test(arguments: ["-tls1", "-tls1_1"])
  func `refuses old versions and tells the peer`(option: String) throws {
    let certificates = try Certificates(.local)
    let server = try SecureServer(certificates.server(.local))
    let answer = try client(server, certificates, option, "-cipher", "DEFAULT@SECLEVEL=0")
    #expect(!answer.end.isSuccess)
    #expect(answer.errors.contains("alert protocol version"), "\(answer.errors)")
    #expect(server.failure?.kind == .noCommonVersion)
    #expect(server.stop())
  }

  @Test(arguments: [
    ("localhost", "local"), ("one.apus.test", "exact"), ("two.apus.test", "wildcard"), ("unknown.test", "local"),
    ("", "local"),
  ])
  func `shows the certificate made for the name`(name: String, expected: String) throws {
    let certificates = try Certificates(.local, .wildcard, .exact)
    let server = try SecureServer(certificates.server(.local, .wildcard, .exact))
    let answer = try client(server, certificates, name.isEmpty ? "-noservername" : "-servername", name)
    #expect(answer.text.contains("subject=CN = \(expected)\n"), "\(answer.text)\(answer.errors)")
    #expect(server.stop())
  }

  @Test(arguments: [
    ("http/1.1", "ALPN protocol: http/1.1"), ("h2,http/1.1", "ALPN protocol: http/1.1"),
    ("http/1.0,http/1.1", "ALPN protocol: http/1.1"), ("http/1.0", "ALPN protocol: http/1.0"),
    ("", "No ALPN negotiated"),
  ])
  func `agrees on a protocol`(offer: String, said: String) throws {
    let certificates = try Certificates(.local)
    let server = try SecureServer(certificates.server(.local))
    let answer = try offer.isEmpty ? client(server, certificates) : client(server, certificates, "-alpn", offer)
    #expect(answer.text.contains(said), "\(answer.text)\(answer.errors)")
    #expect(server.stop())
  }

  @Test func `refuses a client that speaks only something else`() throws {
    let certificates = try Certificates(.local)
    let server = try SecureServer(certificates.server(.local))
    let answer = try client(server, certificates, "-alpn", "h2")
    #expect(answer.errors.contains("alert no application protocol"), "\(answer.errors)")
    #expect(server.failure?.kind == .noCommonProtocol)
    #expect(server.stop())
  }

  @Test func `has a ticket for the next one`() throws {
    let certificates = try Certificates(.local)
    let server = try SecureServer(certificates.server(.local))
    let ticket = certificates.folder.path("ticket")
    _ = try client(server, certificates, "-tls1_2", "-sess_out", ticket)
    let answer = try client(server, certificates, "-tls1_2", "-sess_in", ticket)
    #expect(answer.text.contains("Reused, TLSv1.2"), "\(answer.text)\(answer.errors)")
    #expect(server.stop())
  }

  @Test func `is cut when it stalls`() throws {
    let certificates = try Certificates(.local)
    var limits = Limits()
    limits.handshakeTime = .milliseconds(50)
    let server = try SecureServer(certificates.server(.local), limits: limits)
    let end = try SecureClient.runPlain(server.port) { stream in try await stream.readAll() }
    #expect(end.isEmpty)
    #expect(server.failure?.kind == .expired)
    #expect(server.stop())
  }

  @Test func `that stalls does not keep the server from ending`() throws {
    let certificates = try Certificates(.local)
    var limits = Limits()
    limits.handshakeTime = .seconds(600)
    let server = try SecureServer(certificates.server(.local), limits: limits)
    try SecureClient.runPlain(server.port) { _ in
      // Later connections are served, so this silent one has been accepted before.
      let answer = try self.client(server, certificates)
      #expect(answer.text.contains("Verification: OK"))
      #expect(server.stop(grace: .milliseconds(50)))
    }
  }

  @Test func `tells plain HTTP what to do`() throws {
    let certificates = try Certificates(.local)
    let server = try SecureServer(certificates.server(.local))
    let answer = try Tool.run(["curl", "-sS", "-w", "%{http_code}", "http://127.0.0.1:\(server.port)/"])
    #expect(answer.text.contains("https://"), "\(answer.errors)")
    #expect(answer.text.hasSuffix("400"))
    #expect(server.failure?.kind == .plainHTTP)
    #expect(server.stop())
  }

  @Test(arguments: 0..<20)
  func `survives noise`(seed: UInt64) throws {
    let certificates = try Certificates(.local)
    let server = try SecureServer(certificates.server(.local))
    var random = SeededRandom(seed)
    // Half of them look like a handshake record at first.
    let head: [UInt8] = seed.isMultiple(of: 2) ? [22, 3, 1, 1, 0, 1, 0, 0, 252, 3, 3] : []
    let noise = head + (0..<2000).map { _ in UInt8.random(in: 0...255, using: &random) }
    try SecureClient.runPlain(server.port) { stream in
      try await stream.write(noise)
      await stream.endWriting()
      // It may answer with an alert or reset us: either way it ends.
      _ = try? await stream.readAll()
    }
    #expect(server.failure != nil)
    #expect(try client(server, certificates).text.contains("Verification: OK"))
    #expect(server.stop())
  }

  @Test(arguments: [[], [22], [22, 3, 1, 2, 0, 1, 0]] as [[UInt8]])
  func `that the peer breaks off ends the connection`(start: [UInt8]) throws {
    let certificates = try Certificates(.local)
    let server = try SecureServer(certificates.server(.local))
    try SecureClient.runPlain(server.port) { stream in try await stream.write(start) }
    #expect(server.failure?.kind == .closedEarly, "\(server.failure as Any)")
    #expect(server.stop())
  }

  private func client(_ server: SecureServer, _ certificates: Certificates, _ options: String...) throws -> Tool {
    try Tool.run(
      ["openssl", "s_client", "-connect", "127.0.0.1:\(server.port)", "-CAfile", certificates.authority]
        + options.filter { !$0.isEmpty })
  }
}
