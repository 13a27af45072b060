/// A sequence or mapping whose end has not been read.
struct YAMLOpenCollection {
  let anchor: String?
  private(set) var size = YAMLSize(nodes: 1, textBytes: 0, depth: 1)

  private let isMapping: Bool
  private let place: YAMLPlace
  private var items: [YAMLNode] = []
  private var entries: [YAMLNode.Entry] = []
  private var key: YAMLNode?
  private var linesOfKeys: [String: Int] = [:]

  init(isMapping: Bool, anchor: String?, place: YAMLPlace) {
    self.isMapping = isMapping
    self.anchor = anchor
    self.place = place
  }

  var expectsKey: Bool { isMapping && key == nil }

  var node: YAMLNode {
    YAMLNode(isMapping ? .mapping(entries) : .sequence(items), line: place.line, column: place.column)
  }

  /// Takes the next item, key or value; `place` is where it is used, which for an alias is not where it is written.
  mutating func add(_ node: YAMLNode, size added: YAMLSize, at place: YAMLPlace) throws(YAMLError) {
    size.nodes += added.nodes
    size.textBytes += added.textBytes
    size.depth = max(size.depth, added.depth + 1)
    if !isMapping {
      items.append(node)
    } else if let key {
      entries.append(YAMLNode.Entry(key: key, value: node))
      self.key = nil
    } else {
      let name = node.text ?? ""
      if let first = linesOfKeys.updateValue(place.line, forKey: name) {
        throw YAMLError(
          .duplicateKey, place, "the key \(Self.quoted(name)) is on line \(first) and again on line \(place.line)",
          advice: "keep one of the two")
      }
      key = node
    }
  }

  /// The key on one line, cut at a length that shows which one it is.
  private static func quoted(_ name: String) -> String {
    let shown = name.unicodeScalars.prefix(60).map { scalar in
      scalar.properties.generalCategory == .control ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }
    return "\"" + shown.joined() + (name.unicodeScalars.count > 60 ? "…\"" : "\"")
  }
}
