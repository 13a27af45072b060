package import ApusJSON

/// Why a document is no key set to trust. The keys known before stay in use.
package enum KeySetError: Error, Sendable, Equatable, CustomStringConvertible {
  case tooLong
  case document(JSONError)
  case noList
  case tooMany(Int)
  /// `index` counts from 0, as in the document.
  case malformed(Int, member: String)
  case duplicate(String)
  /// A private key where everybody reads.
  case secretPublished(Int)
  /// No key of Ed25519 at all.
  case none

  package var description: String {
    switch self {
    case .tooLong: "the key set has more than \(AccessLimits.keySetBytes) bytes: drop old keys"
    case .document(let error): "the key set is not JSON: \(error)"
    case .noList: #"the key set has no list "keys" (RFC 7517 section 5): ask for the issuer's /.well-known/jwks.json"#
    case .tooMany(let count): "the key set has \(count) keys, \(AccessLimits.keys) are allowed: drop old ones"
    case .malformed(let index, let member):
      "\(member) of key \(index) is not what an Ed25519 key has (RFC 8037 section 2): correct it at the issuer"
    case .duplicate(let id): "two keys are called \(id.debugDescription): give each its own kid"
    case .secretPublished(let index):
      "key \(index) holds its private part (d), which is now known to all: replace that key, and publish x only"
    case .none: "the key set has no Ed25519 key for signatures: EdDSA is the only algorithm taken"
    }
  }
}
