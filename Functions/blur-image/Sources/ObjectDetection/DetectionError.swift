/// Why a detector can't say what is in an image. Then nothing is known about it, so it must not go out.
package enum DetectionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// So many places look like an object that they can't be told apart in time.
  case tooManyCandidates(limit: Int)
  case tooSlow
  /// The detector is being made ready for another call.
  case busy
  /// The detector can't run here.
  case unavailable(String)

  package var description: String {
    switch self {
    case .tooManyCandidates(let limit):
      "more than \(limit) places look like an object, so what is one can't be told; send another image"
    case .tooSlow: "to look for objects took too long; send a smaller image"
    case .busy: "the detector is being made ready; ask again in a moment"
    case .unavailable(let reason): "the detector can't run here: \(reason)"
    }
  }

  /// What is wrong, without what it means.
  package var reason: String { if case .unavailable(let reason) = self { reason } else { description } }
}
