internal import ImageModel

/// Of EXIF only the one thing that the pixels need.
enum EXIF {
  /// The orientation that the TIFF structure in `bytes` tells; upright if it tells none that makes sense.
  static func orientation(_ bytes: ArraySlice<UInt8>) -> Orientation {
    var reader = ByteReader(bytes)
    let isBig: Bool
    switch reader.take(2).map(Array.init) {
    case [0x4D, 0x4D]: isBig = true
    case [0x49, 0x49]: isBig = false
    default: return .upright
    }
    func number(_ count: Int) -> Int? { isBig ? reader.bigEndian(count) : reader.littleEndian(count) }
    guard number(2) == 42, let first = number(4), first < bytes.count else { return .upright }
    reader.seek(first)
    guard let entries = number(2) else { return .upright }
    for _ in 0..<entries {
      guard let tag = number(2), let type = number(2), number(4) != nil, let value = number(2) else { return .upright }
      reader.skip(2)
      // A SHORT stands at the beginning of the field's four bytes, in either order.
      guard tag == 0x0112, type == 3 else { continue }
      return UInt8(exactly: value).flatMap(Orientation.init) ?? .upright
    }
    return .upright
  }
}
