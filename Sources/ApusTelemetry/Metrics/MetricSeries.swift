/// One line, or one histogram, of a metrics page: a handle that is resolved once and then updated without a lock.
package protocol MetricSeries: AnyObject, Sendable {
  /// What `# TYPE` says.
  static var kind: MetricKind { get }

  /// Writes this series; `labels` are already in the form that stands between the braces.
  func write(name: String, labels: [UInt8], into text: inout MetricsText)
}

/// The types of the exposition format that Apus uses.
package enum MetricKind: String, Sendable {
  case counter, gauge, histogram
}
