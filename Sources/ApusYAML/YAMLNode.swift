/// One value of a YAML document, with the place where it is written.
///
/// Scalars stay text until someone asks what they mean: `yes` is a string, and so is `1.10` to whoever wants a version.
/// A node reached through an alias keeps the place of its anchor, which is where the text stands.
package struct YAMLNode: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// The tag is the resolved one, such as `tag:yaml.org,2002:str`; nil when none is written.
    case scalar(String, style: ScalarStyle, tag: String?)
    case sequence([YAMLNode])
    /// In the order of the document; keys are scalars, no two with the same text.
    case mapping([Entry])
  }

  package enum ScalarStyle: Hashable, Sendable {
    /// Bare in the text, so that it may mean a number, a truth value or nothing.
    case plain
    /// In quotes or in a block (`|`, `>`): always a string.
    case quoted
  }

  package struct Entry: Hashable, Sendable {
    package let key: YAMLNode
    package let value: YAMLNode

    package init(key: YAMLNode, value: YAMLNode) {
      self.key = key
      self.value = value
    }
  }

  package let kind: Kind
  /// Counts from 1.
  package let line: Int
  /// Counts characters from 1; a tab is one.
  package let column: Int

  package init(_ kind: Kind, line: Int, column: Int) {
    self.kind = kind
    self.line = line
    self.column = column
  }
}

extension YAMLNode {
  /// The raw text of a scalar.
  package var text: String? {
    if case .scalar(let text, _, _) = kind { text } else { nil }
  }

  package var items: [YAMLNode]? {
    if case .sequence(let items) = kind { items } else { nil }
  }

  package var entries: [Entry]? {
    if case .mapping(let entries) = kind { entries } else { nil }
  }

  /// The value at `key` of a mapping.
  package subscript(key: String) -> YAMLNode? {
    entries?.first { $0.key.text == key }?.value
  }
}
