/// How a camera was held (EXIF 2.3, tag 0x0112): what to do with the stored pixels so that up is up.
package enum Orientation: UInt8, Sendable, CaseIterable {
  case upright = 1
  case mirrored = 2
  case turnedAround = 3
  case mirroredVertically = 4
  /// Mirrored at the diagonal from top left.
  case transposed = 5
  /// To be turned right by 90 degrees.
  case turnedLeft = 6
  /// Mirrored at the diagonal from top right.
  case transversed = 7
  /// To be turned left by 90 degrees.
  case turnedRight = 8

  /// Whether width and height change places.
  package var swapsSides: Bool { rawValue >= 5 }
}

extension Raster {
  /// As it is meant to be seen.
  package func oriented(_ orientation: Orientation) -> Raster {
    guard orientation != .upright else { return self }
    let (width, height, channels) = (width, height, channels)
    let (newWidth, newHeight) = orientation.swapsSides ? (height, width) : (width, height)
    // Where the first pixel comes from, and how far a step right and a step down go in the source.
    let (first, right, down) =
      switch orientation {
      case .upright: (0, 1, width)
      case .mirrored: (width - 1, -1, width)
      case .turnedAround: (width * height - 1, -1, -width)
      case .mirroredVertically: (width * (height - 1), 1, -width)
      case .transposed: (0, width, 1)
      case .turnedLeft: (width * (height - 1), -width, 1)
      case .transversed: (width * height - 1, -width, -1)
      case .turnedRight: (width - 1, width, -1)
      }
    let count = pixels.count
    let turned = [UInt8](unsafeUninitializedCapacity: count) { target, used in
      pixels.withUnsafeBufferPointer { source in
        var at = 0
        for y in 0..<newHeight {
          var from = (first + y * down) * channels
          for _ in 0..<newWidth {
            for channel in 0..<channels { target[at + channel] = source[from + channel] }
            at += channels
            from += right * channels
          }
        }
      }
      used = count
    }
    return Raster(width: newWidth, height: newHeight, channels: channels, pixels: turned)
  }
}
