import ApusHTTP
import ApusIO
import ApusTLS
import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct `A client's TLS` {
  typealias Leaf = Certificates.Leaf

  @Test(arguments: ["-tls1_2", "-tls1_3"])
  func `downloads five megabytes that end with the connection`(version: String) throws {
    let certificates = try Certificates(.local)
    let body = Noise.bytes(5 << 20)
    try certificates.folder.file("big", body)
    let (peer, port) = try Peer.server(certificates, .local, "-WWW \(version)", in: certificates.folder.url.path)
    let answer = try SecureClient.run(port, certificates.client()) { secure in
      try await secure.write(Array("GET /big HTTP/1.0\r\n\r\n".utf8))
      return try await secure.readAll()
    }
    let isSame = answer.suffix(body.count) == [UInt8](body)[...]
    #expect(isSame, "\(answer.count) bytes")
    #expect(answer.starts(with: Array("HTTP/1.0 200 ok\r\n".utf8)))
    peer.kill()
  }

  @Test(arguments: [
    (Leaf.expired, "localhost", TLSError.Kind.expiredCertificate), (.stranger, "localhost", .unknownAuthority),
    (.elsewhere, "localhost", .wrongHost), (.local, "other.test", .wrongHost), (.rsa, "127.0.0.1", .wrongHost),
    (.local, "127.0.0.2", .wrongHost),
  ])
  func `refuses a server that is not who it should be`(leaf: Leaf, host: String, kind: TLSError.Kind) throws {
    let certificates = try Certificates(leaf)
    let (peer, port) = try Peer.server(certificates, leaf)
    let error = try SecureClient.failure(port, certificates.client(), host: host)
    #expect(error?.kind == kind, "\(error as Any)")
    #expect(error?.subject == "\(host) at 127.0.0.1:\(port)")
    peer.kill()
  }

  @Test(arguments: [("localhost", Leaf.local), ("127.0.0.1", .local), ("any.apus.test", .wildcard)])
  func `accepts a server by name or address`(host: String, leaf: Leaf) throws {
    let certificates = try Certificates(leaf)
    let (peer, port) = try Peer.server(certificates, leaf)
    #expect(try SecureClient.failure(port, certificates.client(), host: host) == nil)
    peer.kill()
  }

  @Test(arguments: ["", "a\0b"])
  func `takes no host that would check nothing`(host: String) throws {
    let certificates = try Certificates(.local)
    let (peer, port) = try Peer.server(certificates, .local)
    #expect(try SecureClient.failure(port, certificates.client(), host: host)?.kind == .wrongHost)
    peer.kill()
  }

  @Test func `names the host that it wants`() throws {
    let certificates = try Certificates(.local, .exact)
    let second = certificates.files(.exact)
    let (peer, port) = try Peer.server(
      certificates, .local, "-servername one.apus.test -cert2 \(second.chain) -key2 \(second.key)")
    #expect(try SecureClient.failure(port, certificates.client(), host: "one.apus.test") == nil)
    peer.kill()
  }

  @Test func `trusts the machine's authorities unless told otherwise`() throws {
    let certificates = try Certificates(.local)
    let (peer, port) = try Peer.server(certificates, .local)
    #expect(try SecureClient.failure(port, TLSClientContext())?.kind == .unknownAuthority)
    peer.kill()
  }

  @Test func `trusts anyone only when asked to`() throws {
    let certificates = try Certificates(.stranger)
    let (peer, port) = try Peer.server(certificates, .stranger)
    let reckless = try TLSClientContext(trusting: .dangerouslyAnyone)
    #expect(try SecureClient.failure(port, reckless, host: "whoever.test") == nil)
    peer.kill()
  }

  @Test func `refuses a server of old versions only`() throws {
    let certificates = try Certificates(.local)
    let (peer, port) = try Peer.server(certificates, .local, "-tls1_1 -cipher DEFAULT@SECLEVEL=0")
    #expect(try SecureClient.failure(port, certificates.client())?.kind == .noCommonVersion)
    peer.kill()
  }

  @Test func `offers HTTP/1.1`() throws {
    let certificates = try Certificates(.local)
    let (peer, port) = try Peer.server(certificates, .local, "-alpn h2,http/1.1")
    let agreed = try SecureClient.run(port, certificates.client()) { $0.applicationProtocol }
    #expect(agreed == "http/1.1")
    peer.kill()
  }

  @Test func `knows a server that speaks plain HTTP`() throws {
    let certificates = try Certificates()
    let server = try SecureServer(nil)
    #expect(try SecureClient.failure(server.port, certificates.client())?.kind == .notTLS)
    #expect(server.stop())
  }

  @Test func `gives up on a server that says nothing`() throws {
    let certificates = try Certificates()
    let listening = try Listener.bind(.loopback(port: 0))
    let port = try #require(try Listener.localAddress(listening.raw).port)
    var limits = Limits()
    limits.handshakeTime = .milliseconds(50)
    let error = try SecureClient.failure(port, certificates.client(), limits: limits)
    #expect(error?.kind == .expired, "\(error as Any)")
  }

  @Test func `tells a whole answer from a cut one`() throws {
    let certificates = try Certificates(.local)
    let client = try certificates.client()
    let (polite, politePort) = try Peer.server(certificates, .local, "-www")
    let answer = try SecureClient.run(politePort, client) { secure in
      try await secure.write(Array("GET / HTTP/1.0\r\n\r\n".utf8))
      return try await secure.readAll()
    }
    #expect(answer.starts(with: Array("HTTP/1.0 200 ok\r\n".utf8)))
    polite.kill()

    let (rude, rudePort) = try Peer.server(certificates, .local)
    let error = #expect(throws: IOError.self) {
      try SecureClient.run(rudePort, client) { secure in
        try rude.hear("CIPHER is")
        rude.kill()
        return try await secure.readAll()
      }
    }
    #expect(error?.isDisconnect == true, "\(error as Any)")
  }

  @Test func `goes on after the server changed its keys and ours`() throws {
    let certificates = try Certificates(.local)
    let (peer, port) = try Peer.server(certificates, .local, "-tls1_3 -msg")
    try SecureClient.run(port, certificates.client()) { secure in
      // "K" has us change our keys too (openssl-s_server(1)).
      for command in ["K\n", "k\n", "K\n"] {
        try peer.say(command)
        try peer.hear(">>> TLS 1.3, Handshake [length 0005], KeyUpdate")
        try peer.say("here\n")
        #expect(try await secure.readAll(upTo: 5) == Array("here\n".utf8))
        try await secure.write(Array("there\n".utf8))
        try peer.hear("there\n")
      }
    }
    peer.kill()
  }

  @Test func `uploads and downloads five megabytes over one pooled connection`() throws {
    let certificates = try Certificates(.local)
    let server = try SecureServer(certificates.server(.local), SecureServer.collect)
    let client = try certificates.client()
    let body = [UInt8](Noise.bytes(5 << 20))
    let port = server.port
    let loop = try Loop()
    try loop.runUntilDone {
      let upstream = Upstream(.loopback(port: port), on: loop, wrap: client.wrap(host: "localhost"))
      for turn in 0..<3 {
        let connection = try await upstream.connection(before: loop.now + .seconds(10))
        #expect(connection.isReused == (turn > 0))
        let isSame = try await SecureClient.ask(connection, body) == body
        #expect(isSame)
        upstream.giveBack(connection)
      }
      #expect(upstream.idleCount == 1)
      upstream.close()
    }
    #expect(server.stop())
  }
}
