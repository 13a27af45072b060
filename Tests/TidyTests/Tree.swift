import Foundation
import Testing

/// The checkout that these tests were compiled from.
struct Tree: Sendable, CustomTestStringConvertible {
  let root: URL
  /// Every path, folders included, relative to the top.
  let paths: Set<String>
  let files: [SourceFile]

  static let shared: Result<Tree, any Error> = Result { try Tree(root: checkout) }

  private static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// What is built, fetched or kept by tools, and so not ours to tidy.
  private static let skipped: Set<String> = [".build", ".git", ".swiftpm", ".data", "node_modules"]
  private static let textKinds: Set<String> = [
    "swift", "c", "h", "modulemap", "md", "sh", "yml", "yaml", "json", "html",
  ]
  private static let textFolders = ["scripts/", ".ci/", "Benchmarks/"]

  init(root: URL) throws {
    self.root = root
    var paths: Set<String> = []
    var files: [SourceFile] = []
    guard let walk = FileManager.default.enumerator(atPath: root.path) else {
      throw CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: root.path])
    }
    for case let path as String in walk {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      if Tree.skipped.contains(name) {
        walk.skipDescendants()
        continue
      }
      paths.insert(path)
      guard walk.fileAttributes?[.type] as? FileAttributeType == .typeRegular, Tree.isText(path, name: name) else {
        continue
      }
      // A file with one of these names that is not UTF-8 is a test's input, not text of ours.
      let data = try Data(contentsOf: root.appending(path: path))
      guard let text = String(data: data, encoding: .utf8) else { continue }
      files.append(SourceFile(path: path, text: text))
    }
    self.paths = paths
    self.files = files.sorted { $0.path < $1.path }
  }

  private static func isText(_ path: String, name: String) -> Bool {
    if name == "Makefile" { return true }
    guard let dot = name.lastIndex(of: ".") else { return textFolders.contains { path.hasPrefix($0) } }
    return textKinds.contains(String(name[name.index(after: dot)...]))
  }

  /// Short, or each failed expectation prints every file.
  var testDescription: String { "the checkout" }

  func file(_ path: String) -> SourceFile? { files.first { $0.path == path } }
}
