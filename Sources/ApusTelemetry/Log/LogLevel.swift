/// How much a line matters.
package enum LogLevel: UInt8, CaseIterable, Comparable, Sendable {
  /// Each step of one call, for somebody who follows it.
  case trace
  /// What helps to find a fault.
  case debug
  /// What an operator wants to have seen.
  case info
  /// Something was wrong and Apus went on by itself.
  case warning
  /// Something failed and somebody should act.
  case error

  /// The level of that name, in any case; nil if there is none.
  package init?(name: String) {
    guard let level = LogLevel.allCases.first(where: { $0.name == name.lowercased() }) else { return nil }
    self = level
  }

  package var name: String {
    switch self {
    case .trace: "trace"
    case .debug: "debug"
    case .info: "info"
    case .warning: "warning"
    case .error: "error"
    }
  }

  package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}
