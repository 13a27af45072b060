/// Pixels of 8 bits, rows from top to bottom without padding.
package struct Raster: Sendable, Equatable {
  package let width: Int
  package let height: Int
  /// 1 grey, 3 RGB, 4 RGB and alpha.
  package let channels: Int
  package var pixels: [UInt8]

  package init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    precondition(pixels.count == width * height * channels, "a raster has a value for each channel of each pixel")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// Every channel of every pixel the same.
  package init(width: Int, height: Int, channels: Int, filledWith value: UInt8 = 0) {
    self.init(
      width: width, height: height, channels: channels,
      pixels: [UInt8](repeating: value, count: width * height * channels))
  }

  package var bounds: Box { Box(x: 0, y: 0, width: width, height: height) }

  /// Its brightness (ITU-R BT.601), what is transparent before white.
  package func grey() -> Raster {
    guard channels > 1 else { return self }
    let count = width * height
    let channels = channels
    let grey = [UInt8](unsafeUninitializedCapacity: count) { target, used in
      pixels.withUnsafeBufferPointer { source in
        for index in 0..<count {
          let at = index * channels
          let red = UInt32(source[at])
          let green = UInt32(source[at + 1])
          let blue = UInt32(source[at + 2])
          // 16 bits of fraction.
          var value = (red &* 19_595 &+ green &* 38_470 &+ blue &* 7_471 &+ 32_768) >> 16
          if channels == 4 {
            let alpha = UInt32(source[at + 3])
            value = (value &* alpha &+ 255 &* (255 &- alpha) &+ 127) / 255
          }
          target[index] = UInt8(truncatingIfNeeded: value)
        }
      }
      used = count
    }
    return Raster(width: width, height: height, channels: 1, pixels: grey)
  }

  /// The same without alpha, before white: JPEG knows no other way.
  package func opaque() -> Raster {
    guard channels == 4 else { return self }
    let count = width * height
    let colours = [UInt8](unsafeUninitializedCapacity: count * 3) { target, used in
      pixels.withUnsafeBufferPointer { source in
        for index in 0..<count {
          let alpha = UInt32(source[index * 4 + 3])
          for channel in 0..<3 {
            let value = UInt32(source[index * 4 + channel])
            target[index * 3 + channel] = UInt8(
              truncatingIfNeeded: (value &* alpha &+ 255 &* (255 &- alpha) &+ 127) / 255)
          }
        }
      }
      used = count * 3
    }
    return Raster(width: width, height: height, channels: 3, pixels: colours)
  }

  /// Grey as three equal channels: WebP has no grey.
  package func coloured() -> Raster {
    guard channels == 1 else { return self }
    let count = pixels.count
    let colours = [UInt8](unsafeUninitializedCapacity: count * 3) { target, used in
      for (index, value) in pixels.enumerated() {
        target[index * 3] = value
        target[index * 3 + 1] = value
        target[index * 3 + 2] = value
      }
      used = count * 3
    }
    return Raster(width: width, height: height, channels: 3, pixels: colours)
  }
}
