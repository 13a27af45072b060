/// The part of a file that a request asks for (RFC 9110 section 14).
package enum ByteRange: Equatable, Sendable {
  /// All of it: there is no `Range`, or none that we serve. More than one range is answered by the whole.
  case whole
  case part(Range<Int>)
  /// Beyond the end.
  case unsatisfiable

  package init(_ field: String?, size: Int) {
    self = .whole
    guard let field, field.lowercased().hasPrefix("bytes=") else { return }
    let spec = field.dropFirst(6).filter { $0 != " " && $0 != "\t" }
    guard !spec.contains(","), let dash = spec.firstIndex(of: "-") else { return }
    let (first, last) = (spec[..<dash], spec[spec.index(after: dash)...])
    guard first.utf8.allSatisfy(ByteRange.isDigit), last.utf8.allSatisfy(ByteRange.isDigit) else { return }
    switch (first.isEmpty, last.isEmpty) {
    case (true, true): return
    case (true, false):
      let count = Int(last) ?? .max
      self = count == 0 || size == 0 ? .unsatisfiable : .part(max(0, size - count)..<size)
    case (false, _):
      // More digits than a number of ours has is beyond every end.
      let start = Int(first) ?? .max
      let end = last.isEmpty ? Int.max : Int(last) ?? .max
      guard start <= end else { return }
      self = start >= size ? .unsatisfiable : .part(start..<(end >= size ? size : end + 1))
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }
}
