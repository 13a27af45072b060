@_spi(_Unicode) import Swift

/// The name by which a person signs in: as it was written, and folded, by which two are the same.
package struct Login: Sendable, Hashable, CustomStringConvertible {
  /// In Unicode's form NFC.
  package let text: String
  /// Without differences of case, in NFC. No two accounts share it.
  package let folded: String

  package init(_ given: String) throws(LoginError) {
    guard given.utf8.count <= AccountLimits.loginBytes * 4 else { throw .tooLong }
    let text = Login.composed(given.unicodeScalars)
    guard text.count >= AccountLimits.loginCharacters.lowerBound else { throw .tooShort }
    guard text.count <= AccountLimits.loginCharacters.upperBound, text.utf8.count <= AccountLimits.loginBytes else {
      throw .tooLong
    }
    for scalar in text.unicodeScalars { try Login.check(scalar) }
    guard !text.hasPrefix(" "), !text.hasSuffix(" "), !Login.hasDoubleSpace(text) else { throw .space }
    guard text.unicodeScalars.contains(where: { $0.properties.isAlphabetic || $0.properties.numericType != nil }) else {
      throw .nothingToRead
    }
    let folded = Login.folded(text)
    if let alike = Confusables.latin(folded) ?? Confusables.latin(text) { throw .confusable(with: alike) }
    self.text = text
    self.folded = folded
  }

  /// One that was checked when it was stored.
  init(storedText text: String, folded: String) {
    self.text = text
    self.folded = folded
  }

  package var description: String { text }

  private static func check(_ scalar: Unicode.Scalar) throws(LoginError) {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .format: throw .control
    case .unassigned, .surrogate, .privateUse: throw .noCharacter
    case .spaceSeparator where scalar != " ": throw .space
    default: break
    }
    // `:` divides the parts of otpauth URIs, Basic credentials and more; the others divide paths.
    if scalar == ":" || scalar == "/" || scalar == "\\" { throw .divider(scalar) }
  }

  private static func hasDoubleSpace(_ text: String) -> Bool {
    zip(text.utf8, text.utf8.dropFirst()).contains { $0 == 0x20 && $1 == 0x20 }
  }

  private static func composed(_ scalars: String.UnicodeScalarView) -> String {
    var composed = String.UnicodeScalarView()
    composed.append(contentsOf: String(scalars)._nfc)
    return String(composed)
  }

  /// Large and then small letters: where one side has two letters for the other's one (ß, ς), both come to the same.
  private static func folded(_ text: String) -> String {
    let upper = text.unicodeScalars.map(\.properties.uppercaseMapping).joined()
    let lower = upper.unicodeScalars.map(\.properties.lowercaseMapping).joined()
    return composed(lower.unicodeScalars)
  }
}
