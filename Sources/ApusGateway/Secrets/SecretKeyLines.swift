import ApusAccess

/// A change of the lines of a secret that holds keys, `keyid:base64`, the one in use first. The gateway makes the key
/// and nobody reads one, so keys that nobody but the gateway has can be replaced, too.
enum SecretKeyLines: String {
  /// A new key before the present ones.
  case add
  /// The first key alone stays.
  case keepFirst = "keep-first"

  /// The new value and the id of its first key; nil if the present value is no such secret, or has too many lines.
  func changed(_ value: [UInt8], newID: String) -> (value: [UInt8], id: String)? {
    guard let text = String(validating: value, as: UTF8.self) else { return nil }
    var lines = text.split { $0 == "\n" || $0 == "\r\n" }.map(String.init)
    // One bare key counts as key 1.
    if lines.count == 1, !lines[0].utf8.contains(UInt8(ascii: ":")) { lines[0] = "1:" + lines[0] }
    guard (1...AccessLimits.keys / 2).contains(lines.count), lines.allSatisfy(SecretKeyLines.isKey) else { return nil }
    switch self {
    case .add: lines.insert("\(newID):\(Sodium.base64Text(Sodium.randomBytes(32), .padded))", at: 0)
    case .keepFirst: lines = [lines[0]]
    }
    let id = String(lines[0].prefix { $0 != ":" })
    return (Array((lines.joined(separator: "\n") + "\n").utf8), id)
  }

  private static func isKey(_ line: String) -> Bool {
    let parts = line.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty && Sodium.base64(parts[1].utf8, .padded)?.count == 32
  }
}
