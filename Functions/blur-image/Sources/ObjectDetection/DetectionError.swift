/// Why a detector can't say what is in an image. Then nothing is known about it, so it must not go out.
package enum DetectionError: Error, Sendable, Equatable {
  /// So many places look like an object that they can't be told apart in time.
  case tooManyCandidates(limit: Int)
  case tooSlow
  /// The detector can't run here.
  case unavailable(String)
}
