/// What the caller wants back.
package enum BlurMode: String, Sendable, CaseIterable {
  /// The image without what is in the boxes.
  case blur
  /// The boxes.
  case detect
}
