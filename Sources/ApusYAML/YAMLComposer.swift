/// Builds trees from events, within limits. It keeps its own stack, so depth costs no recursion.
struct YAMLComposer {
  private(set) var documents: [YAMLNode] = []

  private let limits: YAMLLimits
  private var open: [YAMLOpenCollection] = []
  private var anchored: [String: (node: YAMLNode, size: YAMLSize)] = [:]
  private var total = YAMLSize(nodes: 0, textBytes: 0, depth: 0)

  init(limits: YAMLLimits) {
    self.limits = limits
  }

  mutating func take(_ event: YAMLEvent) throws(YAMLError) {
    switch event.kind {
    case .documentStart:
      // An anchor ends with its document (YAML 1.2.2 §7.1).
      anchored = [:]
    case .alias(let name):
      try takeAlias(name, at: event.place)
    case .scalar(let text, let style, let tag, let anchor):
      let tagBytes = tag?.utf8.count ?? 0
      guard tagBytes <= limits.tagBytes else {
        throw YAMLError(
          .tagTooLong, event.place, "the tag has \(tagBytes) bytes, \(limits.tagBytes) are allowed",
          advice: "use a shorter tag, or none")
      }
      let size = YAMLSize(nodes: 1, textBytes: text.utf8.count + tagBytes, depth: 0)
      try count(size, at: event.place)
      let node = YAMLNode(
        .scalar(text, style: style, tag: tag), line: event.place.line, column: event.place.column)
      try add(node, size: size, anchor: anchor)
    case .sequenceStart(let anchor):
      try openCollection(isMapping: false, anchor: anchor, at: event.place)
    case .mappingStart(let anchor):
      try openCollection(isMapping: true, anchor: anchor, at: event.place)
    case .collectionEnd:
      guard let closed = open.popLast() else { return }
      try add(closed.node, size: closed.size, anchor: closed.anchor)
    case .documentEnd, .streamEnd, .other:
      break
    }
  }

  private mutating func openCollection(isMapping: Bool, anchor: String?, at place: YAMLPlace) throws(YAMLError) {
    if open.last?.expectsKey == true {
      throw YAMLError(
        .collectionAsKey, place, "a list or mapping stands where a key is expected",
        advice: "use text as the key, and quote it if it begins with [ or {")
    }
    try checkDepth(open.count + 1, at: place)
    try count(YAMLSize(nodes: 1, textBytes: 0, depth: 0), at: place)
    open.append(YAMLOpenCollection(isMapping: isMapping, anchor: anchor, place: place))
  }

  private mutating func takeAlias(_ name: String, at place: YAMLPlace) throws(YAMLError) {
    guard let (node, size) = anchored[name] else {
      if open.contains(where: { $0.anchor == name }) {
        throw YAMLError(
          .aliasInsideItsAnchor, place, "the alias *\(name) stands inside the value that &\(name) names",
          advice: "a value cannot contain itself: write out what is meant")
      }
      throw YAMLError(
        .unknownAlias, place, "the alias *\(name) has no anchor &\(name) above it in this document",
        advice: "name the value with &\(name), or quote a text that begins with *")
    }
    if open.last?.expectsKey == true, node.text == nil {
      throw YAMLError(
        .collectionAsKey, place, "the alias *\(name) stands where a key is expected, and is a list or mapping",
        advice: "use text as the key")
    }
    try checkDepth(open.count + size.depth, at: place)
    try count(size, at: place)
    try add(node, size: size, anchor: nil, keyPlace: place)
  }

  /// Hands a finished node to the collection that it stands in, or to the documents.
  private mutating func add(
    _ node: YAMLNode, size: YAMLSize, anchor: String?, keyPlace: YAMLPlace? = nil
  ) throws(YAMLError) {
    if let anchor { anchored[anchor] = (node, size) }
    if open.isEmpty {
      documents.append(node)
    } else {
      let place = keyPlace ?? YAMLPlace(line: node.line, column: node.column)
      try open[open.count - 1].add(node, size: size, at: place)
    }
  }

  private mutating func count(_ size: YAMLSize, at place: YAMLPlace) throws(YAMLError) {
    // No overflow: every size has been counted here before, and so lies within the limits.
    total.nodes += size.nodes
    total.textBytes += size.textBytes
    guard total.nodes <= limits.nodes else {
      throw YAMLError(
        .tooManyNodes, place, "there are more than \(limits.nodes) values, those of aliases included",
        advice: "split the file, or use fewer aliases")
    }
    guard total.textBytes <= limits.textBytes else {
      throw YAMLError(
        .tooMuchText, place, "there are more than \(limits.textBytes) bytes of text, those of aliases included",
        advice: "split the file, or use fewer aliases")
    }
  }

  private func checkDepth(_ depth: Int, at place: YAMLPlace) throws(YAMLError) {
    guard depth > limits.depth else { return }
    throw YAMLError(
      .tooDeep, place, "lists and mappings are nested more than \(limits.depth) deep",
      advice: "close brackets that are left open, or flatten the document")
  }
}
