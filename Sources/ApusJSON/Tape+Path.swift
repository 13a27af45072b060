extension Tape {
  /// The steps from the root to a node; found by walking, so that decoders need not carry them.
  func path(to target: Int) -> [PathKey] {
    var path: [PathKey] = []
    var container = Tape.root
    // A member's key lies before its value, and counts as the way to it.
    while container < target, let (key, child) = child(of: container, holding: target) {
      path.append(key)
      container = child
    }
    return path
  }

  private func child(of container: Int, holding target: Int) -> (PathKey, Int)? {
    guard self[container].isContainer else { return nil }
    let isObject = self[container].kind == .object
    var index = container + 1
    var position = 0
    while index < Int(self[container].low) {
      let value = isObject ? index + 1 : index
      if target < next(value) {
        return (isObject ? PathKey(stringValue: token(index).string) : PathKey(intValue: position), value)
      }
      index = next(value)
      position += 1
    }
    return nil
  }

  /// As far as the text goes along a path.
  private func node(at path: [any CodingKey]) -> Int {
    var node = Tape.root
    for key in path {
      switch self[node].kind {
      case .object:
        guard let value = member(node, key.stringValue) else { return node }
        node = value
      case .array:
        guard let index = key.intValue, 0..<Int(self[node].high) ~= index else { return node }
        var child = node + 1
        for _ in 0..<index { child = next(child) }
        node = child
      default:
        return node
      }
    }
    return node
  }

  /// Gives a refusal by the type itself its place in the text.
  func explain(_ error: DecodingError) -> JSONError {
    switch error {
    case .keyNotFound(let key, let context):
      self.error(.missingKey(key.stringValue), node(at: context.codingPath))
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      self.error(.invalid(context.debugDescription), node(at: context.codingPath))
    @unknown default:
      self.error(.invalid("\(error)"), Tape.root)
    }
  }
}
