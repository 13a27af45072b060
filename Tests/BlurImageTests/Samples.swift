import ImageCodecs
import ImageModel
import Instruments

/// Images that need no file.
enum Samples {
  /// Edges, slopes and fine structure everywhere, so that whatever is changed shows.
  static func textured(_ width: Int, _ height: Int, channels: Int) -> Raster {
    var random = SeededRandom(7)
    var raster = Raster(width: width, height: height, channels: channels)
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<channels {
          let slope = (x * (channel + 1) + y * 2) & 127
          let stripe = (x / 5 + y / 7).isMultiple(of: 2) ? 90 : 0
          raster.pixels[(y * width + x) * channels + channel] = UInt8(
            slope + stripe + Int.random(in: 0...20, using: &random))
        }
        if channels == 4 { raster.pixels[(y * width + x) * 4 + 3] = 255 }
      }
    }
    return raster
  }

  /// Slow slopes, which every codec keeps.
  static func smooth(_ width: Int, _ height: Int, channels: Int) -> Raster {
    var raster = Raster(width: width, height: height, channels: channels)
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<channels {
          let value = channel == 1 ? 255 - 200 * y / height : 20 + 200 * x / width
          raster.pixels[(y * width + x) * channels + channel] = UInt8(value)
        }
        if channels == 4 { raster.pixels[(y * width + x) * 4 + 3] = 255 }
      }
    }
    return raster
  }

  static func encoded(_ format: ImageFormat, _ raster: Raster = smooth(48, 40, channels: 3)) throws -> [UInt8] {
    try ImageEncoder(format, quality: 90).encode(Picture(raster))
  }

  /// A JPEG with bytes behind its last pixels that belong to nothing.
  static func filledUp(by count: Int) throws -> [UInt8] {
    let bytes = try encoded(.jpeg)
    return bytes.dropLast(2) + [UInt8](repeating: 0x11, count: count) + bytes.suffix(2)
  }

  /// A profile of the second version, of matrix and curves, and what cameras and people leave in one: a text, a tag of
  /// their own, a serial number, padding, and bytes behind the end.
  static func profile(hiding secret: String = "nobody's business", space: String = "RGB ") -> [UInt8] {
    let xyz: [[UInt8]] = [[0, 0, 0x6F, 0xA2], [0, 0, 0x62, 0x99], [0, 0, 0x24, 0xA0]]
    func type(_ name: String, _ content: [UInt8]) -> [UInt8] { Array(name.utf8) + [0, 0, 0, 0] + content }
    let curve = type("curv", big(2) + [0x10, 0x20, 0xF0, 0x00] + Array(secret.utf8))
    let text = type("desc", big(secret.utf8.count + 1) + Array(secret.utf8) + [UInt8](repeating: 0, count: 79))
    var tags = [("desc", text), ("prvt", type("data", Array(secret.utf8))), ("kTRC", curve)]
    for (index, colour) in ["r", "g", "b"].enumerated() {
      tags += [("\(colour)XYZ", type("XYZ ", xyz[index] + xyz[(index + 1) % 3] + xyz[(index + 2) % 3]))]
      tags += [("\(colour)TRC", curve)]
    }
    var (table, contents) = (big(tags.count), [UInt8]())
    for (name, content) in tags {
      table += Array(name.utf8) + big(128 + 4 + 12 * tags.count + contents.count) + big(content.count)
      contents += content + Array(secret.utf8)
      contents += [UInt8](repeating: 0, count: -contents.count & 3)
    }
    var head = [UInt8](repeating: 0, count: 128)
    head.replaceSubrange(0..<4, with: big(128 + table.count + contents.count))
    head.replaceSubrange(8..<10, with: [2, 0x40])
    head.replaceSubrange(12..<24, with: "mntr\(space)XYZ ".utf8)
    head.replaceSubrange(36..<40, with: "acsp".utf8)
    head.replaceSubrange(48..<56, with: secret.utf8.prefix(8))
    head.replaceSubrange(68..<80, with: [0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D])
    return head + table + contents
  }

  private static func big(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }

  /// A PNG that is nothing but its header.
  static func header(png width: UInt32, _ height: UInt32, depth: UInt8 = 8, type: UInt8 = 2) -> [UInt8] {
    func big(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + big(13) + Array("IHDR".utf8) + big(width) + big(height)
      + [depth, type, 0, 0, 0] + big(0)
  }

  /// A JPEG whose frame claims another size.
  static func claiming(_ width: Int, _ height: Int) throws -> [UInt8] {
    var bytes = try encoded(.jpeg)
    let frame = try frame(of: bytes)
    bytes.replaceSubrange(
      (frame + 5)..<(frame + 9),
      with: [UInt8(height >> 8), UInt8(height & 255), UInt8(width >> 8), UInt8(width & 255)])
    return bytes
  }

  /// Where a JPEG's frame starts.
  static func frame(of bytes: [UInt8]) throws -> Int {
    var at = 2
    while at + 4 < bytes.count {
      if bytes[at] == 0xFF, bytes[at + 1] == 0xC0 { return at }
      at += 2 + Int(bytes[at + 2]) << 8 + Int(bytes[at + 3])
    }
    throw ImageError.damaged(.jpeg, "no frame")
  }

  /// With a segment right behind the start.
  static func inserting(_ marker: UInt8, _ content: [UInt8], into bytes: [UInt8]) -> [UInt8] {
    let length = content.count + 2
    return bytes[..<2] + [0xFF, marker, UInt8(length >> 8), UInt8(length & 255)] + content + bytes[2...]
  }
}
