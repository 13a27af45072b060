package import ObjectDetection

/// Which of a network's classes is what.
package enum NetworkClasses: Sendable, Equatable {
  /// One after the other; nil for one that is neither.
  case listed([ObjectKind?])
  /// However many there are, all are of this kind.
  case all(ObjectKind)

  package var kinds: Set<ObjectKind> {
    switch self {
    case .listed(let kinds): Set(kinds.compactMap { $0 })
    case .all(let kind): [kind]
    }
  }

  /// By the name of its file; nil if that says neither or both.
  init?(name: String) {
    let bytes = Array(name.lowercased().utf8)
    func has(_ word: String) -> Bool {
      let word = Array(word.utf8)
      guard bytes.count >= word.count else { return false }
      return (0...(bytes.count - word.count)).contains { bytes[$0..<($0 + word.count)].elementsEqual(word) }
    }
    switch (has("face"), has("plate")) {
    case (true, false): self = .all(.face)
    case (false, true): self = .all(.plate)
    default: return nil
    }
  }

  /// What the rows behind the box, or behind how sure it is, are; the rest are points. Nil if they can't be these.
  func kinds(ofRows rows: Int) -> [ObjectKind?]? {
    switch self {
    case .listed(let kinds):
      let rest = rows - kinds.count
      // Points have two numbers each, or three.
      return rest >= 0 && (rest.isMultiple(of: 2) || rest.isMultiple(of: 3)) ? kinds : nil
    case .all(let kind):
      guard rows > 0 else { return nil }
      // Faces have five points; as so many classes of faces they would make no sense.
      let hasPoints = kind == .face && (rows == 16 || rows == 11)
      return Array(repeating: kind, count: hasPoints ? 1 : rows)
    }
  }
}
