internal import ImageModel

/// The extended form of a WebP file, which alone holds a colour profile (RFC 9649 section 2.7).
enum WebPContainer {
  static func adding(_ profile: [UInt8], to simple: [UInt8], _ raster: Raster) throws(ImageError) -> [UInt8] {
    var reader = ByteReader(simple[...])
    reader.skip(12)
    var frames: [UInt8] = []
    while let name = reader.take(4), let length = reader.littleEndian(4), let content = reader.take(length) {
      if !length.isMultiple(of: 2) { reader.skip(1) }
      // libwebp writes the extended header itself when there is alpha: ours takes its place.
      if !name.elementsEqual("VP8X".utf8) { frames += chunk(Array(name), content) }
    }
    let flags: UInt8 = 0x20 | (raster.channels == 4 ? 0x10 : 0)
    let header = [flags, 0, 0, 0] + littleEndian(raster.width - 1, 3) + littleEndian(raster.height - 1, 3)
    let body = Array("WEBP".utf8) + chunk(Array("VP8X".utf8), header[...]) + chunk(Array("ICCP".utf8), profile[...])
    let count = body.count + frames.count
    guard count <= Int(UInt32.max) - 10 else { throw .cannotEncode(.webp, "it would be too large") }
    return Array("RIFF".utf8) + littleEndian(count, 4) + body + frames
  }

  private static func chunk(_ name: [UInt8], _ content: ArraySlice<UInt8>) -> [UInt8] {
    name + littleEndian(content.count, 4) + content + (content.count.isMultiple(of: 2) ? [] : [0])
  }

  private static func littleEndian(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
