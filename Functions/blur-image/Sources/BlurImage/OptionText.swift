internal import ObjectDetection

/// An option's text on its way to a value.
struct OptionText {
  private let field: String
  private let text: String

  init(field: String, _ text: String) {
    self.field = field
    self.text = text
  }

  private func refusal(_ limit: String) -> OptionError {
    OptionError(field: field, value: text, limit: limit)
  }

  func oneOf<Value: CaseIterable & RawRepresentable>(_ type: Value.Type) throws(OptionError) -> Value
  where Value.RawValue == String {
    guard let value = Value(rawValue: text) else {
      throw refusal("one of " + Value.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return value
  }

  func whole(_ range: ClosedRange<Int>) throws(OptionError) -> Int {
    guard let value = Int(text), range.contains(value) else {
      throw refusal("a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  func number(_ range: ClosedRange<Double>) throws(OptionError) -> Double {
    guard let value = Double(text), range.contains(value) else {
      throw refusal("a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A number as one writes it, without a fraction where there is none.
  static func plain(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }

  func flag() throws(OptionError) -> Bool {
    switch text {
    case "true": return true
    case "false": return false
    // An empty one is not meant: what is drawn is not hidden.
    default: throw refusal("true or false")
    }
  }

  private func kind(_ name: Substring) throws(OptionError) -> ObjectKind {
    switch name {
    case "faces": return .face
    case "plates": return .plate
    default: throw refusal("faces, plates, or both with a comma between")
    }
  }

  func objects() throws(OptionError) -> Set<ObjectKind> {
    var kinds: Set<ObjectKind> = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard kinds.insert(try kind(name)).inserted else { throw refusal("each kind once") }
    }
    return kinds
  }

  /// `faces:4,plates:3`.
  func thresholds() throws(OptionError) -> [ObjectKind: Double] {
    var thresholds: [ObjectKind: Double] = [:]
    for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = pair.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, let value = Double(parts[1]), value >= 0, value.isFinite else {
        throw refusal("faces:N or plates:N with an N from 0, or both with a comma between")
      }
      guard thresholds.updateValue(value, forKey: try kind(parts[0])) == nil else { throw refusal("each kind once") }
    }
    return thresholds
  }
}
