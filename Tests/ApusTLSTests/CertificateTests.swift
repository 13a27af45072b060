import ApusTLS
import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct `A server's certificates` {
  /// Something wrong with the files, what it is called, and which file it is about.
  struct Fault: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var kind: TLSError.Kind
    var file: String
    var spoil: @Sendable (Certificates) throws -> Void
  }

  static let faults = [
    Fault(testDescription: "no certificate", kind: .unreadableFile, file: "local.pem") {
      try FileManager.default.removeItem(atPath: $0.folder.path("local.pem"))
    },
    Fault(testDescription: "no key", kind: .unreadableFile, file: "local.key") {
      try FileManager.default.removeItem(atPath: $0.folder.path("local.key"))
    },
    Fault(testDescription: "garbage for a certificate", kind: .notACertificate, file: "local.pem") {
      try $0.folder.file("local.pem", Data("hello".utf8))
    },
    Fault(testDescription: "garbage for a key", kind: .notAKey, file: "local.key") {
      try $0.folder.file("local.key", Data("hello".utf8))
    },
    Fault(testDescription: "another certificate's key", kind: .keyDoesNotMatch, file: "local.key") {
      try $0.folder.file("local.key", Data(contentsOf: $0.folder.url.appendingPathComponent("ca.key")))
    },
    Fault(testDescription: "a key of another kind", kind: .keyDoesNotMatch, file: "local.key") {
      try Tool.openssl("genrsa -out @local.key 2048", in: $0.folder.url)
    },
    Fault(testDescription: "a locked key", kind: .encryptedKey, file: "local.key") {
      try Tool.openssl("pkey -in @local.key -aes256 -passout pass:secret -out @locked.key", in: $0.folder.url)
      try Tool.openssl(
        "pkey -in @locked.key -passin pass:secret -aes128 -passout pass:x -out @local.key", in: $0.folder.url)
    },
  ]

  @Test(arguments: faults)
  func `are refused with the file and the reason`(fault: Fault) throws {
    let certificates = try Certificates(.local)
    try fault.spoil(certificates)
    let error = #expect(throws: TLSError.self) { try certificates.server(.local) }
    #expect(error?.kind == fault.kind, "\(error as Any)")
    #expect(error?.subject == certificates.folder.path(fault.file))
    #expect(error?.description.contains(fault.file) == true)
  }

  @Test(arguments: faults)
  func `stay as they were when new ones are not in order`(fault: Fault) throws {
    let certificates = try Certificates(.local)
    let context = try certificates.server(.local)
    let server = try SecureServer(context)
    try fault.spoil(certificates)
    let error = #expect(throws: TLSError.self) { try context.reload() }
    #expect(error?.kind == fault.kind)
    let answer = try Tool.run(["curl", "-sS", "--cacert", certificates.authority, "https://127.0.0.1:\(server.port)/"])
    #expect(answer.text == "hello\n", "\(answer.errors)")
    #expect(server.stop())
  }

  @Test func `have to be there`() {
    #expect(throws: TLSError(.noCertificates, "this server")) { try TLSServerContext([]) }
  }

  @Test func `may be of both kinds`() throws {
    let certificates = try Certificates(.rsa)
    let server = try SecureServer(certificates.server(.rsa))
    let answer = try Tool.run(["curl", "-sS", "--cacert", certificates.authority, "https://localhost:\(server.port)/"])
    #expect(answer.text == "hello\n", "\(answer.errors)")
    #expect(server.stop())
  }

  @Test func `that have expired or soon will are served with a warning`() throws {
    let certificates = try Certificates(.local, .expired, .ending)
    let context = try certificates.server(.local, .expired, .ending)
    let (expired, ending) = (certificates.files(.expired).chain, certificates.files(.ending).chain)
    #expect(context.warnings.first == .expired(file: expired))
    // Two if a second has passed since it was made.
    #expect([2, 3].map { .expiresSoon(file: ending, days: $0) }.contains(context.warnings.last))
    #expect(context.warnings.count == 2)
  }

  @Test func `whose key everybody can read are served with a warning`() throws {
    let certificates = try Certificates(.local)
    let key = certificates.files(.local).key
    _ = chmod(key, 0o640)
    #expect(try certificates.server(.local).warnings == [], "a group is what somebody chose")
    _ = chmod(key, 0o644)
    #expect(try certificates.server(.local).warnings == [.exposedKey(file: key)])
    #expect("\(TLSWarning.exposedKey(file: key))".contains("chmod o-rwx \(key)"))
  }

  @Test(arguments: [(0, "expires today."), (1, "expires in 1 day."), (2, "expires in 2 days.")])
  func `say when they end`(days: Int, text: String) {
    #expect("\(TLSWarning.expiresSoon(file: "one.pem", days: days))".contains(text))
  }

  @Test func `change for new connections while old ones go on`() throws {
    let certificates = try Certificates(.local)
    let context = try certificates.server(.local)
    let server = try SecureServer(context)
    let old = try Peer.client(port: server.port, "-CAfile \(certificates.authority)")
    try old.hear("subject=CN = local\n")
    try old.say("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    try old.hear("hello\n")

    var renewed = Certificates.Leaf.local
    renewed.subject = "renewed"
    try certificates.make(renewed)
    #expect(try context.reload() == [])
    let new = try Peer.client(port: server.port, "-CAfile \(certificates.authority)")
    try new.hear("subject=CN = renewed\n")

    try old.say("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    try old.hear("hello\n")
    new.kill()
    #expect(server.stop())
  }
}
