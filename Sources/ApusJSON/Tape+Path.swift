extension Tape {
  /// The steps from the root to a node; found by walking, so that decoders need not carry them.
  func path(to target: Int) -> [PathKey] {
    var path: [PathKey] = []
    var container = Tape.root
    while container != target, self[container].isContainer {
      let isObject = self[container].kind == .object
      var index = container + 1
      var position = 0
      // A member's key counts as the way to its value.
      while index < Int(self[container].low) {
        let value = isObject ? index + 1 : index
        if target < next(value) {
          path.append(isObject ? PathKey(stringValue: token(index).string) : PathKey(intValue: position))
          container = value
          break
        }
        index = next(value)
        position += 1
      }
      if target < container || index >= Int(self[container].low), container != target { return path }
    }
    return path
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
