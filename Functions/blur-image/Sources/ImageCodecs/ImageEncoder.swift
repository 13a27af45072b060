internal import CImageCodecs
internal import ImageModel

/// Writes images: pixels and colour profile, and no other metadata.
package struct ImageEncoder: Sendable, Equatable {
  package static let qualityDefault = 85

  package var format: ImageFormat
  /// 1 to 100; PNG has none.
  package var quality: Int
  /// WebP only: the pixels as they are.
  package var isLossless: Bool

  package init(_ format: ImageFormat, quality: Int = qualityDefault, isLossless: Bool = false) {
    self.format = format
    self.quality = min(max(quality, 1), 100)
    self.isLossless = isLossless
  }

  /// Gives up when the time is up: lossless WebP may take a second for each million pixels.
  package func encode(
    _ picture: Picture, deadline: ContinuousClock.Instant = .now + .seconds(20)
  ) throws(ImageError) -> [UInt8] {
    try format.check(side: max(picture.raster.width, picture.raster.height))
    let raster =
      switch format {
      case .jpeg: picture.raster.opaque()
      case .png: picture.raster
      case .webp: picture.raster.coloured()
      }
    // A grey profile does not fit what has become coloured.
    let profile = ColourProfile.fits(picture.profile, channels: raster.channels) ? picture.profile : []
    let encoded = try encode(raster, profile, deadline.monotonic)
    guard format == .webp, !profile.isEmpty else { return encoded }
    return try WebPContainer.adding(profile, to: encoded, raster)
  }

  private func encode(_ raster: Raster, _ profile: [UInt8], _ deadline: Int64) throws(ImageError) -> [UInt8] {
    var encoded = apus_image_bytes()
    var message = apus_image_message()
    let (width, height, channels) = (UInt32(raster.width), UInt32(raster.height), CInt(raster.channels))
    var profile = profile
    let outcome = raster.pixels.withUnsafeBufferPointer { pixels in
      profile.withUnsafeMutableBufferPointer { profile in
        let profile = apus_image_bytes(bytes: profile.baseAddress, count: profile.count)
        return switch format {
        case .jpeg:
          apus_jpeg_encode(
            pixels.baseAddress, width, height, channels, CInt(quality), profile, deadline, &encoded, &message)
        case .png: apus_png_encode(pixels.baseAddress, width, height, channels, profile, deadline, &encoded, &message)
        case .webp:
          apus_webp_encode(
            pixels.baseAddress, width, height, channels, CInt(quality), isLossless ? 1 : 0, deadline, &encoded, &message
          )
        }
      }
    }
    defer { apus_image_free(encoded) }
    if Int(outcome) == APUS_IMAGE_TOO_SLOW { throw .tooSlow }
    guard Int(outcome) == APUS_IMAGE_OK else { throw .cannotEncode(format, message.string) }
    return Array(UnsafeBufferPointer(start: encoded.bytes, count: encoded.count))
  }
}
