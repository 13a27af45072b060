/// `host` or `host:port` (RFC 3986 section 3.2, without user information, which RFC 9110 section 4.2.4 forbids).
enum Authority {
  /// An empty host is valid without a port: RFC 9112 section 3.2 has clients send it where the URL names none.
  static func isValid(_ bytes: UnsafeRawBufferPointer, needsPort: Bool) -> Bool {
    guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count > 0 else { return !needsPort }
    var at = 0
    if base[0] == UInt8(ascii: "[") {
      guard let end = endOfLiteral(base, bytes.count) else { return false }
      at = end
    } else {
      at = ByteSet.host.skip(base, 0, bytes.count)
      guard at > 0, hasWholeEscapes(base, at) else { return false }
    }
    if at == bytes.count { return !needsPort }
    guard base[at] == Byte.colon else { return false }
    return isPort(base, at + 1, bytes.count, mayBeEmpty: !needsPort)
  }

  /// The index behind `]` of an IPv6 address.
  private static func endOfLiteral(_ base: UnsafePointer<UInt8>, _ count: Int) -> Int? {
    var at = 1
    while at < count, Byte.hexadecimal(base[at]) != nil || base[at] == Byte.colon || base[at] == UInt8(ascii: ".") {
      at += 1
    }
    // "::" is the shortest address.
    return at < count && base[at] == UInt8(ascii: "]") && at > 2 ? at + 1 : nil
  }

  private static func hasWholeEscapes(_ base: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    for at in 0..<count where base[at] == UInt8(ascii: "%") {
      guard at + 2 < count, Byte.hexadecimal(base[at + 1]) != nil, Byte.hexadecimal(base[at + 2]) != nil else {
        return false
      }
    }
    return true
  }

  private static func isPort(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, mayBeEmpty: Bool) -> Bool {
    guard end - start <= 5, end > start || mayBeEmpty else { return false }
    var port = 0
    for at in start..<end {
      guard Byte.isDigit(base[at]) else { return false }
      port = port * 10 + Int(base[at] - 0x30)
    }
    return port <= 65_535
  }
}
