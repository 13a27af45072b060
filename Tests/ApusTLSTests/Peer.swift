import ApusIO
import ApusLauncher
import ApusTLS
import Foundation

/// `openssl s_client` or `s_server` at the other end, which a test talks with line by line. It is killed in the end.
// Safe because one task at a time uses it: a test's thread waits while its loop runs a task of the test.
final class Peer: @unchecked Sendable {
  private var child: ChildProcess?
  private let input: FileHandle
  private let output: FileHandle
  /// What it said that nobody has waited for yet.
  private var unheard = ""

  init(_ command: [String], in folder: String? = nil) throws {
    let said = try ApusIO.Pipe(nonBlocking: false)
    let told = try ApusIO.Pipe(nonBlocking: false)
    var plan = Tool.plan(command, [0: told.reading.raw, 1: said.writing.raw, 2: said.writing.raw])
    plan.directory = folder
    child = try ChildProcess.spawn(plan)
    output = FileHandle(fileDescriptor: said.takeReading().release(), closeOnDealloc: true)
    input = FileHandle(fileDescriptor: told.takeWriting().release(), closeOnDealloc: true)
  }

  static func client(port: UInt16, _ arguments: String) throws -> Peer {
    try Peer(["openssl", "s_client", "-connect", "127.0.0.1:\(port)"] + words(arguments))
  }

  /// A server, and the port that it got.
  static func server(
    _ certificates: Certificates, _ leaf: Certificates.Leaf, _ arguments: String = "", in folder: String? = nil
  ) throws -> (Peer, UInt16) {
    let files = certificates.files(leaf)
    let command = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", files.chain, "-key", files.key]
    let peer = try Peer(command + words(arguments), in: folder)
    try peer.hear("ACCEPT 127.0.0.1:")
    guard let port = UInt16(try peer.hear("\n")) else { throw Tool.Failure(description: "no port was said") }
    return (peer, port)
  }

  private static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

  func say(_ text: String) throws {
    try input.write(contentsOf: Data(text.utf8))
  }

  /// Waits until `text` is said and answers what came before it; throws if the program ends without saying it.
  @discardableResult
  func hear(_ text: String) throws -> String {
    while true {
      if let range = unheard.range(of: text) {
        let before = String(unheard[..<range.lowerBound])
        unheard = String(unheard[range.upperBound...])
        return before
      }
      let more = output.availableData
      if more.isEmpty { throw Tool.Failure(description: "the other end never said \(text), only: \(unheard)") }
      unheard += String(decoding: more, as: UTF8.self)
    }
  }

  /// Ends it without giving it time to say good-bye.
  func kill() {
    child = nil
  }
}
