/// How what is in a box disappears.
package enum RedactionStyle: String, Sendable, CaseIterable {
  /// A few blurred patches of colours that are partly noise.
  case secure
  /// One colour.
  case solid
  /// Squares of the mean colour.
  case pixelate
  /// Out of focus.
  case gaussian

  /// Whether it stands up to somebody who compares the result with photographs of everybody it might be. The other two
  /// keep what such a comparison needs; they are for looks.
  package var resistsMatching: Bool { self == .secure || self == .solid }
}
