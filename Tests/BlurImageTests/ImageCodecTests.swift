import ImageCodecs
import ImageModel
import Testing

@Suite struct `An image codec` {
  struct Form: Sendable, CustomTestStringConvertible {
    let format: ImageFormat
    let channels: Int
    var testDescription: String { "\(format) of \(channels)" }
  }
  static let forms = ImageFormat.allCases.flatMap { format in
    [1, 3, 4].map { Form(format: format, channels: $0) }
  }

  @Test(arguments: forms) func `reads what it wrote`(form: Form) throws {
    let raster = Samples.smooth(61, 45, channels: form.channels)
    let encoder = ImageEncoder(form.format, quality: 95, isLossless: form.format == .webp)
    let read = try ImageDecoder(encoder.encode(Picture(raster))).picture().raster
    let expected =
      switch form.format {
      case .jpeg: raster.opaque()
      case .png: raster
      // What has no transparent pixel is written without alpha.
      case .webp: raster.coloured().opaque()
      }
    #expect(read.channels == expected.channels && read.width == 61 && read.height == 45)
    #expect(read.largestDifference(expected) <= (form.format == .jpeg ? 12 : 0))
  }

  @Test(arguments: ImageFormat.allCases) func `keeps the colour profile`(format: ImageFormat) throws {
    let picture = Picture(Samples.smooth(20, 20, channels: 3), profile: Samples.profile())
    let read = try ImageDecoder(ImageEncoder(format).encode(picture)).picture()
    #expect(!read.profile.isEmpty)
    #expect(try ImageDecoder(ImageEncoder(format).encode(read)).picture().profile == read.profile, "again")
    // One that is about other colours is not kept.
    let grey = Picture(Samples.smooth(20, 20, channels: 1), profile: Samples.profile())
    #expect(try ImageDecoder(ImageEncoder(.jpeg).encode(grey)).picture().profile == [])
  }

  @Test(arguments: Orientation.allCases) func `turns what the camera did not`(orientation: Orientation) throws {
    // Red grows to the right, green falls downwards.
    let stored = Samples.smooth(64, 32, channels: 3)
    let exif: [UInt8] =
      Array("Exif\0\0MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation.rawValue, 0, 0]
    let bytes = Samples.inserting(0xE1, exif, into: try Samples.encoded(.jpeg, stored))
    let decoder = try ImageDecoder(bytes)
    let raster = try decoder.picture().raster
    #expect(raster.width == (orientation.swapsSides ? 32 : 64))
    #expect(decoder.header.orientedWidth == raster.width && decoder.header.orientedHeight == raster.height)
    func red(_ x: Int, _ y: Int) -> Int { Int(raster.pixels[(y * raster.width + x) * 3]) }
    func green(_ x: Int, _ y: Int) -> Int { Int(raster.pixels[(y * raster.width + x) * 3 + 1]) }
    let (right, down) = (raster.width - 1, raster.height - 1)
    // EXIF 2.3: which side of the stored image the first row and the first column show.
    let expected: (alongRed: Int, downRed: Int, alongGreen: Int, downGreen: Int) =
      switch orientation {
      case .upright: (1, 0, 0, -1)
      case .mirrored: (-1, 0, 0, -1)
      case .turnedAround: (-1, 0, 0, 1)
      case .mirroredVertically: (1, 0, 0, 1)
      case .transposed: (0, 1, -1, 0)
      case .turnedLeft: (0, 1, 1, 0)
      case .transversed: (0, -1, 1, 0)
      case .turnedRight: (0, -1, -1, 0)
      }
    func sign(_ difference: Int) -> Int { abs(difference) < 60 ? 0 : difference.signum() }
    #expect(sign(red(right, 0) - red(0, 0)) == expected.alongRed)
    #expect(sign(red(0, down) - red(0, 0)) == expected.downRed)
    #expect(sign(green(right, 0) - green(0, 0)) == expected.alongGreen)
    #expect(sign(green(0, down) - green(0, 0)) == expected.downGreen)
  }

  /// What Pillow takes, and no more: bytes, none and more than fit are no orientation.
  static let entries: [(type: Int, count: Int, isTaken: Bool)] = [
    (3, 1, true), (4, 1, true), (8, 1, true), (9, 1, true), (3, 2, true), (1, 1, false), (3, 3, false), (4, 0, false),
    (4, 2, false),
  ]

  @Test(arguments: entries, [true, false]) func `turns by a SHORT and by a LONG, in both orders of bytes`(
    entry: (type: Int, count: Int, isTaken: Bool), isBig: Bool
  ) throws {
    func number(_ value: Int, _ count: Int) -> [UInt8] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return isBig ? bytes.reversed() : bytes
    }
    let length = [1: 1, 3: 2, 4: 4, 8: 2, 9: 4][entry.type] ?? 0
    // Behind another entry, which is a LONG.
    let exif =
      Array((isBig ? "Exif\0\0MM" : "Exif\0\0II").utf8) + number(42, 2) + number(8, 4) + number(2, 2)
      + number(0x0100, 2) + number(4, 2) + number(1, 4) + number(64, 4) + number(0x0112, 2) + number(entry.type, 2)
      + number(entry.count, 4) + number(6, length) + [UInt8](repeating: 0, count: 4 - length)
    let bytes = Samples.inserting(0xE1, exif, into: try Samples.encoded(.jpeg))
    #expect(try ImageHeader(bytes).orientation == (entry.isTaken ? .turnedLeft : .upright))
  }

  @Test func `shows a detector the image in the size it asks for`() throws {
    let bytes = try Samples.encoded(.jpeg, Samples.smooth(3_000, 1_000, channels: 3))
    let grey = try ImageDecoder(bytes).grey(longest: 960)
    #expect(grey.channels == 1 && grey.width == 960 && grey.height == 320)
    let small = try ImageDecoder(bytes).grey(longest: 5_000)
    #expect(small.width == 3_000 && small.height == 1_000)
  }

  @Test func `refuses what a format can't hold`() throws {
    let wide = Picture(Raster(width: 17_000, height: 1, channels: 3))
    #expect(throws: ImageError.sideTooLong(.webp, side: 17_000)) { try ImageEncoder(.webp).encode(wide) }
    #expect(throws: Never.self) { try ImageEncoder(.jpeg).encode(wide) }
  }
}

extension Raster {
  /// Of any channel of any pixel.
  func largestDifference(_ other: Raster) -> Int {
    zip(pixels, other.pixels).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
  }
}
