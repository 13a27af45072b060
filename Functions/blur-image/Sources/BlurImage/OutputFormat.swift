package import ImageCodecs

/// The form of the image that goes out.
package enum OutputFormat: String, Sendable, CaseIterable {
  /// As it came.
  case same
  case jpeg
  case png
  case webp

  package var format: ImageFormat? { ImageFormat(rawValue: rawValue) }
}
