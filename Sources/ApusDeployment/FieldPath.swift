import ApusModel

/// Where in a document a value stands: keys and indices, from the top.
package struct FieldPath: Hashable, Sendable {
  package enum Step: Hashable, Sendable {
    case key(String)
    /// Counts from 0.
    case index(Int)
  }

  package let steps: [Step]

  package init(_ steps: [Step] = []) {
    self.steps = steps
  }

  package init(_ key: String) {
    steps = [.key(key)]
  }

  package func key(_ key: String) -> FieldPath { FieldPath(steps + [.key(key)]) }

  package func index(_ index: Int) -> FieldPath { FieldPath(steps + [.index(index)]) }

  /// The path of what holds this value; nil at the top.
  package var parent: FieldPath? { steps.isEmpty ? nil : FieldPath(Array(steps.dropLast())) }
}

extension FieldPath: CustomStringConvertible {
  /// `secrets[1]`, `limits.memory`, `labels["com.openfaas.scale.min"]`.
  package var description: String {
    var text = ""
    for step in steps {
      switch step {
      case .index(let index): text += "[\(index)]"
      case .key(let key) where Self.isPlain(key): text += text.isEmpty ? key : "." + key
      case .key(let key): text += "[\(QuotedText(key))]"
      }
    }
    return text
  }

  private static func isPlain(_ key: String) -> Bool {
    !key.isEmpty && key.utf8.count <= QuotedText.shownLimit
      && key.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
      }
  }
}
