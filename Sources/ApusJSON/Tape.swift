/// A parsed document: its text and its nodes.
///
/// Decoders are a reference to the tape and the number of a node; keys are compared as bytes and become strings only
/// where somebody asks for them.
final class Tape {
  static let root = 0

  private let text: PaddedText
  private let nodes: NodeBuffer

  init(_ bytes: UnsafeRawBufferPointer, _ limits: JSONCodec.Limits) throws(JSONError) {
    guard bytes.count <= limits.bytes else { throw JSONError(.tooLong(bytes: bytes.count, limit: limits.bytes)) }
    let text = PaddedText(bytes)
    var parser = TapeParser(text.base, count: text.count, depthLimit: limits.depth)
    try parser.run()
    self.text = text
    nodes = parser.finish()
  }

  @inline(__always)
  subscript(_ index: Int) -> Node { nodes.base[index] }

  /// The node behind a value and all that is in it.
  @inline(__always)
  func next(_ index: Int) -> Int {
    let node = nodes.base[index]
    return node.isContainer ? Int(node.low) : index + 1
  }

  @inline(__always)
  func token(_ index: Int) -> StringToken { StringToken(nodes.base[index], in: text.base) }

  /// The value of a member, nil if there is none.
  ///
  /// Types ask for their keys in about the order of the text, so each search starts where the last one ended.
  func member(_ object: Int, _ key: String) -> Int? {
    if let found = key.utf8.withContiguousStorageIfAvailable({ search(object, $0) }) { return found }
    return Array(key.utf8).withUnsafeBufferPointer { search(object, $0) }
  }

  private func search(_ object: Int, _ key: UnsafeBufferPointer<UInt8>) -> Int? {
    let end = Int(nodes.base[object].low)
    let first = object + 1
    guard first < end else { return nil }
    let start = Int(nodes.base[object].high)
    var index = start
    repeat {
      if token(index).equals(key) {
        nodes.base[object].high = UInt32(truncatingIfNeeded: index)
        return index + 1
      }
      index = next(index + 1)
      if index >= end { index = first }
    } while index != start
    return nil
  }

  func error(_ reason: JSONError.Reason, _ index: Int) -> JSONError {
    let offset = Int(nodes.base[index].offset) - (nodes.base[index].isString ? 1 : 0)
    return JSONError(reason, at: offset, in: text.base, path: PathKey.render(path(to: index)))
  }

  /// A number as it is written.
  func numberText(_ index: Int) -> String { String(decoding: scalarText(index), as: UTF8.self) }

  /// The text of a value that is no container, as it stands.
  func scalarText(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    let node = nodes.base[index]
    let start = text.base + Int(node.offset)
    if node.isString { return UnsafeBufferPointer(start: start - 1, count: Int(node.low) + 2) }
    var count = 0
    while ASCII.isNumber(start[count]) || ASCII.isWord(start[count]) { count += 1 }
    return UnsafeBufferPointer(start: start, count: count)
  }
}
