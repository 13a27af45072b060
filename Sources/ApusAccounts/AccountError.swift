/// Why accounts could not be read or changed: what happened, what it means, what to do. It never holds a secret.
package struct AccountError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Kind: Sendable, Equatable {
    /// The store does not answer now, and may soon: nothing was changed, or it will be found changed whole.
    case unavailable
    /// Others change the same account faster than we do.
    case busy
    case outOfMemory
    /// A secret, a setting or a URL that can't be used.
    case settings
    /// What is stored is not what was stored, or is sealed with a key that is not here.
    case damaged
    case notFound
    /// A rule of ours that our own code broke.
    case misuse
  }

  package let kind: Kind
  package let what: String
  package let advice: String

  package init(_ kind: Kind, _ what: String, advice: String) {
    self.kind = kind
    self.what = what
    self.advice = advice
  }

  package var description: String { "\(what). \(advice)" }
}
