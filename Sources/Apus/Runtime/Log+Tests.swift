package import ApusTelemetry

extension Log {
  /// What a function under test writes: only what went wrong, or its author would see nothing but a 500.
  package static let ofTests = Log(LogDestination(level: .error, format: .text(isColoured: false)))
}
