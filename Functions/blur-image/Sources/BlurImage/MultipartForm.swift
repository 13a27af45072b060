/// A form's parts (RFC 7578), read in one go.
package struct MultipartForm: Sendable {
  package struct Part: Sendable, Equatable {
    package var name: String
    package var content: [UInt8]

    package init(name: String, content: [UInt8]) {
      self.name = name
      self.content = content
    }
  }

  /// Bytes of a part's head: a name needs a hundred.
  private static let headMaximum = 8_192

  package private(set) var parts: [Part] = []

  /// The boundary that a `Content-Type` names; nil if it is no form.
  package static func boundary(of contentType: String) -> String? {
    let fields = contentType.split(separator: ";")
    guard let type = fields.first, trimmed(type).lowercased() == "multipart/form-data" else { return nil }
    for field in fields.dropFirst() {
      let pair = field.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, trimmed(pair[0]).lowercased() == "boundary" else { continue }
      let value = trimmed(pair[1])
      let bare =
        value.hasPrefix("\"") && value.hasSuffix("\"") && value.count > 1 ? value.dropFirst().dropLast() : value
      // RFC 2046 section 5.1.1.
      return (1...70).contains(bare.utf8.count) ? String(bare) : nil
    }
    return nil
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let front = text.drop { $0 == " " || $0 == "\t" }
    guard let last = front.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
    return front[...last]
  }

  /// Nil if it does not end as a form does, or has more than `most` parts, or one with a head that is too long.
  package init?(_ bytes: [UInt8], boundary: String, most: Int) {
    let delimiter = Array("--\(boundary)".utf8)
    guard bytes.starts(with: delimiter) else { return nil }
    let between = Array("\r\n--\(boundary)".utf8)
    var position = delimiter.count
    while true {
      let rest = bytes[position...]
      if rest.starts(with: "--".utf8) { return }
      guard rest.starts(with: "\r\n".utf8), parts.count < most else { return nil }
      guard let headEnd = Self.find(Array("\r\n\r\n".utf8), in: bytes, from: position) else { return nil }
      guard headEnd - position <= Self.headMaximum else { return nil }
      let start = headEnd + 4
      guard let end = Self.find(between, in: bytes, from: start - 2), end >= start - 2 else { return nil }
      guard let name = Self.name(bytes[(position + 2)..<max(headEnd, position + 2)]) else { return nil }
      parts.append(Part(name: name, content: end > start ? Array(bytes[start..<end]) : []))
      position = end + between.count
    }
  }

  /// Of `Content-Disposition: form-data; name="…"`.
  private static func name(_ head: ArraySlice<UInt8>) -> String? {
    for line in String(decoding: head, as: UTF8.self).split(whereSeparator: { $0.isNewline }) {
      guard line.lowercased().hasPrefix("content-disposition:") else { continue }
      for field in line.split(separator: ";").dropFirst() {
        let pair = field.split(separator: "=", maxSplits: 1)
        guard pair.count == 2, trimmed(pair[0]).lowercased() == "name" else { continue }
        return String(trimmed(pair[1]).filter { $0 != "\"" })
      }
    }
    return nil
  }

  /// Knuth, Morris and Pratt's way, so that no content makes it slow.
  private static func find(_ needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    var fallback = [0]
    var length = 0
    for index in 1..<needle.count {
      while length > 0 && needle[index] != needle[length] { length = fallback[length - 1] }
      if needle[index] == needle[length] { length += 1 }
      fallback.append(length)
    }
    length = 0
    return bytes.withUnsafeBufferPointer { bytes in
      var index = start
      while index < bytes.count {
        while length > 0 && bytes[index] != needle[length] { length = fallback[length - 1] }
        if bytes[index] == needle[length] { length += 1 }
        if length == needle.count { return index - needle.count + 1 }
        index += 1
      }
      return nil
    }
  }
}
