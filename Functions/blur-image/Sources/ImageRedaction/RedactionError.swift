/// Why boxes can't be made unrecognisable. Then the image must not go out.
package enum RedactionError: Error, Sendable, Equatable {
  case tooSlow
  /// The boxes together cover more than so many times the image.
  case tooMuch(limit: Int)
}
