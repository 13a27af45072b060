/// Why a text was refused: where, what is wrong there, and what to do about it.
package struct YAMLError: Error, Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case syntax
    /// Not UTF-8, or a control character.
    case encoding
    case duplicateKey
    /// A sequence or mapping stands where a key does.
    case collectionAsKey
    case unknownAlias
    case aliasInsideItsAnchor
    case inputTooLarge
    case tooDeep
    case tooManyNodes
    case tooMuchText
    case tagTooLong
    case outOfMemory
  }

  package let kind: Kind
  /// Counts from 1.
  package let line: Int
  /// Counts characters from 1.
  package let column: Int
  package let what: String
  package let advice: String

  init(_ kind: Kind, _ place: YAMLPlace, _ what: String, advice: String) {
    self.kind = kind
    self.line = place.line
    self.column = place.column
    self.what = what
    self.advice = advice
  }
}

extension YAMLError: CustomStringConvertible {
  package var description: String { "line \(line), column \(column): \(what); \(advice)" }
}
