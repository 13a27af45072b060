import Foundation

/// A folder that goes away with its value.
final class ScratchFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("apus-tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  @discardableResult
  func file(_ name: String, _ content: Data = Data()) throws -> URL {
    let file = url.appendingPathComponent(name)
    try content.write(to: file)
    return file
  }

  /// Not `Data(contentsOf:)`, which leaks its buffer when the file is empty.
  func content(_ name: String) throws -> Data {
    let file = try FileHandle(forReadingFrom: url.appendingPathComponent(name))
    return try file.readToEnd() ?? Data()
  }
}
