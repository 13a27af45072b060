import Instruments

extension Shell {
  /// The reference that an answer names, under which a log says more.
  static func reference(in text: String) -> String? {
    guard let range = text.firstRange(of: "(reference ") else { return nil }
    let digits = text[range.upperBound...].prefix { $0.isHexDigit }
    return digits.isEmpty ? nil : String(digits)
  }
}
