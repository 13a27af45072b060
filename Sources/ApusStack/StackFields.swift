import ApusYAML

/// The keys and values of one mapping, in the order of the file.
struct StackFields {
  private(set) var entries: [(key: String, keyNode: YAMLNode, value: YAMLNode)] = []
  private var positions: [String: Int] = [:]

  subscript(_ key: String) -> YAMLNode? {
    positions[key].map { entries[$0].value }
  }

  /// Takes an entry unless its key is there already.
  mutating func add(_ entry: YAMLNode.Entry) {
    let key = entry.key.text ?? ""
    guard positions[key] == nil else { return }
    positions[key] = entries.count
    entries.append((key, entry.key, entry.value))
  }
}
