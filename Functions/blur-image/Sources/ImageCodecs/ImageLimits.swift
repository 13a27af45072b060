/// What one image may cost.
package struct ImageLimits: Sendable, Equatable {
  /// Larger than what telephones of 2026 take by default, and 160 MB at most as RGBA.
  package static let pixelsDefault = 40_000_000
  /// Cameras' profiles have a few kilobytes, printers' up to two megabytes.
  package static let profileBytes = 4 << 20
  /// A progressive JPEG has about ten; each may cost a pass over the whole image.
  package static let scans = 60

  package var pixels: Int

  package init(pixels: Int = pixelsDefault) {
    self.pixels = pixels
  }

  /// What a decoder may take for itself beside the pixels: a progressive JPEG's coefficients, 16 bits a channel.
  package func memory(width: Int, height: Int) -> Int { 16 << 20 + width * height * 8 }
}
