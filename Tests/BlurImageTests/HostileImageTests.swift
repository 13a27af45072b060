import ImageCodecs
import ImageModel
import Instruments
import Testing

@Suite struct `A hostile image` {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: @Sendable () throws -> [UInt8]
    let isExpected: @Sendable (ImageError) -> Bool

    init(
      _ name: String, _ bytes: @escaping @Sendable () throws -> [UInt8],
      _ isExpected: @escaping @Sendable (ImageError) -> Bool
    ) {
      testDescription = name
      self.bytes = bytes
      self.isExpected = isExpected
    }
  }

  @Sendable static func isDamage(_ error: ImageError) -> Bool { if case .damaged = error { true } else { false } }
  @Sendable static func isTooLarge(_ error: ImageError) -> Bool {
    if case .tooManyPixels = error { true } else { false }
  }
  @Sendable static func isAnimated(_ error: ImageError) -> Bool { if case .animated = error { true } else { false } }

  static let cases: [Case] = [
    Case("nothing", { [] }, { $0 == .unknownFormat }),
    Case("text", { Array("<svg/>".utf8) }, { $0 == .unknownFormat }),
    Case("a JPEG's first bytes", { [0xFF, 0xD8, 0xFF] }, isDamage),
    Case("a PNG's first bytes", { Array(Samples.header(png: 1, 1)[..<8]) }, isDamage),
    Case("a PNG without pixels", { Samples.header(png: 16, 16) }, isDamage),
    Case("a PNG of 25,000 squared", { Samples.header(png: 25_000, 25_000) }, isTooLarge),
    Case("a PNG of 2^31 - 1 squared", { Samples.header(png: 0x7FFF_FFFF, 0x7FFF_FFFF) }, isTooLarge),
    Case("a PNG wider than a number", { Samples.header(png: 0xFFFF_FFFF, 1) }, isDamage),
    Case("a PNG without width", { Samples.header(png: 0, 5) }, isDamage),
    Case("a PNG of unknown colours", { Samples.header(png: 5, 5, type: 7) }, isDamage),
    Case("a JPEG that claims 32,000 squared", { try Samples.claiming(32_000, 32_000) }, isTooLarge),
    Case("a JPEG that claims 65,535 by 600", { try Samples.claiming(65_535, 600) }, isDamage),
    Case("a JPEG that claims more than it has", { try Samples.claiming(4_000, 4_000) }, isDamage),
    Case("a JPEG without height", { try Samples.claiming(48, 0) }, isDamage),
    Case(
      "a JPEG of two frames",
      {
        let bytes = try Samples.encoded(.jpeg)
        let frame = try Samples.frame(of: bytes)
        return Samples.inserting(0xC0, Array(bytes[(frame + 4)..<(frame + 19)]), into: bytes)
      }, isDamage),
    Case("a JPEG that is cut", { Array(try Samples.encoded(.jpeg).dropLast(200)) }, isDamage),
    Case("a JPEG with more than its pixels need", { try Samples.filledUp(by: 40) }, isDamage),
    Case("a PNG that is cut", { Array(try Samples.encoded(.png).dropLast(200)) }, isDamage),
    Case("a WebP that is cut", { Array(try Samples.encoded(.webp).dropLast(200)) }, isDamage),
    Case(
      "a WebP that says it moves",
      {
        let header: [UInt8] = [10, 0, 0, 0, 0x02, 0, 0, 0, 47, 0, 0, 39, 0, 0]
        let bytes = try Samples.encoded(.webp)
        return bytes[..<12] + Array("VP8X".utf8) + header + bytes[12...]
      }, isAnimated),
    Case(
      "a PNG that says it moves",
      {
        let bytes = try Samples.encoded(.png)
        return bytes[..<33] + [0, 0, 0, 8] + Array("acTL".utf8) + [UInt8](repeating: 0, count: 12) + bytes[33...]
      }, isAnimated),
  ]

  @Test func `is not what a camera filled up`() throws {
    let picture = try ImageDecoder(try Samples.filledUp(by: 4)).picture()
    #expect(try picture.raster == ImageDecoder(try Samples.encoded(.jpeg)).picture().raster)
  }

  @Test(arguments: cases) func `is refused`(test: Case) throws {
    let bytes = try test.bytes()
    do throws(ImageError) {
      _ = try ImageDecoder(bytes).picture()
      Issue.record("it was decoded")
    } catch {
      #expect(test.isExpected(error), "\(error)")
    }
    #expect(throws: ImageError.self) { try ImageDecoder(bytes).grey(longest: 100) }
  }

  @Test(arguments: ImageFormat.allCases) func `may have bytes behind its end`(format: ImageFormat) throws {
    let bytes = try Samples.encoded(format)
    let picture = try ImageDecoder(bytes).picture()
    #expect(try ImageDecoder(bytes + [1, 2, 3, 0xFF, 0xD8]).picture() == picture)
  }

  /// At any length: what is missing might have been anything.
  @Test(arguments: ImageFormat.allCases) func `is refused when it is cut`(format: ImageFormat) throws {
    let seeds = try [
      Samples.encoded(format),
      ImageEncoder(format, isLossless: true).encode(
        Picture(Samples.textured(19, 13, channels: format == .jpeg ? 1 : 4), profile: Samples.profile())),
    ]
    for seed in seeds {
      #expect(throws: Never.self) { try ImageDecoder(seed).grey(longest: 100) }
      for count in 0..<seed.count {
        let cut = Array(seed[..<count])
        #expect(throws: ImageError.self, "\(count) of \(seed.count)") { try ImageDecoder(cut).picture() }
        #expect(throws: ImageError.self, "\(count) of \(seed.count)") { try ImageDecoder(cut).grey(longest: 10) }
      }
    }
  }

  /// What stands behind the end can neither turn nor move it.
  @Test(arguments: [ImageFormat.png, .webp]) func `has no say behind its end`(format: ImageFormat) throws {
    let bytes = try Samples.encoded(format)
    let exif: [UInt8] = Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]
    let isPNG = format == .png
    func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
      let count = UInt8(content.count)
      return isPNG
        ? [0, 0, 0, count] + Array(name.utf8) + content + [0, 0, 0, 0] : Array(name.utf8) + [count, 0, 0, 0] + content
    }
    let turned = chunk(isPNG ? "eXIf" : "EXIF", exif)
    let moved = chunk(isPNG ? "acTL" : "ANIM", [0, 0, 0, 1, 0, 0, 0, 0])
    #expect(try ImageHeader(bytes + turned + moved) == ImageHeader(bytes))
  }

  @Test(arguments: ImageFormat.allCases) func `may be one pixel, or one row`(format: ImageFormat) throws {
    let longest = format == .png ? 65_535 : format == .jpeg ? 65_500 : 16_383
    for (width, height) in [(1, 1), (longest, 1), (1, longest)] {
      let bytes = try Samples.encoded(format, Samples.smooth(width, height, channels: 3))
      let raster = try ImageDecoder(bytes).picture().raster
      #expect(raster.width == width && raster.height == height)
      let grey = try ImageDecoder(bytes).grey(longest: 960)
      #expect(max(grey.width, grey.height) <= 960 && min(grey.width, grey.height) >= 1)
    }
  }

  @Test func `is not worked on when the time is up`() throws {
    for format in ImageFormat.allCases {
      let bytes = try Samples.encoded(format, Samples.smooth(400, 400, channels: 3))
      #expect(throws: ImageError.tooSlow) { try ImageDecoder(bytes, deadline: .now - .seconds(1)).picture() }
      let picture = try ImageDecoder(bytes).picture()
      for isLossless in [false, true] {
        let encoder = ImageEncoder(format, isLossless: isLossless)
        #expect(throws: ImageError.tooSlow) { try encoder.encode(picture, deadline: .now - .seconds(1)) }
      }
    }
  }

  /// Late before the first byte, after a few and after many: what was written by then is let go of, and once.
  @Test(arguments: ImageFormat.allCases) func `may run out of time at any moment of its writing`(
    format: ImageFormat
  ) throws {
    let picture = Picture(Samples.textured(600, 500, channels: 3))
    let start = ContinuousClock.now
    let whole = try ImageEncoder(format).encode(picture)
    let time = start.duration(to: .now)
    #expect(whole.count > 100_000)
    var late = 0
    for part in 0..<100 {
      do throws(ImageError) {
        #expect(try ImageEncoder(format).encode(picture, deadline: .now + time * part / 80) == whole)
      } catch {
        #expect(error == .tooSlow)
        late += 1
      }
    }
    #expect(late > 5)
  }

  @Test func `that compresses well costs no more than its pixels`() throws {
    // 39.7 million black pixels are some ten kilobytes.
    let bomb = try Samples.encoded(.png, Raster(width: 6_300, height: 6_300, channels: 1))
    #expect(bomb.count < 200_000)
    #expect(try ImageDecoder(bomb).grey(longest: 960).width == 960)
    #expect(throws: ImageError.tooManyPixels(width: 6_300, height: 6_300, limit: 1_000_000)) {
      try ImageDecoder(bomb, limits: ImageLimits(pixels: 1_000_000))
    }
  }

  /// Whatever the bytes are, there is an image or an error, and the process lives.
  @Test(arguments: ImageFormat.allCases) func `may be changed anywhere`(format: ImageFormat) throws {
    var random = SeededRandom(UInt64(format.rawValue.utf8.count))
    let seeds = try [
      Samples.encoded(format), Samples.encoded(format, Samples.textured(33, 27, channels: format == .jpeg ? 1 : 4)),
      ImageEncoder(format).encode(Picture(Samples.smooth(20, 20, channels: 3), profile: Samples.profile())),
    ]
    var decoded = 0
    for round in 0..<3_000 {
      var bytes = seeds[round % seeds.count]
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...8, using: &random)))
        default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 4)], at: at)
        }
        if bytes.isEmpty { bytes = [0] }
      }
      let limits = ImageLimits(pixels: 200_000)
      if (try? ImageDecoder(bytes, limits: limits).picture()) != nil { decoded += 1 }
      _ = try? ImageDecoder(bytes, limits: limits).grey(longest: 16)
    }
    // Were every change refused at the door, nothing behind it would have been tried.
    #expect(decoded > 0)
  }
}
