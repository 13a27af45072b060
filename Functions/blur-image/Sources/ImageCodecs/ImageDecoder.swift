internal import CImageCodecs
package import ImageModel

/// Decodes one image, after its header has been found to be within limits.
package struct ImageDecoder: Sendable {
  package let header: ImageHeader
  private let bytes: [UInt8]
  private let limits: ImageLimits
  private let deadline: ContinuousClock.Instant

  /// Reads the header; nothing is decoded yet.
  package init(
    _ bytes: [UInt8], limits: ImageLimits = ImageLimits(), deadline: ContinuousClock.Instant = .now + .seconds(20)
  ) throws(ImageError) {
    header = try ImageHeader(bytes, limits: limits)
    self.bytes = bytes
    self.limits = limits
    self.deadline = deadline
  }

  /// The whole image, upright.
  package func picture() throws(ImageError) -> Picture {
    var profile = header.profile
    let raster = try decode(eighths: 8, channels: header.channels, profile: &profile)
    return Picture(raster.oriented(header.orientation), profile: profile)
  }

  /// Its brightness for a detector, upright, with about `longest` pixels on the longer side and never more than the
  /// image has. A JPEG is scaled in the frequency domain, which costs less than a full decode.
  package func grey(longest: Int) throws(ImageError) -> Raster {
    var none: [UInt8] = []
    guard header.format == .jpeg else {
      let raster = try decode(eighths: 8, channels: header.channels, profile: &none)
      return raster.grey().oriented(header.orientation).reduced(toLongest: longest)
    }
    let side = max(header.width, header.height)
    let eighths = min(8, max(1, (longest * 8 + side - 1) / side))
    let raster = try decode(eighths: eighths, channels: 1, profile: &none)
    return raster.oriented(header.orientation).reduced(toLongest: longest)
  }

  private func decode(eighths: Int, channels: Int, profile: inout [UInt8]) throws(ImageError) -> Raster {
    var width = UInt32(header.width)
    var height = UInt32(header.height)
    var limits = apus_image_limits(
      width: width, height: height, deadline_ns: deadline.monotonic,
      memory_max: limits.memory(width: header.width, height: header.height), scans_max: CInt(ImageLimits.scans),
      profile_max: ImageLimits.profileBytes)
    var message = apus_image_message()
    if header.format == .jpeg { apus_jpeg_scaled(width, height, CInt(eighths), &width, &height) }
    let count = Int(width) * Int(height) * channels
    var outcome: CInt = 0
    var found = apus_image_bytes()
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { target, used in
      let room = target.baseAddress
      outcome = bytes.withUnsafeBufferPointer { bytes in
        switch header.format {
        case .jpeg:
          apus_jpeg_decode(
            bytes.baseAddress, bytes.count, &limits, CInt(eighths), CInt(channels), room, &message)
        case .png:
          apus_png_decode(bytes.baseAddress, bytes.count, &limits, CInt(channels), room, &found, &message)
        case .webp: apus_webp_decode(bytes.baseAddress, bytes.count, &limits, CInt(channels), room, &message)
        }
      }
      // What was not decoded is not read, either.
      used = outcome == CInt(APUS_IMAGE_OK) ? count : 0
    }
    defer { apus_image_free(found) }
    try check(outcome, message)
    if found.count > 0 {
      let bytes = Array(UnsafeBufferPointer(start: found.bytes, count: found.count))
      profile = ColourProfile.cleaned(bytes, channels: channels)
    }
    return Raster(width: Int(width), height: Int(height), channels: channels, pixels: pixels)
  }

  private func check(_ outcome: CInt, _ message: apus_image_message) throws(ImageError) {
    switch Int(outcome) {
    case APUS_IMAGE_OK: return
    case APUS_IMAGE_TOO_COSTLY: throw .tooCostly(header.format, message.string)
    case APUS_IMAGE_TOO_SLOW: throw .tooSlow
    default: throw .damaged(header.format, message.string)
    }
  }
}

extension apus_image_message {
  var string: String {
    withUnsafeBytes(of: text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

extension Raster {
  /// At most `longest` pixels on the longer side, with what lies between still in it: halved first, then interpolated.
  package func reduced(toLongest longest: Int) -> Raster {
    var raster = self
    while max(raster.width, raster.height) >= 2 * longest, min(raster.width, raster.height) > 1 {
      raster = raster.halved()
    }
    let side = max(raster.width, raster.height)
    guard side > longest else { return raster }
    func part(_ length: Int) -> Int { max(1, (length * longest + side / 2) / side) }
    return raster.resized(width: part(raster.width), height: part(raster.height))
  }
}
