import ApusModel

/// One generation of a function's deployment, with what the pool learnt about it.
struct GenerationTrack: Sendable {
  let generation: Int
  /// The same as people know it, from `describe`.
  let shown: Int
  var policy: ScalePolicy
  var crashes = CrashLoop()
  /// A replica of it was ready once, so that going back to it makes sense.
  var isProven: Bool
}
