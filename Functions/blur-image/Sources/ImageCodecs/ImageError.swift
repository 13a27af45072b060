/// Why there is no image.
package enum ImageError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Neither JPEG, PNG nor WebP.
  case unknownFormat
  case damaged(ImageFormat, String)
  case tooManyPixels(width: Int, height: Int, limit: Int)
  /// Several frames: only one of them would be looked at.
  case animated(ImageFormat)
  /// More memory or passes than a photograph needs.
  case tooCostly(ImageFormat, String)
  case tooSlow
  /// The format can't have an image of this size.
  case sideTooLong(ImageFormat, side: Int)
  case cannotEncode(ImageFormat, String)

  package var description: String {
    switch self {
    case .unknownFormat: "this is no image that can be read; send JPEG, PNG or WebP"
    case .damaged(let format, let reason): "the \(format.rawValue) can't be decoded: \(reason); send it whole"
    case .tooManyPixels(let width, let height, let limit):
      "the image has \(width) × \(height) pixels, \(limit) are allowed; send a smaller one"
    case .animated(let format): "the \(format.rawValue) has several frames; send them one by one"
    case .tooCostly(let format, let reason):
      "the \(format.rawValue) costs too much to decode: \(reason); save it anew, plainly"
    case .tooSlow: "the image took too long; send a smaller one"
    case .sideTooLong(let format, let side):
      "a side has \(side) pixels, in \(format.rawValue) it may have \(format.sideMaximum); ask for another format"
    case .cannotEncode(let format, let reason):
      "the \(format.rawValue) can't be written: \(reason); ask for another format"
    }
  }
}
