internal import ImageModel

extension ImageHeader {
  /// Segments up to the first scan (ITU-T T.81, annex B).
  init(jpeg bytes: [UInt8]) throws(ImageError) {
    var reader = ByteReader(bytes[...])
    reader.skip(2)
    var frame: (width: Int, height: Int, components: Int)?
    var orientation: Orientation?
    var profile = ProfileParts()
    segments: while let marker = Self.nextMarker(&reader) {
      switch marker {
      // Without content: TEM, RST, SOI.
      case 0x01, 0xD0...0xD8: continue
      // SOS, EOI: what follows is compressed.
      case 0xD9, 0xDA: break segments
      default: break
      }
      guard let length = reader.bigEndian(2), length >= 2, let content = reader.take(length - 2) else {
        throw .damaged(.jpeg, "a segment ends too early")
      }
      switch marker {
      // SOF, of which DHT, JPG and DAC stand in the midst.
      case 0xC0...0xCF where ![0xC4, 0xC8, 0xCC].contains(marker):
        guard frame == nil else { throw .damaged(.jpeg, "it has two frames") }
        var fields = ByteReader(content)
        guard fields.byte() != nil, let height = fields.bigEndian(2), let width = fields.bigEndian(2),
          let components = fields.byte()
        else { throw .damaged(.jpeg, "its frame ends too early") }
        frame = (width, height, Int(components))
      case 0xE1 where orientation == nil && content.starts(with: Array("Exif\0\0".utf8)):
        orientation = EXIF.orientation(content.dropFirst(6))
      case 0xE2 where content.starts(with: Array("ICC_PROFILE\0".utf8)):
        profile.add(content.dropFirst(12))
      default: continue
      }
    }
    guard let frame else { throw .damaged(.jpeg, "it has no frame") }
    self.init(.jpeg, width: frame.width, height: frame.height, channels: frame.components == 1 ? 1 : 3)
    self.orientation = orientation ?? .upright
    self.profile = profile.whole ?? []
  }

  /// The next marker's second byte; fill bytes and what does not belong there are skipped, as libjpeg does.
  private static func nextMarker(_ reader: inout ByteReader) -> UInt8? {
    while let byte = reader.byte() {
      guard byte == 0xFF else { continue }
      while let code = reader.byte() {
        if code == 0xFF { continue }
        if code == 0 { break }
        return code
      }
    }
    return nil
  }

  /// A profile comes in parts of 64 KiB at most (ICC.1:2010 annex B.4).
  private struct ProfileParts {
    private var parts: [UInt8: ArraySlice<UInt8>] = [:]
    private var count: UInt8 = 0

    mutating func add(_ content: ArraySlice<UInt8>) {
      var rest = content
      guard let number = rest.popFirst(), let count = rest.popFirst() else { return }
      parts[number] = rest
      self.count = count
    }

    /// Nil if a part is missing.
    var whole: [UInt8]? {
      guard count > 0, parts.count == Int(count) else { return nil }
      var whole: [UInt8] = []
      for number in 1...count {
        guard let part = parts[number], whole.count + part.count <= ImageLimits.profileBytes else { return nil }
        whole += part
      }
      return whole
    }
  }
}
