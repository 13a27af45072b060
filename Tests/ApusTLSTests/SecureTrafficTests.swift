import ApusHTTP
import ApusIO
import ApusTLS
import Foundation
import Instruments
import Testing

@Suite(.timeLimit(.minutes(2))) struct `A secure connection to a server` {
  @Test(arguments: ["-tlsv1.3", "--tls-max 1.2"])
  func `carries five megabytes both ways at once`(version: String) throws {
    let certificates = try Certificates(.local)
    let server = try SecureServer(certificates.server(.local))
    let body = Noise.bytes(5 << 20)
    let file = try certificates.folder.file("body", body)
    let answer = try Tool.run(
      ["curl", "-sS", "--cacert", certificates.authority] + version.split(separator: " ").map(String.init)
        + ["--data-binary", "@\(file.path)", "--limit-rate", "20M", "https://127.0.0.1:\(server.port)/"])
    // Compared outside: a difference between five megabytes is nothing to print.
    let isSame = answer.output == body
    #expect(isSame, "\(answer.output.count) bytes, \(answer.errors)")
    #expect(server.stop())
  }

  @Test func `answers every one of many pipelined requests`() throws {
    let certificates = try Certificates(.local)
    let server = try SecureServer(certificates.server(.local))
    let count = 2000
    let one = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    let last = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    let input = Data((String(repeating: one, count: count - 1) + last).utf8)
    let answer = try Tool.run(
      ["openssl", "s_client", "-quiet", "-connect", "127.0.0.1:\(server.port)"], input: input)
    #expect(answer.text.components(separatedBy: "HTTP/1.1 200 OK\r\n").count - 1 == count)
    #expect(answer.text.components(separatedBy: "hello\n").count - 1 == count)
    #expect(server.stop())
  }

  @Test func `goes on after keys were changed in both directions`() throws {
    let certificates = try Certificates(.local)
    let server = try SecureServer(certificates.server(.local))
    let client = try Peer.client(port: server.port, "-tls1_3 -CAfile \(certificates.authority)")
    // Before and after the first use of the keys; "K" has the peer change its keys too (openssl-s_client(1)).
    for command in ["K\n", "k\n", "K\n"] {
      try client.say(command)
      try client.hear("KEYUPDATE")
      try client.say("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
      try client.hear("hello\n")
    }
    client.kill()
    #expect(server.stop())
  }

  @Test func `is not negotiated a second time`() throws {
    let certificates = try Certificates(.local)
    let server = try SecureServer(certificates.server(.local))
    let client = try Peer.client(port: server.port, "-tls1_2 -CAfile \(certificates.authority)")
    try client.hear("Verify return code")
    try client.say("R\n")
    try client.hear("no renegotiation")
    #expect(server.stop())
  }

  @Test func `ends when the client is killed in the middle of an answer`() throws {
    let certificates = try Certificates(.local)
    let server = try SecureServer(certificates.server(.local)) { exchange in
      do throws(HTTPError) {
        try exchange.start(ResponseHead(), length: nil)
        let part = [UInt8](repeating: 65, count: 100_000)
        while true { try await exchange.write(part) }
      } catch {
        #expect(error.isDisconnect, "\(error)")
      }
    }
    let client = try Peer.client(port: server.port, "-quiet")
    try client.say("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    try client.hear("AAAA")
    client.kill()
    #expect(server.stop())
  }

  @Test func `ends with a good-bye when the answer is whole`() throws {
    let certificates = try Certificates(.local)
    let server = try SecureServer(certificates.server(.local))
    let client = try Tool.run(
      ["openssl", "s_client", "-msg", "-ign_eof", "-tls1_2", "-connect", "127.0.0.1:\(server.port)"],
      input: Data("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8))
    #expect(client.text.contains("<<< TLS 1.2, Alert [length 0002], warning close_notify"), "\(client.text)")
    #expect(server.stop())
  }

  @Test func `ends without one when the answer is cut`() throws {
    let certificates = try Certificates(.local)
    // HTTP/1.0: the end of the connection is the end of the body, so TLS alone can tell that it is cut.
    let server = try SecureServer(certificates.server(.local)) { exchange in
      do throws(HTTPError) {
        try exchange.start(ResponseHead(), length: nil)
        try await exchange.write(Array("half".utf8))
      } catch {
        Issue.record(error)
      }
    }
    let client = try Tool.run(
      ["openssl", "s_client", "-quiet", "-connect", "127.0.0.1:\(server.port)"],
      input: Data("GET / HTTP/1.0\r\n\r\n".utf8))
    #expect(client.text.hasSuffix("\r\n\r\nhalf"))
    #expect(client.errors.contains("unexpected eof while reading"), "\(client.errors)")
    #expect(server.stop())
  }

  @Test func `leaves no descriptor behind, however it ends`() async {
    await #expect(processExitsWith: .success) {
      let certificates = try Certificates(.local)
      let context = try certificates.server(.local)
      let client = try certificates.client()
      let stranger = try TLSClientContext()
      // Once before counting: what is opened at first use stays open.
      try DescriptorCount.mixedRound(context, client, stranger)
      let before = try DescriptorCount.now()
      let kept = try FileHandle(forReadingFrom: URL(fileURLWithPath: certificates.authority))
      try #require(DescriptorCount.now() == before + 1, "the count must see a descriptor")
      try kept.close()
      for _ in 0..<5 { try DescriptorCount.mixedRound(context, client, stranger) }
      let after = try DescriptorCount.now()
      if after != before { fatalError("\(before) descriptors before, \(after) after") }
    }
  }
}

enum DescriptorCount {
  static func now() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
  }

  /// Good ends and bad ones, on both sides.
  static func mixedRound(
    _ context: TLSServerContext, _ client: TLSClientContext, _ stranger: TLSClientContext
  ) throws {
    let server = try SecureServer(context)
    for _ in 0..<10 {
      _ = try SecureClient.run(server.port, client) { secure in
        try await SecureClient.ask(ClientConnection(secure, limits: Limits()))
      }
      _ = try SecureClient.failure(server.port, stranger)
      try SecureClient.runPlain(server.port) { stream in try await stream.write([22, 3, 1]) }
    }
    server.stop()
  }
}

enum Noise {
  /// The same bytes every time, with no pattern in them.
  static func bytes(_ count: Int) -> Data {
    var random = SeededRandom(20261121)
    var bytes: [UInt64] = []
    for _ in 0..<(count / 8) { bytes.append(random.next()) }
    return bytes.withUnsafeBytes { Data($0) }
  }
}
