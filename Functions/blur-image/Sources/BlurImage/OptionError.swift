internal import ApusModel

/// A value that an option does not take.
package struct OptionError: Error, Sendable, Equatable, CustomStringConvertible {
  package var field: String
  package var value: String
  /// What it takes.
  package var limit: String

  /// Of what the caller wrote no more than it takes to find it again.
  package init(field: String, value: String, limit: String) {
    self.field = Self.beginning(of: field, 40)
    self.value = Self.beginning(of: value, 100)
    self.limit = limit
  }

  /// Of what came with it only a word is told: it may be the image.
  static func unknown(_ name: String, _ value: String) -> OptionError {
    let isWord = value.utf8.count <= 40 && value.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{FFFD}" }
    let told = isWord ? value : "\(value.utf8.count) bytes"
    // It gets here from the query alone.
    guard name != "image" else {
      return OptionError(field: name, value: told, limit: "the image in the content, and none in the query")
    }
    let known = "image, or one of " + BlurOptions.names.joined(separator: ", ")
    var error = OptionError(field: name, value: told, limit: known)
    error.isKnown = false
    return error
  }

  private var isKnown = true

  /// In scalars: one character may have megabytes of accents.
  static func beginning(of text: String, _ most: Int) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.prefix(most)))
  }

  package var description: String {
    guard isKnown else { return "There is no option \(QuotedText(field)), expected \(limit)." }
    return "\(field) is \(value.isEmpty ? "empty" : "\(QuotedText(value))"), expected \(limit)."
  }
}
