/// What a function is doing, in the word that lists show.
package enum PoolState: String, Hashable, Sendable {
  /// A replica takes calls.
  case ready
  /// One is on its way.
  case starting
  /// There is none, and the next call starts one.
  case asleep
  /// The version that was deployed last does not start, and no replica takes calls.
  case failing
}
