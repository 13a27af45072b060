/// The keys of the objects that are open, so that a second one of the same name is noticed.
///
/// A mark is a fingerprint above a place; the marks of inner objects lie on top of those of outer ones.
struct KeyMarks {
  private var marks: [UInt64] = []

  /// Up to this many keys, comparing each with each is quicker than sorting.
  static let fewKeys = 24

  var count: Int { marks.count }

  mutating func push(_ fingerprint: UInt32, place: UInt32) {
    marks.append(UInt64(fingerprint) << 32 | UInt64(place))
  }

  /// Forgets the marks of a place and behind it.
  mutating func forget(from place: Int) {
    while let last = marks.last, Int(Self.place(last)) >= place { marks.removeLast() }
  }

  mutating func truncate(to count: Int) {
    marks.removeLast(marks.count - count)
  }

  /// Forgets the last `count` marks; returns the later place of two equal keys if there are any.
  ///
  /// The sort compares the keys themselves, so that chosen collisions of the fingerprint cost no more than n log n.
  mutating func pop(_ count: Int, order: (_ left: UInt32, _ right: UInt32) -> Int) -> UInt32? {
    defer { truncate(to: marks.count - count) }
    let first = marks.count - count
    if count <= Self.fewKeys {
      for right in first..<marks.count {
        for left in first..<right where marks[left] >> 32 == marks[right] >> 32 {
          if order(Self.place(marks[left]), Self.place(marks[right])) == 0 { return Self.place(marks[right]) }
        }
      }
      return nil
    }
    let sorted = marks[first...].sorted { left, right in
      left >> 32 == right >> 32 ? order(Self.place(left), Self.place(right)) < 0 : left < right
    }
    for (left, right) in zip(sorted, sorted.dropFirst()) where left >> 32 == right >> 32 {
      if order(Self.place(left), Self.place(right)) == 0 {
        return max(Self.place(left), Self.place(right))
      }
    }
    return nil
  }

  private static func place(_ mark: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: mark) }

  /// Mixes length, first and last bytes; equal keys always agree, others seldom do.
  @inline(__always)
  static func fingerprint(_ key: UnsafeBufferPointer<UInt8>) -> UInt32 {
    guard let base = key.baseAddress, !key.isEmpty else { return 0 }
    var mixed = UInt64(key.count)
    if key.count >= 8 {
      mixed = (mixed ^ EightBytes.load(base)) &* 0x9E37_79B9_7F4A_7C15
      mixed = (mixed ^ (mixed >> 32) ^ EightBytes.load(base + key.count - 8)) &* 0x9E37_79B9_7F4A_7C15
    } else {
      for byte in key { mixed = mixed << 8 | UInt64(byte) }
      mixed = mixed &* 0x9E37_79B9_7F4A_7C15
    }
    return UInt32(truncatingIfNeeded: mixed >> 32)
  }
}
