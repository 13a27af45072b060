package import ImageModel

/// What an image says about itself before anything is decoded or allocated for it.
package struct ImageHeader: Sendable, Equatable {
  package var format: ImageFormat
  /// As stored, before the orientation is applied.
  package var width: Int
  package var height: Int
  /// Of the decoded image.
  package var channels: Int
  package var orientation: Orientation = .upright
  /// The colour profile; of PNG, where it is compressed, the decoder has it.
  package var profile: [UInt8] = []
  /// WebP without loss, and PNG.
  package var isLossless = false

  init(_ format: ImageFormat, width: Int, height: Int, channels: Int) {
    self.format = format
    self.width = width
    self.height = height
    self.channels = channels
  }

  /// Reads the header, and nothing that is compressed.
  package init(_ bytes: [UInt8], limits: ImageLimits = ImageLimits()) throws(ImageError) {
    guard let format = ImageFormat(sniffing: bytes) else { throw .unknownFormat }
    self =
      switch format {
      case .jpeg: try ImageHeader(jpeg: bytes)
      case .png: try ImageHeader(png: bytes)
      case .webp: try ImageHeader(webp: bytes)
      }
    guard width > 0, height > 0 else { throw .damaged(format, "it has no size") }
    let (pixels, isTooMany) = width.multipliedReportingOverflow(by: height)
    guard !isTooMany, pixels <= limits.pixels else {
      throw .tooManyPixels(width: width, height: height, limit: limits.pixels)
    }
    profile = ColourProfile.cleaned(profile, channels: channels)
  }

  /// After the orientation is applied.
  package var orientedWidth: Int { orientation.swapsSides ? height : width }
  package var orientedHeight: Int { orientation.swapsSides ? width : height }
}
