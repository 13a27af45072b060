/// How text becomes a value, and how help, errors and completion speak of it.
package struct ValueType<Value>: Sendable {
  let placeholder: String
  let expectation: String
  let choices: [String]
  let completion: CompletionSource
  let convert: @Sendable (String) -> Value?

  init(
    placeholder: String, expectation: String, choices: [String] = [], completion: CompletionSource = .nothing,
    convert: @escaping @Sendable (String) -> Value?
  ) {
    self.placeholder = placeholder
    self.expectation = expectation
    self.choices = choices
    self.completion = completion
    self.convert = convert
  }

  /// A type of the caller's: `convert` returns nil for a text that is not `expectation`, such as "a duration like 30s".
  package static func converted(
    _ placeholder: String, expectation: String, convert: @escaping @Sendable (String) -> Value?
  ) -> ValueType {
    ValueType(placeholder: placeholder, expectation: expectation, convert: convert)
  }
}

extension ValueType where Value == String {
  package static func text(_ placeholder: String = "TEXT") -> ValueType {
    ValueType(placeholder: placeholder, expectation: "text") { $0 }
  }

  /// A path, which shells complete; whether it exists is for the command to find out.
  package static func file(_ placeholder: String = "FILE") -> ValueType {
    ValueType(placeholder: placeholder, expectation: "a path", completion: .files) { $0.isEmpty ? nil : $0 }
  }

  package static func directory(_ placeholder: String = "FOLDER") -> ValueType {
    ValueType(placeholder: placeholder, expectation: "a path", completion: .directories) { $0.isEmpty ? nil : $0 }
  }

  package static func choice(_ words: [String], placeholder: String = "WORD") -> ValueType {
    let expectation = "one of " + words.joined(separator: ", ")
    return ValueType(placeholder: placeholder, expectation: expectation, choices: words) { text in
      words.contains(text) ? text : nil
    }
  }
}

extension ValueType where Value == Int {
  package static func integer(in range: ClosedRange<Int> = .min ... .max, _ placeholder: String = "N") -> ValueType {
    let expectation =
      switch (range.lowerBound, range.upperBound) {
      case (.min, .max): "an integer"
      case (let lowest, .max): "an integer of at least \(lowest)"
      case (.min, let highest): "an integer of at most \(highest)"
      case (let lowest, let highest): "an integer from \(lowest) to \(highest)"
      }
    return ValueType(placeholder: placeholder, expectation: expectation) { text in
      Int(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

extension ValueType where Value == Bool {
  package static var boolean: ValueType {
    ValueType(placeholder: "BOOL", expectation: "true or false", choices: ["true", "false"]) { text in
      switch text {
      case "true", "yes", "on", "1": true
      case "false", "no", "off", "0": false
      default: nil
      }
    }
  }
}

extension ValueType where Value: CaseIterable & RawRepresentable & SendableMetatype, Value.RawValue == String {
  /// The cases of an enumeration, by their raw values.
  package static func choice(of type: Value.Type, placeholder: String = "WORD") -> ValueType {
    let words = type.allCases.map(\.rawValue)
    let expectation = "one of " + words.joined(separator: ", ")
    return ValueType(placeholder: placeholder, expectation: expectation, choices: words) { Value(rawValue: $0) }
  }
}
