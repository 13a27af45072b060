internal import ImageModel

extension ImageHeader {
  /// IHDR, and what the chunks before the pixels change (PNG, third edition, section 11).
  init(png bytes: [UInt8]) throws(ImageError) {
    var reader = ByteReader(bytes[...])
    reader.skip(8)
    guard reader.bigEndian(4) == 13, let name = reader.take(4), name.elementsEqual("IHDR".utf8),
      let width = reader.bigEndian(4), let height = reader.bigEndian(4), reader.byte() != nil, let type = reader.byte()
    else { throw .damaged(.png, "its header ends too early") }
    // Three bytes of methods, four of checksum, which the decoder looks at.
    reader.skip(7)
    guard width <= Int(Int32.max), height <= Int(Int32.max) else { throw .damaged(.png, "its size is out of range") }
    var hasTransparency = false
    var orientation: Orientation = .upright
    var isBeforePixels = true
    chunks: while let length = reader.bigEndian(4), let name = reader.take(4), let content = reader.take(length) {
      reader.skip(4)
      switch String(decoding: name, as: UTF8.self) {
      case "tRNS" where isBeforePixels: hasTransparency = true
      case "acTL": throw .animated(.png)
      case "eXIf": orientation = EXIF.orientation(content)
      case "IDAT": isBeforePixels = false
      // What stands behind it is no part of the image.
      case "IEND": break chunks
      default: continue
      }
    }
    let channels: Int
    switch type {
    case 0: channels = hasTransparency ? 4 : 1
    case 2, 3: channels = hasTransparency ? 4 : 3
    case 4, 6: channels = 4
    default: throw .damaged(.png, "it has an unknown kind of colour")
    }
    self.init(.png, width: width, height: height, channels: channels)
    self.orientation = orientation
    isLossless = true
  }
}
