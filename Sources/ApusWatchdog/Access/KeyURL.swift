/// A page in clear text: `http://HOST[:PORT]/PATH`.
package struct KeyURL: Equatable, Sendable {
  package var host: String
  package var port: UInt16
  package var target: String

  /// Nil for what is no such text.
  package init?(_ text: String) {
    guard text.hasPrefix("http://"), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    let rest = text.dropFirst(7)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let path = rest[authority.endIndex...].prefix { $0 != "#" }
    target = path.hasPrefix("/") ? String(path) : "/\(path)"
    var name = authority
    port = 80
    if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
      guard let given = UInt16(authority[authority.index(after: colon)...]), given > 0 else { return nil }
      port = given
      name = authority[..<colon]
    }
    if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
    guard !name.isEmpty, !name.contains("@") else { return nil }
    host = String(name)
  }

  /// As `Host` has it.
  var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
