internal import ImageModel

extension ImageHeader {
  /// The chunks of the RIFF container (RFC 9649 section 2).
  init(webp bytes: [UInt8]) throws(ImageError) {
    var sizes = ByteReader(bytes[...])
    sizes.skip(4)
    // What stands behind the end that the container tells is no part of the image.
    guard let count = sizes.littleEndian(4), let whole = sizes.take(count) else {
      throw .damaged(.webp, "it ends too early")
    }
    var reader = ByteReader(whole)
    reader.skip(4)
    var canvas: (width: Int, height: Int)?
    var frame: (width: Int, height: Int)?
    var hasAlpha = false
    var isLossless = false
    var orientation: Orientation = .upright
    var profile: [UInt8] = []
    while let name = reader.take(4), let length = reader.littleEndian(4) {
      guard let content = reader.take(length) else { throw .damaged(.webp, "a chunk ends too early") }
      if !length.isMultiple(of: 2) { reader.skip(1) }
      switch String(decoding: name, as: UTF8.self) {
      case "VP8X":
        var fields = ByteReader(content)
        guard let flags = fields.littleEndian(4), let width = fields.littleEndian(3),
          let height = fields.littleEndian(3)
        else { throw .damaged(.webp, "its header ends too early") }
        if flags & 0x02 != 0 { throw .animated(.webp) }
        hasAlpha = hasAlpha || flags & 0x10 != 0
        canvas = (width + 1, height + 1)
      case "ANIM", "ANMF": throw .animated(.webp)
      case "ALPH": hasAlpha = true
      case "ICCP" where content.count <= ImageLimits.profileBytes: profile = Array(content)
      case "EXIF":
        let hasPrefix = content.starts(with: Array("Exif\0\0".utf8))
        orientation = EXIF.orientation(hasPrefix ? content.dropFirst(6) : content)
      case "VP8 " where frame == nil: frame = try Self.lossyFrame(content)
      case "VP8L" where frame == nil:
        let lossless = try Self.losslessFrame(content)
        frame = (lossless.width, lossless.height)
        hasAlpha = hasAlpha || lossless.hasAlpha
        isLossless = true
      default: continue
      }
    }
    guard let frame else { throw .damaged(.webp, "it has no frame") }
    let size = canvas ?? frame
    self.init(.webp, width: size.width, height: size.height, channels: hasAlpha ? 4 : 3)
    self.orientation = orientation
    self.profile = profile
    self.isLossless = isLossless
  }

  /// RFC 6386 section 9.1: a frame tag, a start code, and 14 bits for each side.
  private static func lossyFrame(_ content: ArraySlice<UInt8>) throws(ImageError) -> (width: Int, height: Int) {
    var fields = ByteReader(content)
    fields.skip(3)
    guard fields.take(3).map(Array.init) == [0x9D, 0x01, 0x2A], let width = fields.littleEndian(2),
      let height = fields.littleEndian(2)
    else { throw .damaged(.webp, "its frame ends too early") }
    return (width & 0x3FFF, height & 0x3FFF)
  }

  /// RFC 9649 section 3.4: a signature, 14 bits for each side less one, and whether alpha is used.
  private static func losslessFrame(
    _ content: ArraySlice<UInt8>
  ) throws(ImageError) -> (width: Int, height: Int, hasAlpha: Bool) {
    var fields = ByteReader(content)
    guard fields.byte() == 0x2F, let bits = fields.littleEndian(4) else {
      throw .damaged(.webp, "its frame ends too early")
    }
    return (bits & 0x3FFF + 1, bits >> 14 & 0x3FFF + 1, bits >> 28 & 1 == 1)
  }
}
