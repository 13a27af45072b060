/// The forms in which images come and go.
package enum ImageFormat: String, Sendable, CaseIterable {
  case jpeg
  case png
  case webp

  package var mediaType: String { "image/\(rawValue)" }
  /// Of a file's name, without the dot.
  package var fileExtension: String { self == .jpeg ? "jpg" : rawValue }

  /// Pixels that a side may have when it is written: libjpeg's limit and libpng's (PNG_USER_WIDTH_MAX), and the 14 bits
  /// of RFC 9649.
  package var sideMaximum: Int {
    switch self {
    case .jpeg: 65_500
    case .png: 1_000_000
    case .webp: 16_383
    }
  }

  /// Refuses an image that can't be written.
  package func check(side: Int) throws(ImageError) {
    guard side <= sideMaximum else { throw .sideTooLong(self, side: side) }
  }

  /// By the first bytes; what a sender calls it counts for nothing.
  package init?(sniffing bytes: [UInt8]) {
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
      self = .webp
    } else {
      return nil
    }
  }
}
