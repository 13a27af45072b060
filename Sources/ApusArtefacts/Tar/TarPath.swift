/// Where an entry goes, below the folder that the archive is unpacked into: relative, without `.` and `..`.
///
/// Compared by bytes, as Linux does: Swift's own comparison of texts would call "é" and "e" with an accent one name.
package struct TarPath: Hashable, Comparable, Sendable {
  /// The name of one file, NAME_MAX of Linux.
  static let componentBytes = 255

  /// Components with single slashes between them; empty for the folder itself.
  package let text: String

  private init(joined text: String) {
    self.text = text
  }

  /// Takes a path as an archive has it: `./` before it and doubled slashes mean nothing, a slash after it is dropped.
  package init(_ bytes: some Collection<UInt8>, limits: ArtefactLimits) throws(TarError.Reason) {
    guard !bytes.isEmpty else { throw .emptyPath }
    guard !bytes.contains(0) else { throw .nulInPath }
    guard bytes.count <= limits.pathBytes else { throw .pathTooLong(limit: limits.pathBytes) }
    guard bytes.first != UInt8(ascii: "/") else { throw .absolutePath }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .pathNotUTF8 }
    let components = text.utf8.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
    guard !components.contains(where: { $0.elementsEqual("..".utf8) }) else { throw .parentInPath }
    guard components.allSatisfy({ $0.count <= Self.componentBytes }) else {
      throw .pathTooLong(limit: Self.componentBytes)
    }
    guard components.count <= limits.depth else { throw .tooDeep(limit: limits.depth) }
    self.text = components.map { String(Substring($0)) }.joined(separator: "/")
  }

  package var isRoot: Bool { text.isEmpty }

  package var components: [String] { text.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) } }

  /// The folder that holds it; nil for the root.
  var parent: TarPath? {
    guard !isRoot else { return nil }
    let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) ?? text.startIndex
    return TarPath(joined: String(text[..<slash]))
  }

  package static func == (left: TarPath, right: TarPath) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

  package static func < (left: TarPath, right: TarPath) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
