package import ApusHTTP
package import ApusIO
internal import ApusModel

/// Reads settings, and gathers what can't be used instead of stopping at the first.
package struct SettingsReader {
  private let environment: ProcessEnvironment
  package private(set) var warnings: [String] = []

  package init(_ environment: ProcessEnvironment) {
    self.environment = environment
  }

  package mutating func refuse(_ name: String, _ expected: String) {
    let value = environment[name].map { "\(QuotedText($0))" } ?? "not set"
    warnings.append("\(name) is \(value), expected \(expected): it counts as not set")
  }

  package mutating func port(_ name: String) -> UInt16? {
    guard let text = environment[name] else { return nil }
    if let port = UInt16(text) { return port }
    refuse(name, "a port from 0 to 65535")
    return nil
  }

  package mutating func count(_ name: String) -> Int? {
    guard let text = environment[name] else { return nil }
    if let count = Int(text), count >= 0 { return count }
    refuse(name, "a whole number from 0 on")
    return nil
  }

  /// Zero means no limit in the contract; here it is a day, so that no wait is endless.
  package mutating func limit(_ name: String) -> Duration? {
    duration(name, from: .zero).map { $0 == .zero ? .seconds(86_400) : $0 }
  }

  package mutating func duration(_ name: String, from least: Duration) -> Duration? {
    guard let text = environment[name] else { return nil }
    if let duration = try? GoDuration.parse(environment: text), duration >= least { return duration }
    refuse(name, "seconds, or a duration like 1m30s\(least > .zero ? ", above 0" : "")")
    return nil
  }

  /// 0 to 2 are the standard streams, which stay open.
  package mutating func descriptor(_ name: String) -> CInt? {
    guard let text = environment[name] else { return nil }
    if let descriptor = CInt(text), descriptor > 2 { return descriptor }
    refuse(name, "the number of an open descriptor from 3 on")
    return nil
  }

  package mutating func flag(_ name: String) -> Bool? {
    switch environment[name] {
    case nil: return nil
    case "true", "1": return true
    case "false", "0": return false
    default:
      refuse(name, "true or false")
      return nil
    }
  }

  /// As Go's ParseBool reads it.
  package mutating func goFlag(_ name: String) -> Bool? {
    switch environment[name] {
    case nil: return nil
    case "1", "t", "T", "TRUE", "true", "True": return true
    case "0", "f", "F", "FALSE", "false", "False": return false
    default:
      refuse(name, "true or false")
      return nil
    }
  }

  package mutating func host(_ name: String) -> String? {
    guard let text = environment[name] else { return nil }
    if SocketAddress(host: text, port: 0) != nil { return text }
    refuse(name, "an address like 127.0.0.1 or 0.0.0.0")
    return nil
  }

  package mutating func proxies(_ name: String) -> TrustedProxies {
    guard let text = environment[name] else { return TrustedProxies() }
    if let proxies = TrustedProxies(text) { return proxies }
    refuse(name, "addresses or networks like 10.0.0.0/8, separated by commas")
    return TrustedProxies()
  }
}
