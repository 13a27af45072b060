import ApusJSON

/// An answer as it came over the wire.
struct WireAnswer {
  var status: Int
  /// Names in lower case, in order.
  var fields: [(name: String, value: String)]
  var bytes: [UInt8] = []

  /// Reads a head without its empty line; nil if that is no answer.
  init?(head: String) {
    var lines = head.split(separator: "\r\n")[...]
    let first = lines.popFirst()?.split(separator: " ", maxSplits: 2) ?? []
    guard first.count >= 2, first[0] == "HTTP/1.1", let status = Int(first[1]) else { return nil }
    self.status = status
    fields = lines.map { line in
      let parts = line.split(separator: ":", maxSplits: 1)
      let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
      return (parts[0].lowercased(), String(value))
    }
  }

  subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  func json() throws -> JSON { try JSON.parse(bytes) }
}
