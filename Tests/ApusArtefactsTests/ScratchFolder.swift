import Foundation

/// A folder that goes away with its value.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("apus-artefacts-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func url(_ name: String) -> URL { URL(fileURLWithPath: "\(path)/\(name)") }

  func write(_ name: String, _ content: [UInt8], mode: Int = 0o644) throws {
    let file = url(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(content).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
  }

  /// Not `Data(contentsOf:)`, which leaks its buffer when the file is empty.
  func read(_ name: String) throws -> [UInt8] {
    try [UInt8](FileHandle(forReadingFrom: url(name)).readToEnd() ?? Data())
  }

  /// All that is below it: mode, kind and path of each, as find(1) sees it.
  func listing(_ name: String = ".") throws -> [String] {
    let found = try Tool.run("find", "\(path)/\(name)", "-printf", "%m %y %P\\n")
    return String(decoding: found, as: UTF8.self).split(separator: "\n").map(String.init).sorted()
  }
}
