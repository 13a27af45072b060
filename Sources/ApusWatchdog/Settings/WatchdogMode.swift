/// How calls reach the program.
package enum WatchdogMode: String, CaseIterable, Sendable {
  /// One program for all calls, which speaks HTTP itself.
  case http
  /// A program for each call; its output is the answer as it comes.
  case streaming
  /// A program for each call; its output is the answer once it has ended.
  case serializing
  /// No program: files.
  case `static`

  /// It starts a program for each call.
  package var isForking: Bool { self == .streaming || self == .serializing }

  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
