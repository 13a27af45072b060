/// What networks may be and cost. docs/guides/blur-image.md has the table.
package enum NetworkLimits {
  /// Networks in the folder.
  package static let networks = 16
  /// A network's file.
  package static let fileBytes = 512 << 20
  /// The runtime's file: it is hashed, and its larger forms bring other processors' code.
  package static let runtimeBytes = 1 << 30
  /// The JSON beside it.
  package static let descriptionBytes = 64 << 10
  /// One side of what a network sees, in pixels; 48 MB of floats.
  package static let side = 2_048
  /// One side where the network takes any.
  package static let sideDefault = 640
  /// Values in one output: a hundred classes in a picture of the largest size are half of that.
  package static let values = 16_000_000
  /// Places above the threshold: each is compared with those that are kept.
  package static let candidates = 20_000
  /// Of all networks' tensors together, if nothing else is set.
  package static let memoryDefault = 1 << 30
  /// A network is tried once before it is used.
  package static let trial: Duration = .seconds(10)
  /// One that was too slow then is left alone for so long.
  package static let pause: Duration = .seconds(60)
  /// Threads that compute for one picture.
  package static let threads = 2
}
