import Foundation
import ImageModel
import Instruments

/// Python with OpenCV, Pillow and scikit-image, which are not ours, and what they made for the tests of one run.
struct Peer: Sendable {
  private let python: String
  private let oracles: String
  /// Images and oracles' answers.
  let folder: String

  static let shared: Peer? = try? Peer()
  static var isThere: Bool { shared != nil }
  static let missing = "scripts/blur-peers says why its Python can't be had"

  private init() throws {
    let tree = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    let answer = try Shell.run("'\(tree)/scripts/blur-peers' 2>&1")
    guard answer.status == 0 else {
      print(answer.output)
      throw CocoaError(.executableNotLoadable)
    }
    python = String(answer.output.split(separator: "\n").last ?? "")
    oracles = "\(tree)/Tests/Oracles"
    folder = FileManager.default.temporaryDirectory.appending(path: "apus-blur-\(getpid())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try ask("material '\(folder)'")
    // The process ends without another word to its values.
    atexit { try? FileManager.default.removeItem(atPath: Peer.shared?.folder ?? "") }
  }

  /// What an oracle prints.
  func ask(_ arguments: String, of oracle: String = "blur-image.py") throws -> String {
    let answer = try Shell.run("'\(python)' '\(oracles)/\(oracle)' \(arguments) 2>&1")
    guard answer.status == 0 else {
      print(answer.output)
      throw CocoaError(.fileReadUnknown)
    }
    return answer.output
  }

  func file(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
  }

  /// Puts bytes where the oracle can read them.
  func keep(_ bytes: [UInt8], as name: String) throws -> String {
    let path = "\(folder)/\(name)"
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  /// A grey image as the oracle saw it.
  func grey(_ name: String) throws -> Raster {
    let bytes = try file("\(name).grey")
    func number(_ at: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
    return Raster(width: number(0), height: number(4), channels: 1, pixels: Array(bytes[8...]))
  }

  /// Pillow's pixels of an encoded image.
  func decode(_ bytes: [UInt8], _ name: String) throws -> (facts: String, raster: Raster) {
    let path = try keep(bytes, as: name)
    let facts = try ask("decode '\(path)' '\(path).rgb'")
    let sides = facts.split(separator: " ").prefix(2).compactMap { Int($0) }
    let pixels = try file("\(name).rgb")
    guard sides.count == 2 else { throw CocoaError(.fileReadCorruptFile) }
    return (
      facts.trimmingCharacters(in: .newlines), Raster(width: sides[0], height: sides[1], channels: 3, pixels: pixels)
    )
  }
}
