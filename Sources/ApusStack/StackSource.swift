import ApusYAML

/// Where a text of a deployment was written.
enum StackSource {
  /// In the stack, as the parser counts: after substitution.
  case stack(line: Int, column: Int)
  case file(Place)

  init(_ node: YAMLNode) {
    self = .stack(line: node.line, column: node.column)
  }
}
