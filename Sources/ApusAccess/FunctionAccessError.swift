package import ApusModel

/// Why annotations do not say who may call. A deployment that has them is refused: open to all is no safe reading.
package enum FunctionAccessError: Error, Sendable, Equatable, CustomStringConvertible {
  case unknown(String)
  case issuer(NameError)

  package var description: String {
    switch self {
    case .unknown(let word):
      "com.apus.access is \(word.debugDescription): write public, token or jwt"
    case .issuer(let error):
      "com.apus.jwt.function names no function: \(error)"
    }
  }
}
