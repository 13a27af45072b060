/// Something that has lines on a metrics page.
package protocol MetricSource: Sendable {
  func write(into text: inout MetricsText)
}
