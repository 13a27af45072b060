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
      guard let tag = number(2), let type = number(2), let count = number(4) else { return .upright }
      // EXIF 2.3 asks for a SHORT; there are LONGs and signed ones, too, and what shows images turns these. What fits
      // into the field's four bytes stands at their beginning, in either order.
      let length = type == 4 || type == 9 ? 4 : 2
      guard tag == 0x0112, [3, 4, 8, 9].contains(type), (1...4 / length).contains(count) else {
        reader.skip(4)
        continue
      }
      return number(length).flatMap(UInt8.init(exactly:)).flatMap(Orientation.init) ?? .upright
    }
    return .upright
  }
}
