/// The four forms of a request target (RFC 9112 section 3.2) and where the parts of one lie.
enum RequestTarget {
  static func isValid(_ target: UnsafeRawBufferPointer, for method: Method) -> Bool {
    guard let first = target.first else { return false }
    if case .connect = method { return Authority.isValid(target, needsPort: true) }
    if first == UInt8(ascii: "/") { return true }
    if first == UInt8(ascii: "*"), target.count == 1, case .options = method { return true }
    guard let authority = authority(of: target), authority.count > 0 else { return false }
    return target[authority.lowerBound] != Byte.colon
      && Authority.isValid(UnsafeRawBufferPointer(rebasing: target[authority]), needsPort: false)
  }

  /// The authority of an absolute form, or nil for the other forms.
  static func authority(of target: UnsafeRawBufferPointer) -> Range<Int>? {
    let start: Int
    if hasPrefix(target, "http://") {
      start = 7
    } else if hasPrefix(target, "https://") {
      start = 8
    } else {
      return nil
    }
    var end = start
    while end < target.count, target[end] != UInt8(ascii: "/"), target[end] != UInt8(ascii: "?") { end += 1 }
    return start..<end
  }

  /// The path, which is empty for `CONNECT` and for an absolute form that has none.
  static func path(of target: UnsafeRawBufferPointer) -> Range<Int> {
    var start = 0
    if let first = target.first, first != UInt8(ascii: "/"), first != UInt8(ascii: "*") {
      start = authority(of: target)?.upperBound ?? target.count
    }
    var end = start
    while end < target.count, target[end] != UInt8(ascii: "?") { end += 1 }
    return start..<end
  }

  /// What follows the first `?`, or nil.
  static func query(of target: UnsafeRawBufferPointer) -> Range<Int>? {
    let path = path(of: target)
    return path.upperBound < target.count ? path.upperBound + 1..<target.count : nil
  }

  private static func hasPrefix(_ target: UnsafeRawBufferPointer, _ prefix: StaticString) -> Bool {
    let length = prefix.utf8CodeUnitCount
    guard target.count >= length else { return false }
    return equalIgnoringCase(UnsafeRawBufferPointer(rebasing: target[..<length]), prefix)
  }
}
