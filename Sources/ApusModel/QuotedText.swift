/// A text from outside, shown inside one of our messages: quoted, cut, and on one line whatever it holds.
package struct QuotedText: CustomStringConvertible, Sendable {
  /// Characters shown before the text is cut; long enough for every name and number that we accept.
  package static let shownLimit = 80

  package let text: String

  package init(_ text: String) {
    self.text = text
  }

  package var description: String {
    var shown = "\""
    for (position, scalar) in text.unicodeScalars.enumerated() {
      if position == Self.shownLimit { return shown + "…\"" }
      switch scalar {
      case "\"", "\\": shown += "\\\(scalar)"
      // A control character, or a scalar that reorders or hides text, would let a value forge the line it is shown on.
      case _ where scalar.properties.generalCategory.isInvisible:
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown + "\""
  }
}

extension Unicode.GeneralCategory {
  fileprivate var isInvisible: Bool {
    switch self {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: true
    default: false
    }
  }
}
