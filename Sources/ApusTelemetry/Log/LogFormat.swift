import Glibc

/// How a log line looks.
package enum LogFormat: Sendable, Equatable {
  /// One JSON object a line, for programs.
  case json
  /// Time, level, message, name=value, for people.
  case text(isColoured: Bool)

  /// Text for a terminal, with colour unless refused; JSON for everything else.
  package static func suiting(_ descriptor: CInt, isColourRefused: Bool = false) -> LogFormat {
    isatty(descriptor) == 1 ? .text(isColoured: !isColourRefused) : .json
  }
}
