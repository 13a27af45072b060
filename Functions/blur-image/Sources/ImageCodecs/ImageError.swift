/// Why there is no image.
package enum ImageError: Error, Sendable, Equatable {
  /// Neither JPEG, PNG nor WebP.
  case unknownFormat
  case damaged(ImageFormat, String)
  case tooManyPixels(width: Int, height: Int, limit: Int)
  /// Several frames: only one of them would be looked at.
  case animated(ImageFormat)
  /// More memory or passes than a photograph needs.
  case tooCostly(ImageFormat, String)
  case tooSlow
  /// The format can't hold an image of this size.
  case cannotEncode(ImageFormat, String)
}
