import Foundation
import Glibc

/// A folder that goes away with its value.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("apus-logs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func segments(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  func bytes(_ folder: String) -> Int {
    segments(folder).reduce(0) { sum, name in
      var facts = stat()
      return stat(folder + "/" + name, &facts) == 0 ? sum + Int(facts.st_size) : sum
    }
  }
}
