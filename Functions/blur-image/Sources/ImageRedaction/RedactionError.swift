/// Why boxes can't be made unrecognisable. Then the image must not go out.
package enum RedactionError: Error, Sendable, Equatable, CustomStringConvertible {
  case tooSlow
  /// The boxes together cover more than so many times the image.
  case tooMuch(limit: Int)

  package var description: String {
    switch self {
    case .tooSlow: "to hide what was found took too long; send a smaller image"
    case .tooMuch(let limit): "what was found covers more than \(limit) times the image; ask for less with grow"
    }
  }
}
