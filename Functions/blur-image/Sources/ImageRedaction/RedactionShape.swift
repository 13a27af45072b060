/// Which pixels of a box are changed.
package enum RedactionShape: String, Sendable, CaseIterable {
  case box
  /// The largest in the box: its corners stay as they are.
  case ellipse
}
