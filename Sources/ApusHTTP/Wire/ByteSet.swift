/// A set of ASCII characters: one bit each, so that asking costs a shift.
struct ByteSet {
  let low: UInt64
  let high: UInt64

  @inline(__always) func contains(_ byte: UInt8) -> Bool {
    let half = byte < 64 ? low : high
    return byte < 128 && (half &>> UInt64(byte & 63)) & 1 == 1
  }

  /// The index of the first byte from `start` on that isn't in the set, or `end`.
  @inline(__always) func skip(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
    var at = start
    while at < end, contains(base[at]) { at += 1 }
    return at
  }

  func holdsAll(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.allSatisfy { contains($0) }
  }

  /// RFC 9110 section 5.6.2, `tchar`: letters, digits and !#$%&'*+-.^_`|~
  static let token = ByteSet(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)

  /// What we take in a request target: all visible ASCII but `"`, `#`, `<`, `>`. RFC 3986 would also refuse
  /// `\ ^ { | }` and the backtick, but browsers send those unescaped in a query.
  static let target = ByteSet(low: 0xAFFF_FFF2_0000_0000, high: 0x7FFF_FFFF_FFFF_FFFF)

  /// RFC 3986 section 3.2.2, `reg-name`: unreserved, sub-delims and `%`.
  static let host = ByteSet(low: 0x2BFF_7FF2_0000_0000, high: 0x47FF_FFFE_87FF_FFFE)
}
