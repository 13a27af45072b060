/// An ICC profile (ICC.1:2010): what turns an image's numbers into colours, and nothing else of it.
///
/// A profile may hold texts, a device's serial number, tags of anybody's own, and bytes that belong to nothing. So it
/// is written anew, of the tags that are about colours.
struct ColourProfile {
  private static let headerBytes = 128
  /// The longest known has some fifty.
  private static let tagsMaximum = 100
  private static let curves = ["rTRC", "gTRC", "bTRC"]
  private static let kept = Set(
    curves + [
      "kTRC", "rXYZ", "gXYZ", "bXYZ", "wtpt", "bkpt", "chad", "cicp", "A2B0", "A2B1", "A2B2", "B2A0", "B2A1", "B2A2",
    ])

  private let header: ArraySlice<UInt8>
  private var tags: [(name: String, content: [UInt8])] = []

  /// The profile without what is not about colours; empty if `bytes` are none about images of so many channels.
  static func cleaned(_ bytes: [UInt8], channels: Int) -> [UInt8] {
    guard fits(bytes, channels: channels), let profile = ColourProfile(bytes) else { return [] }
    return profile.isComplete(channels: channels) ? profile.written : []
  }

  /// Whether a profile is about the colours that an image of so many channels has (section 7.2.6).
  static func fits(_ bytes: [UInt8], channels: Int) -> Bool {
    guard bytes.count >= headerBytes, bytes.count <= ImageLimits.profileBytes else { return false }
    return bytes[16..<20].elementsEqual((channels == 1 ? "GRAY" : "RGB ").utf8)
  }

  /// Nil if it is damaged.
  private init?(_ bytes: [UInt8]) {
    var sizes = ByteReader(bytes[...])
    guard let size = sizes.bigEndian(4), size <= bytes.count else { return nil }
    var reader = ByteReader(bytes[..<size])
    guard let header = reader.take(Self.headerBytes), header[36..<40].elementsEqual("acsp".utf8),
      let count = reader.bigEndian(4), count <= Self.tagsMaximum
    else { return nil }
    self.header = header
    for _ in 0..<count {
      guard let name = reader.take(4), let offset = reader.bigEndian(4), let length = reader.bigEndian(4) else {
        return nil
      }
      let text = String(decoding: name, as: UTF8.self)
      guard Self.kept.contains(text) else { continue }
      var place = ByteReader(bytes[..<size])
      place.seek(offset)
      guard let content = place.take(length) else { return nil }
      if let content = Self.content(content) { tags.append((text, content)) }
    }
  }

  /// Whether it can turn numbers into colours: by curves, of three channels with a matrix, or by a table (section 8.3).
  private func isComplete(channels: Int) -> Bool {
    let names = Set(tags.map(\.name))
    let demanded = channels == 1 ? ["kTRC"] : Self.curves + ["rXYZ", "gXYZ", "bXYZ"]
    return names.contains("A2B0") || names.isSuperset(of: demanded)
  }

  // MARK: - A tag

  /// As long as its type says (section 10); nil of a type that is not about colours, or cut short.
  private static func content(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    var reader = ByteReader(bytes)
    guard let type = reader.take(4), reader.take(4) != nil else { return nil }
    let length: Int?
    switch String(decoding: type, as: UTF8.self) {
    case "XYZ ": length = 20
    case "sf32": length = 44
    case "cicp": length = 12
    case "curv": length = reader.bigEndian(4).map { 12 + 2 * $0 }
    case "para": length = reader.bigEndian(2).flatMap { $0 < 5 ? 12 + 4 * [1, 3, 4, 5, 7][$0] : nil }
    case "mft1": length = table(&reader, bytesPerEntry: 1)
    case "mft2": length = table(&reader, bytesPerEntry: 2)
    // Its parts point at one another.
    case "mAB ", "mBA ": length = bytes.count
    default: length = nil
    }
    var whole = ByteReader(bytes)
    guard let length, var content = whole.take(length).map(Array.init) else { return nil }
    content.replaceSubrange(4..<8, with: [0, 0, 0, 0])
    return content
  }

  /// How long a table is for some channels in and out: a matrix, curves for each of both, and a grid between them.
  private static func table(_ reader: inout ByteReader, bytesPerEntry: Int) -> Int? {
    guard let inputs = reader.bigEndian(1), let outputs = reader.bigEndian(1), let grid = reader.bigEndian(1),
      (1...4).contains(inputs), (1...4).contains(outputs)
    else { return nil }
    var entries = (256, 256)
    if bytesPerEntry == 2 {
      reader.skip(37)
      guard let before = reader.bigEndian(2), let after = reader.bigEndian(2) else { return nil }
      entries = (before, after)
    }
    let points = (0..<inputs).reduce(outputs) { points, _ in points * grid }
    return (bytesPerEntry == 2 ? 52 : 48) + bytesPerEntry * (entries.0 * inputs + points + entries.1 * outputs)
  }

  // MARK: - Writing

  private var written: [UInt8] {
    // Both are demanded of every profile (section 8.2).
    let all = [("desc", text("Colours")), ("cprt", text("None", isCopyright: true))] + tags
    var table = Self.big(all.count)
    var contents: [UInt8] = []
    var places: [[UInt8]: Int] = [:]
    let start = Self.headerBytes + 4 + 12 * all.count
    for (name, content) in all {
      let place = places[content] ?? start + contents.count
      if places[content] == nil {
        places[content] = place
        contents += content + [UInt8](repeating: 0, count: -content.count & 3)
      }
      table += Array(name.utf8) + Self.big(place) + Self.big(content.count)
    }
    return head(size: start + contents.count) + table + contents
  }

  /// Version, class and both colour spaces are the profile's; day, device, maker and what is reserved are nobody's.
  private func head(size: Int) -> [UInt8] {
    let day: [UInt8] = [0x07, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]
    // D50, which every profile is about.
    let illuminant: [UInt8] = [0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D]
    var head = [UInt8](repeating: 0, count: Self.headerBytes)
    head.replaceSubrange(0..<4, with: Self.big(size))
    head.replaceSubrange(8..<10, with: header[8..<10])
    head.replaceSubrange(12..<24, with: header[12..<24])
    head.replaceSubrange(24..<36, with: day)
    head.replaceSubrange(36..<40, with: "acsp".utf8)
    // The rendering intent.
    head[67] = header[67] & 3
    head.replaceSubrange(68..<80, with: illuminant)
    return head
  }

  /// As its version has texts: from 4 on in UTF-16.
  private func text(_ text: String, isCopyright: Bool = false) -> [UInt8] {
    let letters = Array(text.utf8)
    var written: [UInt8] = []
    if header[8] >= 4 {
      written += Array("mluc".utf8) + [0, 0, 0, 0]
      written += Self.big(1) + Self.big(12)
      written += Array("enUS".utf8) + Self.big(2 * letters.count)
      written += Self.big(28)
      for letter in letters { written += [0, letter] }
    } else if isCopyright {
      written += Array("text".utf8) + [0, 0, 0, 0]
      written += letters + [0]
    } else {
      written += Array("desc".utf8) + [0, 0, 0, 0]
      written += Self.big(letters.count + 1) + letters
      // Its end, and no text in other writings.
      written += [UInt8](repeating: 0, count: 79)
    }
    return written
  }

  private static func big(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }
}
