import ApusTLS
import Foundation
import Instruments

/// An authority and what it signed, made by the openssl program for one test.
final class Certificates: Sendable {
  let folder: ScratchFolder

  init(_ leaves: Leaf...) throws {
    folder = try ScratchFolder()
    try Certificates.authority("ca", in: folder)
    for leaf in leaves { try make(leaf) }
  }

  struct Leaf: Sendable {
    var name: String
    var hosts: [String]
    var days = 30
    var algorithm = "ec -pkeyopt ec_paramgen_curve:P-256"
    var isSignedByStranger = false
    /// The common name, if it isn't `name`.
    var subject: String?

    static let local = Leaf(name: "local", hosts: ["DNS:localhost", "IP:127.0.0.1"])
    static let expired = Leaf(name: "expired", hosts: ["DNS:localhost", "IP:127.0.0.1"], days: -1)
    static let ending = Leaf(name: "ending", hosts: ["DNS:localhost"], days: 3)
    static let elsewhere = Leaf(name: "elsewhere", hosts: ["DNS:elsewhere.test"])
    static let wildcard = Leaf(name: "wildcard", hosts: ["DNS:*.apus.test"])
    static let exact = Leaf(name: "exact", hosts: ["DNS:one.apus.test"])
    static let rsa = Leaf(name: "rsa", hosts: ["DNS:localhost"], algorithm: "rsa:2048")
    static let stranger = Leaf(name: "stranger", hosts: ["DNS:localhost"], isSignedByStranger: true)
  }

  var authority: String { folder.path("ca.pem") }

  func files(_ leaf: Leaf) -> CertificateFiles {
    CertificateFiles(chain: folder.path(leaf.name + ".pem"), key: folder.path(leaf.name + ".key"))
  }

  func server(_ leaves: Leaf...) throws -> TLSServerContext {
    try TLSServerContext(leaves.map(files))
  }

  func client() throws -> TLSClientContext {
    try TLSClientContext(trusting: .authorities(file: authority))
  }

  /// Makes a leaf, in the place of the one that had its name.
  func make(_ leaf: Leaf) throws {
    var signer = "ca"
    if leaf.isSignedByStranger {
      signer = "other"
      try Certificates.authority(signer, in: folder)
    }
    try folder.file("\(leaf.name).ext", Data("subjectAltName=\(leaf.hosts.joined(separator: ","))\n".utf8))
    try Tool.openssl(
      "req -newkey \(leaf.algorithm) -nodes -subj /CN=\(leaf.subject ?? leaf.name) "
        + "-keyout @\(leaf.name).key -out @\(leaf.name).csr",
      in: folder.url)
    try Tool.openssl(
      "x509 -req -in @\(leaf.name).csr -CA @\(signer).pem -CAkey @\(signer).key -CAcreateserial -days \(leaf.days) "
        + "-extfile @\(leaf.name).ext -out @\(leaf.name).pem", in: folder.url)
  }

  private static func authority(_ name: String, in folder: ScratchFolder) throws {
    try Tool.openssl(
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=\(name) -keyout @\(name).key "
        + "-out @\(name).pem -addext basicConstraints=critical,CA:TRUE", in: folder.url)
  }
}
