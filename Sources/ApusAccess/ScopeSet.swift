package import ApusModel

/// Scopes, each once.
package struct ScopeSet: Sendable, Hashable, ExpressibleByArrayLiteral {
  private var bits: UInt8 = 0

  package init(arrayLiteral scopes: Scope...) { self.init(scopes) }

  package init(_ scopes: some Sequence<Scope>) {
    for scope in scopes { insert(scope) }
  }

  /// Takes names between spaces or commas, as people and stores write them. Nothing at all is the empty set.
  package init(_ text: String) throws(ScopeError) {
    for word in ScopeSet.words(text) {
      guard let scope = Scope(rawValue: String(word)) else { throw ScopeError(word: String(word.prefix(40))) }
      insert(scope)
    }
  }

  /// Takes the names that we know out of a claim that may hold those of others (RFC 8693 section 4.2).
  package init(knownIn text: String) {
    self.init(ScopeSet.words(text).compactMap { Scope(rawValue: String($0)) })
  }

  package static let all = ScopeSet(Scope.allCases)

  package var isEmpty: Bool { bits == 0 }

  package func contains(_ scope: Scope) -> Bool { bits & scope.bit != 0 }

  package mutating func insert(_ scope: Scope) { bits |= scope.bit }

  private static func words(_ text: String) -> [Substring] {
    text.split { $0 == " " || $0 == "," || $0 == "\t" }
  }
}

extension ScopeSet: CustomStringConvertible {
  /// Names between spaces, always in one order, as `X-Apus-Scopes` carries them.
  package var description: String {
    Scope.allCases.filter(contains).map(\.rawValue).joined(separator: " ")
  }
}

extension Scope {
  /// Its place in a `ScopeSet`.
  fileprivate var bit: UInt8 {
    switch self {
    case .deploy: 1
    case .invoke: 2
    case .read: 4
    case .accounts: 8
    }
  }
}
