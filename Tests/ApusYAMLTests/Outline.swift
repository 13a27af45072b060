import ApusYAML

/// A node on one line: quoted scalars in quotes, tags after `!`, `[…]` for lists, `{…}` for mappings.
func outline(_ node: YAMLNode) -> String {
  switch node.kind {
  case .scalar(let text, let style, let tag):
    (tag.map { "!\($0) " } ?? "") + (style == .quoted ? "\"\(text)\"" : text)
  case .sequence(let items):
    "[" + items.map(outline).joined(separator: ", ") + "]"
  case .mapping(let entries):
    "{" + entries.map { outline($0.key) + ": " + outline($0.value) }.joined(separator: ", ") + "}"
  }
}
